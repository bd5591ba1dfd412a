import { type Spellings, spellingsOf } from './spellings.ts';

/** A text that the system has left somewhere. */
export interface Trace {
  /** `table dsr-demo-Ledger…`, `log /aws/lambda/…`. */
  place: string;
  text: string;
}

/** A value that stands for personal data, as written and in its normal form, by what it is. */
export type Canaries = Record<string, string[]>;

/** Where which canary stands: `email of the subject: log /aws/lambda/…`. */
export async function find(canaries: Canaries, traces: AsyncIterable<Trace>): Promise<string[]> {
  const wanted = Object.entries(canaries).map(([name, forms]): [string, Spellings] => [
    name,
    spellingsOf(forms),
  ]);
  const found = new Set<string>();
  for await (const { place, text } of traces) {
    const lower = text.toLowerCase();
    for (const [name, { anyCase, exact }] of wanted) {
      const stands =
        anyCase.some((form) => lower.includes(form)) || exact.some((form) => text.includes(form));
      if (stands) found.add(`${name}: ${place}`);
    }
  }
  return [...found].sort();
}
