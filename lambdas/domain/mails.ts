import type { SourceAnswer } from './source-answer.ts';
import { spaced } from './spaced.ts';
import { type LineName, turnName } from './turn.ts';
import type { Role } from './wait.ts';

/** A mail in words. It names requests by id only: neither subject nor text points at a person. */
export interface Mail {
  subject: string;
  text: string;
}

/** Paragraphs; an empty one is none. */
export const letter = (...paragraphs: string[]): string =>
  `${paragraphs.filter(Boolean).join('\n\n')}\n`;
export const list = (entries: string[]): string =>
  entries.map((entry) => `  - ${entry}`).join('\n');

const STOPPED: Record<LineName, { what: string; turns: string }> = {
  cycles: { what: 'Refresh cycles have stopped', turns: 'refresh cycles' },
  verification: { what: 'The sources are not asked any more', turns: 'passes of verification' },
  gatherings: { what: 'Exports are not gathered any more', turns: 'gatherings of exports' },
};

/** To the operator: turns of a line died one after the other, the last of them its `n`th. */
export const lineStuckMail = (line: LineName, n: number): Mail => ({
  subject: STOPPED[line].what,
  text: letter(
    `Three ${STOPPED[line].turns} in a row died; the last was ${turnName(line, n)}. The next one does not start before somebody has looked, and every request that needs it waits. The legal clock keeps running.`,
    `How the lines stand:\n  dsr lines\nWhat the last one met:\n  dsr show ${turnName(line, n)}   (may show personal data)`,
    `After the repair:\n  dsr resume ${line}`,
  ),
});

/** What a source said of one request that is not "gone". */
export interface NotGone {
  requestId: string;
  answer: SourceAnswer['answer'];
  detail?: string | undefined;
}

const notGoneWords = ({ requestId, answer, detail }: NotGone): string =>
  `${requestId} (${spaced(answer)}${detail ? `: ${answer === 'cannotTell' ? detail : spaced(detail)}` : ''})`;

/** To a source's owner: people who asked to be erased are still there, or may be. */
export const stillHeldMail = (source: string, requests: NotGone[]): Mail => ({
  subject: `[${source}] ${requests.length} erasure ${requests.length === 1 ? 'request waits' : 'requests wait'} for you`,
  text: letter(
    `The source "${source}" was asked whether it still holds the people of these requests, and it did not say that they are gone:`,
    list(requests.map(notGoneWords)),
    'Please delete each of them in the source. Look a person up with:',
    '  dsr show <request id>',
    said(requests, 'unreachable')
      ? 'Unreachable: the source could not be asked. Nobody counts as gone before it can be.'
      : '',
    said(requests, 'cannotTell')
      ? 'Cannot tell: the source has no way to search for that. Once you have looked yourself, and the person is gone from all of it, confirm it, as soon as no other source holds the person:\n  dsr decide <request id> confirmDeleted --as sourceOwner'
      : '',
    `The source is asked again by itself; nothing ${said(requests, 'cannotTell') ? 'else ' : ''}needs to be confirmed here.`,
  ),
});

const said = (requests: NotGone[], what: NotGone['answer']): boolean =>
  requests.some(({ answer }) => answer === what);

const PEOPLE_LISTED = 50;

/** To the tenant admin: people who were erased stand in a source again. */
export const resurrectedMail = (
  people: { waitId: string; owner: string }[],
  { reminds }: { reminds: boolean },
): Mail => ({
  subject: `${reminds ? 'Still waiting: ' : ''}${people.length} erased ${people.length === 1 ? 'person' : 'people'} came back`,
  text: letter(
    'A refresh met rows of people who were erased by these requests. A restored backup or a late feed may have brought them back, or they signed up anew:',
    list([
      ...people.slice(0, PEOPLE_LISTED).map(({ waitId }) => waitId),
      ...(people.length > PEOPLE_LISTED ? [`and ${people.length - PEOPLE_LISTED} more`] : []),
    ]),
    'Which sources brought them, and all whom it concerns:\n  dsr sources\n  dsr suppressed',
    'Decide for each. Brought back by mistake: have the source delete the person again; their rows stay out.\n  dsr decide <id> keepOut --as tenantAdmin\nSigned up anew: from the next refresh on, their rows are let in, except from a source that keeps them by law.\n  dsr decide <id> signedUpAnew --as tenantAdmin',
  ),
});

/** Words first, then what they are about. */
const inDetail = ([words, ...about]: string[] = []): string[] =>
  words === undefined ? [] : [`${words}\n${list(about)}`];

const decideWith = (waitId: string, role: Role): string =>
  `Decide with:\n  dsr decide ${waitId} <option> --as ${role} --reason "…"`;

/** To the operator: a request was started again and again, and stopped without getting further. */
export const requestStoppedMail = (requestId: string): Mail => ({
  subject: `Request ${requestId} has stopped`,
  text: letter(
    `The request ${requestId} was started again three times, and stopped each time without getting further. It does not go on before somebody has looked. The legal clock keeps running.`,
    `Where it stands:\n  dsr status ${requestId}\nWhat it met:\n  dsr show ${requestId}   (shows personal data)`,
    `After the repair:\n  dsr resume ${requestId}`,
  ),
});

/** A wait on a decision. */
interface Asked {
  waitId: string;
  owner: string;
  reasonCode: string;
  options: string[];
  details?: string[];
  deadline?: string;
  /** Else somebody else is asked then. */
  expires?: boolean;
}

/** To whoever has to decide: what a request waits for, and how to answer. */
export const decisionMail = (wait: Asked, role: Role): Mail => ({
  subject: `Request ${wait.owner} waits for your decision`,
  text: letter(
    `The request ${wait.owner} cannot go on by itself: ${spaced(wait.reasonCode)}.`,
    ...inDetail(wait.details),
    `What you may decide:\n${list(wait.options)}`,
    decideWith(wait.waitId, role),
    `What is known of the request:\n  dsr status ${wait.owner}\n  dsr show ${wait.owner}   (shows personal data)`,
    withoutAnswer(wait, role),
  ),
});

function withoutAnswer({ options, deadline, expires }: Asked, role: Role): string {
  if (!deadline || (!expires && role === 'operator')) return '';
  const then = expires ? `it goes on with: ${options[0]}` : 'the next one up is asked';
  return `Without an answer by ${deadline}, ${then}.`;
}

/** To the tenant admin: a request was put on hold, or still is. */
export const holdMail = (
  wait: { owner: string; reasonCode: string; since: string },
  isNews: boolean,
): Mail => ({
  subject: `Request ${wait.owner} is ${isNews ? '' : 'still '}on legal hold`,
  text: letter(
    `The request ${wait.owner} is on legal hold since ${wait.since}: ${spaced(wait.reasonCode)}. Nothing is erased on its behalf, and the clean-up keeps what holds the person. The legal clock keeps running.`,
    `When the reason is gone:\n  dsr release ${wait.owner}`,
    `What is known of the request:\n  dsr status ${wait.owner}`,
  ),
});

/** To the role that a wait was passed up to, or once more to the same one. */
export const reminderMail = (wait: Asked, role: Role): Mail => ({
  subject: `Still waiting: ${wait.owner}`,
  text: letter(
    `${wait.waitId} still waits (${spaced(wait.reasonCode)}); it is now with you as ${spaced(role)}. What it is about:\n  dsr status ${wait.owner}\nThe legal clock keeps running.`,
    ...inDetail(wait.details),
    wait.options.length > 0
      ? `What you may decide:\n${list(wait.options)}\n\n${decideWith(wait.waitId, role)}`
      : 'It goes on by itself as soon as the source says that the person is gone.',
    withoutAnswer(wait, role),
  ),
});

/** To the support contact: a refresh needs somebody to change something. */
export const sourceWarningMail = (
  source: string,
  cycleId: string,
  status: string,
  cause: string,
): Mail => ({
  subject: `[${source}] refresh ${status === 'heldForLoss' ? 'held: it would lose most rows' : 'failed for good'}`,
  text: letter(
    `In ${cycleId}, the source "${source}" came to the status “${spaced(status)}”: ${cause}`,
    'The data ingested before stays active. Requests that need this source wait for a decision, which a refresh alone does not give.',
    `What waits, and what may be decided:\n  dsr decide ${source}\nAfter the repair, if nothing waits:\n  dsr refresh ${source}`,
    `Or answer this mail with one word in the first line: retry. It decides about no request: that is for the ${status === 'heldForLoss' ? 'tenant admin' : 'operator'}, who was asked about each request that waits.`,
  ),
});

/** To the support contact: the downstream refresh stopped, and nothing was published. */
export const buildFailedMail = (
  cycleId: string,
  failed: { kind: string; name: string; cause?: string }[],
): Mail => ({
  subject: `[${cycleId}] the downstream refresh failed`,
  text: letter(
    `In ${cycleId} these could not be built, so the snapshot before it stays active:`,
    list(
      failed.map(({ kind, name, cause }) => `${kind} ${name}: ${cause ?? 'no cause was given'}`),
    ),
    'Requests that this cycle carried wait, each for a decision of its own:\n  dsr list --open\nAfter the repair, if none waits:\n  dsr refresh',
    'Or answer this mail with one word in the first line: retry. It decides about no request: that is for the operator, who was asked about each that waits.',
  ),
});

/** To the tenant admin: how a request ended, and the secret that opens its commitment. */
export const closedMail = (
  requestId: string,
  outcome: string,
  proofSecret?: string,
  /** The erasure of the same person, if it ended this. */
  erasedBy?: string,
): Mail => ({
  subject: `Request ${requestId}: ${spaced(outcome)}`,
  text: letter(
    `The request ${requestId} has ended: ${spaced(outcome)}.`,
    erasedBy
      ? `The person was erased, by request ${erasedBy}: what had been packed of them was deleted before it was collected.`
      : '',
    `Its certificate:\n  dsr certificate ${requestId}`,
    proofSecret
      ? `The certificate names the person only by commitments. Whoever knows one of the identities and this secret can check that it is about them (dsr evidence, dsr verify). It is not kept here: give it to the person, and keep it as safe as the identities:\n  ${proofSecret}`
      : '',
  ),
});
