import type { Certificate } from '../../lambdas/domain/certificate.ts';
import type { TableRows } from '../../lambdas/domain/cycle-result.ts';
import { spaced } from '../../lambdas/domain/spaced.ts';
import { byteSize, counted } from '../words.ts';

/** What stands on the one page of a certificate; HTML and PDF draw the same. */
export interface Sheet {
  title: string;
  outcome: string;
  /** What the outcome means, in a sentence. */
  says: string;
  /** Whether everything was erased. */
  good: boolean;
  facts: [name: string, value: string][];
  sections: Section[];
  verification: { code: string; words: string[] };
}

export type Section =
  | { heading: string; text: string }
  | { heading: string; head: Column[]; rows: string[][]; more?: string };

interface Column {
  name: string;
  /** Of the whole width, on paper. */
  share: number;
}

/** A sheet holds so many; the rest is counted. */
const MOST = 8;
/** Recipients take the room of some of them. */
const MOST_BESIDE_RECIPIENTS = 5;
const RECIPIENTS = 3;
const LISTED = 3;
const LETTERS = 80;
const IN_A_CELL = 44;

const OUTCOMES: Record<string, string> = {
  erased:
    'The person was proven absent from everything that the active snapshot declares. What inactive copies still hold is listed with the day on which it goes.',
  nothingHeld:
    'Nothing of the person was found to begin with, and every table of the active snapshot was scanned to prove it.',
  partlyErased:
    'Somebody gave up on a part, which is named below; absence is not proven of that part.',
  delivered:
    'Everything that was held of the person was handed to the registered tenant admin, after a code typed by a person, and then deleted here.',
  expired:
    'Nobody confirmed the export, or collected its package, in time. Nothing was handed over.',
  refused: 'The request was refused. What was done before that is listed below.',
  cancelled: 'The request was cancelled. What was done before that is listed below.',
};

/**
 * @param digest SHA-256 of the signed certificate
 * @param residueGoneAt when all that it names as residue was found to be gone; absent: not yet
 */
export function sheetOf(certificate: Certificate, digest: string, residueGoneAt?: string): Sheet {
  const { outcome, requestId } = certificate;
  return {
    title: `Certificate of ${certificate.kind}`,
    outcome: spaced(outcome),
    says: OUTCOMES[outcome] ?? '',
    good: ['erased', 'nothingHeld', 'delivered'].includes(outcome),
    facts: factsOf(certificate),
    sections:
      certificate.kind === 'erasure'
        ? [
            sourcesOf(certificate),
            proofOf(certificate),
            residueOf(certificate),
            ...keptOf(certificate, residueGoneAt),
            ...exceptionsOf(certificate),
            ...recipientsOf(certificate),
          ]
        : [packageOf(certificate)],
    verification: {
      code: `dsr:certificate:${requestId}:${digest}`,
      words: [
        `npx dsr evidence ${requestId} --out bundle.json`,
        'npx dsr verify bundle.json',
        `SHA-256 of the signed certificate: ${digest}`,
        `Its place in the ledger: after entry ${certificate.ledger.seq} of ${certificate.ledger.chain}`,
        `whose hash is ${certificate.ledger.hash}`,
      ],
    },
  };
}

function factsOf(certificate: Certificate): Sheet['facts'] {
  const { closedBy, dueOn, identities, inTime, packagesPurged, refresh, subjectCommitments } =
    certificate;
  const types = Object.entries({ ...identities.unique, ...identities.shared });
  return [
    ['Request', certificate.requestId],
    ['Platform', certificate.platform],
    ['Asked for', certificate.kind],
    ['Received', moment(certificate.receivedAt)],
    ['Certified', moment(certificate.certifiedAt)],
    ['Legal deadline', `${dueOn} (${certificate.timeZone}): ${inTime ? 'kept' : 'not kept'}`],
    ['Rounds', String(certificate.rounds)],
    [
      'Person',
      `${counted(subjectCommitments.length, 'identity', 'identities')}, each by a commitment only${types.length > 0 ? ` (${types.map(([type]) => type).join(', ')})` : ''}`,
    ],
    ...(refresh ? [['Refreshed by', cycleWords(refresh)] as [string, string]] : []),
    ...(packagesPurged === undefined
      ? []
      : [['Packages of exports', `${packagesPurged} deleted`] as [string, string]]),
    ...(closedBy
      ? [
          ['Closed as', shortened(`${spaced(closedBy.option)} by ${closedBy.by}`)] as [
            string,
            string,
          ],
        ]
      : []),
  ];
}

function packageOf({ delivered }: Certificate): Section {
  const heading = 'What was handed over';
  if (!delivered) return { heading, text: 'Nothing was handed over.' };
  const { at, bytes, rows, sha256, tables } = delivered;
  return {
    heading,
    text: `A package of ${counted(rows, 'row')} from ${counted(tables, 'table')} (${byteSize(bytes)}), collected ${moment(at)}. SHA-256 of the package: ${sha256}`,
  };
}

type Certified = NonNullable<Certificate['proof']>;

const cycleWords = ({ cycleId, publishedAt }: NonNullable<Certificate['refresh']>) =>
  publishedAt ? `${cycleId}, published ${moment(publishedAt)}` : cycleId;

function sourcesOf(certificate: Certificate): Section {
  const { verification, refresh } = certificate;
  const refreshed = new Map(refresh?.sources.map((each) => [each.source, each]));
  const names = [...new Set([...Object.keys(verification), ...refreshed.keys()])];
  const rows = names.map((source) => {
    const { answer, goneSince, asks } = verification[source] ?? {};
    const { status, at } = refreshed.get(source) ?? {};
    return [
      source,
      answer ? spaced(answer) : 'not asked',
      goneSince ? minute(goneSince) : '',
      asks === undefined ? '' : String(asks),
      [status ? spaced(status) : 'not refreshed', at ? minute(at) : ''].join(' ').trim(),
    ];
  });
  const heading = 'What the sources said, and when they were read again';
  if (rows.length === 0) return { heading, text: 'No source was asked.' };
  const head = columns({
    Source: 0.29,
    Answer: 0.13,
    'Gone since (UTC)': 0.18,
    Asked: 0.08,
    'Refreshed (UTC)': 0.32,
  });
  return { heading, head, ...cut(rows, mostOf(certificate)) };
}

function proofOf({ proof }: Certificate): Section {
  const heading = 'Proof';
  if (!proof) return { heading, text: 'Nothing was scanned.' };
  const depth =
    proof.depth === 'deep' ? 'every column as text' : 'the columns declared to hold identities';
  const found = [
    ...proof.found.map(tableWords),
    ...proof.foundUndeclared.map((place) => `${tableWords(place)}, column ${place.column}`),
  ];
  const shared = proof.sharedWithOthers.reduce((sum, { rows }) => sum + rows, 0);
  return {
    heading,
    text: [
      `${counted(proof.tables, 'table')} with ${counted(proof.rows, 'row')} and ${byteSize(proof.bytes)} were scanned, ${depth}.`,
      `Found: ${found.length === 0 ? 'nothing' : listed(found)}.`,
      ...(shared > 0
        ? [`${counted(shared, 'row')} with a value that is other people’s too stayed.`]
        : []),
      ...(proof.unsearched.length > 0
        ? [`Not looked through: ${listed(proof.unsearched.map(columnWords))}.`]
        : []),
    ].join(' '),
  };
}

const columnWords = ({ kind, name, column }: Certified['unsearched'][number]) =>
  `${kind} ${name}, column ${column}`;

const tableWords = ({ kind, name, rows }: TableRows) => `${kind} ${name} (${counted(rows, 'row')})`;

function residueOf(certificate: Certificate): Section {
  const { residue } = certificate;
  const heading = 'What inactive copies still hold';
  if (residue.length === 0) return { heading, text: 'Nothing.' };
  const rows = residue.map((place) => [
    `${place.kind} ${place.name}`,
    String(place.copies),
    place.cannotBeRead ? 'cannot be read' : place.rows.toLocaleString('en'),
    minute(place.inactiveSince),
    `${place.deletedBy}${place.afterDeadline ? ', after the deadline' : ''}`,
  ]);
  const head = columns({
    Table: 0.32,
    Copies: 0.09,
    Rows: 0.14,
    'Inactive since (UTC)': 0.19,
    'Deleted by': 0.26,
  });
  return { heading, head, ...cut(rows, mostOf(certificate)) };
}

/** What happened since, or is kept all the same. */
function keptOf({ recognisedUntil }: Certificate, residueGoneAt?: string): Section[] {
  return [
    ...(residueGoneAt
      ? [
          {
            heading: 'What became of it',
            text: `All of it is gone since ${moment(residueGoneAt)}: every version was listed, and none was left.`,
          },
        ]
      : []),
    ...(recognisedUntil
      ? [
          {
            heading: 'Kept so that nothing brings the person back',
            text: `Keyed hashes of the identities, until ${recognisedUntil}.`,
          },
        ]
      : []),
  ];
}

function exceptionsOf({ exceptions, gaveUpOn }: Certificate): Section[] {
  const kept = exceptions.map(({ source, basis, until }) => `${source}: ${basis}, until ${until}`);
  return [
    {
      heading: 'Exceptions that the law demands',
      text: kept.length === 0 ? 'None.' : `${listed(kept)}.`,
    },
    ...(gaveUpOn.length > 0
      ? [{ heading: 'Given up on, by decision', text: `${listed(gaveUpOn)}.` }]
      : []),
  ];
}

/** Art. 19 GDPR: who was told, and what they said. */
function recipientsOf({ recipients = [] }: Certificate): Section[] {
  if (recipients.length === 0) return [];
  const rows = recipients.map(({ title, toldAt, acknowledgedAt, undeliverable }) => [
    shortened(title, IN_A_CELL),
    toldAt ? minute(toldAt) : 'no mail left',
    acknowledgedAt
      ? minute(acknowledgedAt)
      : `not acknowledged${undeliverable ? ', the mail came back' : ''}`,
  ]);
  const head = columns({ Recipient: 0.48, 'Told on (UTC)': 0.2, 'Acknowledged (UTC)': 0.32 });
  return [{ heading: 'Recipients who were told (GDPR Art. 19)', head, ...cut(rows, RECIPIENTS) }];
}

const mostOf = ({ recipients = [] }: Certificate): number =>
  recipients.length > 0 ? MOST_BESIDE_RECIPIENTS : MOST;

function cut(rows: string[][], most: number): { rows: string[][]; more?: string } {
  if (rows.length <= most) return { rows };
  const more = `and ${rows.length - most + 1} more, in the signed JSON`;
  return { rows: rows.slice(0, most - 1), more };
}

const columns = (shares: Record<string, number>): Column[] =>
  Object.entries(shares).map(([name, share]) => ({ name, share }));

const shortened = (text: string, letters = LETTERS): string =>
  text.length <= letters ? text : `${text.slice(0, letters - 1)}…`;

const listed = (names: string[]): string =>
  names.length <= LISTED
    ? names.map((name) => shortened(name)).join('; ')
    : `${names
        .slice(0, LISTED)
        .map((name) => shortened(name))
        .join('; ')}; and ${names.length - LISTED} more, in the signed JSON`;

/** On paper, nobody knows the reader's zone: `2026-11-02 09:42 UTC`. */
const moment = (at: string): string => `${minute(at)} UTC`;
const minute = (at: string): string => new Date(at).toISOString().slice(0, 16).replace('T', ' ');
