/** The lines whose turns erasures meet. Gatherings stand in a line like that of cycles, and meet nobody. */
export const LINE_NAMES = ['cycles', 'verification'] as const;
export type LineName = (typeof LINE_NAMES)[number];
