/** `boundReached` → `bound reached`: codes as people read them. */
export const spaced = (code: string): string =>
  code
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/[_-]/g, ' ')
    .toLowerCase();
