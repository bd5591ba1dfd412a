import type { PreviewReport } from '../../lambdas/domain/desk.ts';
import type { RequestStatusReport } from '../../lambdas/domain/desk-reports.ts';
import { inCrm } from './crm.ts';
import { departing } from './demo-data/demo-people.ts';
import type { Person } from './demo-data/person.ts';
import type { Holdings } from './holdings.ts';
import { until } from './patience.ts';
import type { RunningPlatform } from './running-platform.ts';
import { SetUpFailure } from './set-up-failure.ts';

/** The next demo customer whom the CRM still has; undefined when all are gone. */
export async function nextToDepart({ server }: RunningPlatform): Promise<Person | undefined> {
  const { rows } = await inCrm(server, (client) =>
    client.query('SELECT customer_id FROM customers WHERE customer_id = ANY($1)', [
      departing.map(({ customerId }) => customerId),
    ]),
  );
  const held = new Set(rows.map(({ customer_id: id }) => id));
  return departing.find(({ customerId }) => held.has(customerId));
}

/** How the customer writes who they are: two of the identities that the system knows. */
const identitiesOf = ({ customerId = '', email = '' }: Person) => [
  { type: 'customer_id', value: customerId },
  { type: 'email', value: email },
];

export async function holdingsOf({ desk }: RunningPlatform, person: Person): Promise<Holdings> {
  const report: PreviewReport = await desk.preview({ identities: identitiesOf(person) });
  if (report.outcome === 'found') return report;
  throw new SetUpFailure(report.problems.join('\n'), 'Begin anew with: npm start -- --fresh');
}

/** A request for this person; the one of an interrupted run, if that is still open. */
export async function requestErasure({ desk }: RunningPlatform, person: Person): Promise<string> {
  const opened = await desk.open({ identities: identitiesOf(person), by: 'npm-start' });
  if (opened.outcome !== 'invalid') return opened.requestId;
  throw new SetUpFailure(opened.problems.join('\n'), 'Begin anew with: npm start -- --fresh');
}

/** Until the request waits because the CRM still holds the person. */
export const untilCrmIsWaitedFor = (platform: RunningPlatform, requestId: string) =>
  until('the request waits for the CRM', async () => {
    const report = await statusOf(platform, requestId);
    const { crm, ...others } = report.verification;
    const othersLetGo = Object.values(others).every(({ answer }) => answer === 'gone');
    return crm?.answer === 'stillHeld' && othersLetGo ? report : undefined;
  });

/** Until recipients are told, or the request is closed because none had to be. */
export const untilRecipientsAreTold = (
  platform: RunningPlatform,
  requestId: string,
  tell: (words: string) => void,
) =>
  until('the recipients were told', async () => {
    const report = await statusOf(platform, requestId);
    tell(inWords(report));
    const isTold = report.waits.some(({ kind }) => kind === 'acknowledgement');
    return isTold || report.request.status === 'closed' ? report : undefined;
  });

/** Until the request is closed. `tell` gets a line about where it stands. */
export const untilClosed = (
  platform: RunningPlatform,
  requestId: string,
  tell: (words: string) => void,
) =>
  until('the request was closed', async () => {
    const report = await statusOf(platform, requestId);
    tell(inWords(report));
    return report.request.status === 'closed' ? report : undefined;
  });

async function statusOf({ desk }: RunningPlatform, requestId: string) {
  const report = await desk.status(requestId);
  const asked = report?.waits.find(({ role }) => role === 'operator' || role === 'tenantAdmin');
  if (report && !asked) return report;
  throw new SetUpFailure(
    `The request ${requestId} waits for the ${asked?.role} (${asked?.reasonCode}).`,
    `See why: npm run dsr -- show ${requestId}`,
  );
}

function inWords({ cycle, verification, waits }: RequestStatusReport): string {
  if (cycle) return `refresh cycle ${cycle.cycleId}: ${cycle.phase}`;
  const holding = Object.entries(verification).filter(([, { answer }]) => answer !== 'gone');
  if (waits.some(({ kind }) => kind === 'sourcesLetGo'))
    return holding
      .map(([source, { answer }]) => `${source}: ${answer ?? 'not asked yet'}`)
      .join(', ');
  return waits[0]?.kind ?? 'on its way';
}
