import type { RequestStatusReport } from '../../lambdas/domain/desk-reports.ts';
import type { Person } from './demo-data/person.ts';
import {
  holdingsOf,
  requestErasure,
  untilClosed,
  untilCrmIsWaitedFor,
  untilRecipientsAreTold,
} from './erasure-story.ts';
import { mailAbout, typeCode } from './export-story.ts';
import { countHoldings, type Holdings, isGone, renderBeforeAndAfter } from './holdings.ts';
import { codeIn, pageIn } from './loop-pages.ts';
import { step } from './progress.ts';
import type { RunningPlatform } from './running-platform.ts';

export interface Demonstration {
  requestId: string;
  isProven: boolean;
  /** Before and after, side by side. */
  proof: string;
}

/** Erases one demo customer, whom the CRM still holds at first. */
export async function demonstrateErasure(
  platform: RunningPlatform,
  person: Person,
  mailboxUrl: string,
): Promise<Demonstration> {
  const { owners, demo } = platform;
  const name = person.customerId;
  const before = await step(`Look where customer ${name} stands`, async ({ title }) => {
    const found = await holdingsOf(platform, person);
    title(`Customer ${name} stands in ${inWords(found)}`);
    return found;
  });
  await step('The shop, the web team and the loyalty team delete their rows', async () => {
    await owners.shopDeletes(person);
    await owners.webTeamDeletes(person);
    await owners.loyaltyTeamDeletes(person);
  });
  const requestId = await step('Ask for the erasure', async ({ title }) => {
    const id = await requestErasure(platform, person);
    title(`Request ${id} is open`);
    return id;
  });
  await step('Wait for the sources', async ({ title }) => {
    const { verification } = await untilCrmIsWaitedFor(platform, requestId);
    title(`The request waits: the CRM still holds ${verification.crm?.detail ?? 'the person'}`);
  });
  await step('The CRM clerk deletes the row', () => owners.crmClerkDeletes(person));
  const told = await step('The flow goes on by itself', async ({ title, say }) => {
    const report = await untilRecipientsAreTold(platform, requestId, say);
    const names = recipientsIn(report);
    title(`The flow went on by itself${byCycle(report)}: ${names.length} recipients are told`);
    return names;
  });
  for (const name of told) {
    const { title: who = name, email = '' } = demo.platform.recipients[name] ?? {};
    await step(`${who}: erases, and types the code`, async () => {
      const { text } = await mailAbout(mailboxUrl, /\/acknowledge\//, requestId, email);
      await typeCode(pageIn(text), { code: codeIn(text) });
    });
  }
  const { request } = await step('It is certified', async ({ title, say }) => {
    const report = await untilClosed(platform, requestId, say);
    title(`It is certified, and closed as ${report.request.outcome}`);
    return report;
  });
  const after = await step('Look again', async ({ title }) => {
    const found = await holdingsOf(platform, person);
    title(`Customer ${name} stands in ${inWords(found)}`);
    return found;
  });
  return {
    requestId,
    isProven: request.outcome === 'erased' && isGone(after),
    proof: renderBeforeAndAfter(before, after),
  };
}

function inWords(holdings: Holdings): string {
  const { sources, tables } = countHoldings(holdings);
  return `${sources || 'no'} sources and ${tables || 'no'} tables`;
}

const recipientsIn = ({ waits }: RequestStatusReport) =>
  waits.flatMap(({ recipient }) => recipient ?? []);

const byCycle = ({ cycle }: RequestStatusReport) => (cycle ? `, by cycle ${cycle.cycleId}` : '');
