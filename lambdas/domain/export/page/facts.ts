import type { Disclosure, Facts } from '../../disclosure.ts';
import { html, type Safe } from '../../markup.ts';

const HEADINGS: Record<keyof Facts, string> = {
  purposes: 'Why your data is used',
  categories: 'What kinds of data there are',
  recipients: 'Who receives it',
  retention: 'How long it is kept',
  origin: 'Where it comes from',
};

/** What Art. 15(1) wants told, in words, before any row. */
export const factsSection = (facts: Omit<Disclosure, 'users'>): Safe => html`<section>
<h2 id="facts">About your data</h2>
<p>${facts.controller} answers for your data.</p>
<div class="facts">
${eachFact(facts)}${
  facts.automatedDecisions
    ? html`<div><h3>Decisions made by machines</h3><p>${facts.automatedDecisions}</p></div>\n`
    : []
}${
  facts.transfers
    ? html`<div><h3>Transfers to other countries</h3><p>${facts.transfers}</p></div>\n`
    : []
}<div><h3>Your rights</h3><p>You may ask that your data be corrected or erased, or its use be restricted, and you may object to its use. You may also complain to ${facts.supervisoryAuthority}.</p></div>
</div>
</section>
`;

/** Where one table differs from what is said of all. */
export function differs(facts: Facts): Safe[] {
  if (Object.keys(facts).length === 0) return [];
  const lines = entriesOf(facts).map(
    ([fact, value]) =>
      html`<p><strong>${HEADINGS[fact]}:</strong> ${[value].flat().join(' ')}</p>\n`,
  );
  return [html`<div class="differs">\n${lines}</div>\n`];
}

const eachFact = (facts: Facts): Safe[] =>
  entriesOf(facts).map(([fact, value]) =>
    Array.isArray(value)
      ? html`<div><h3>${HEADINGS[fact]}</h3><ul>${value.map((one) => html`<li>${one}</li>`)}</ul></div>\n`
      : html`<div><h3>${HEADINGS[fact]}</h3><p>${value}</p></div>\n`,
  );

const entriesOf = (facts: Facts): [keyof Facts, string | string[]][] =>
  (Object.keys(HEADINGS) as (keyof Facts)[]).flatMap((fact) => {
    const value = facts[fact];
    return value === undefined ? [] : [[fact, value] as [keyof Facts, string | string[]]];
  });
