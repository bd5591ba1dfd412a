import { html, raw } from 'hono/html';

/** Drawn, because not every device has a letter for each. */
const DRAWN = {
  done: 'M5 12.5l4.5 4.5L19 7.5',
  denied: 'M6.5 6.5l11 11M17.5 6.5l-11 11',
  down: 'M12 4v12M6.5 11l5.5 5.5L17.5 11M5 20h14',
  late: 'M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18M12 7.5V12l3 2',
  locked: 'M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3M12 14.5v2',
  unknown:
    'M9 9.2a3 3 0 1 1 4.3 2.7c-.9.5-1.3 1-1.3 2.1M12 17.4v.2M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18',
  wrong: 'M12 7.5v6M12 16.8v.2M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18',
};
export type Mark = keyof typeof DRAWN;

const KIND: Partial<Record<Mark, string>> = {
  done: 'good',
  down: 'good',
  denied: 'no',
  locked: 'no',
  wrong: 'no',
};

/** The heading below says the same in words. */
export const markOf = (mark: Mark) =>
  html`<svg class="mark ${KIND[mark] ?? ''}" viewBox="0 0 24 24" width="36" height="36" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false"><path d="${raw(DRAWN[mark])}"/></svg>`;
