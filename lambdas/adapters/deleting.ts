import type { Copy } from '../domain/clean-up.ts';
import type { Deleting } from '../domain/refresh.ts';
import { findPartition } from './catalog.ts';
import { configuration } from './configuration.ts';
import { findCycle } from './cycles.ts';
import { getRow, type Write } from './dynamo.ts';

/*
 * What is deleted has a row: a partition its own, what a cycle built the cycle's. The row is marked
 * before the first object goes, and forgets only when nothing is left.
 */
const table = () => configuration().catalogTable;

/** The row behind a copy; `undefined`: the catalog never knew it. */
function rowOf(copy: string): { pk: string; sk: string } | undefined {
  const [kind, name = '', id = ''] = copy.split(' ');
  if (kind === 'source') return { pk: 'PARTITION', sk: `${name}#${id}` };
  return kind === 'snapshot' ? { pk: 'CYCLE', sk: name } : undefined;
}

const check = (
  key: { pk: string; sk: string },
  condition: string,
  values?: Record<string, unknown>,
): Write => ({
  ConditionCheck: {
    TableName: table(),
    Key: key,
    ConditionExpression: condition,
    ...(values && { ExpressionAttributeValues: values }),
  },
});

/** Refuses a write when the pointer has moved since it was read. */
export const pointerStill = (snapshotId: string): Write =>
  check({ pk: 'POINTER', sk: 'ACTIVE' }, 'snapshotId = :seen', { ':seen': snapshotId });

/** Refuses a write while that cycle has its turn: it alone may publish what it built. */
export const notItsTurn = (cycleId: string): Write =>
  check({ pk: 'LOCK', sk: 'CYCLE' }, 'attribute_not_exists(holder) OR holder <> :cycle', {
    ':cycle': cycleId,
  });

/** Marks a copy as being deleted; of what no row knows, it is the condition that there still is none. */
export function markedDeleting({ copy, prefix }: Copy, deleting: Deleting): Write[] {
  const key = rowOf(copy);
  if (!key) return notKnown(prefix);
  const condition =
    key.pk === 'CYCLE'
      ? 'attribute_exists(endedAt) AND attribute_not_exists(emptiedAt)'
      : 'attribute_exists(pk)';
  return [
    {
      Update: {
        TableName: table(),
        Key: key,
        UpdateExpression: 'SET deleting = :deleting',
        ConditionExpression: condition,
        ExpressionAttributeValues: { ':deleting': deleting },
      },
    },
  ];
}

function notKnown(prefix: string): Write[] {
  const [folder, name = '', id] = prefix.split('/');
  if (folder === 'partitions' && id)
    return [check({ pk: 'PARTITION', sk: `${name}#${id}` }, 'attribute_not_exists(pk)')];
  if (folder === 'snapshots' && name)
    return [
      check({ pk: 'CYCLE', sk: name }, 'attribute_not_exists(pk) OR attribute_exists(endedAt)'),
      check(
        { pk: 'SNAPSHOT', sk: name },
        'attribute_not_exists(pk) OR attribute_exists(emptiedAt)',
      ),
    ];
  return [];
}

/** Takes the mark away: somebody holds it. */
export function unmarked({ copy }: Copy): Write[] {
  const key = rowOf(copy);
  return key
    ? [
        {
          Update: {
            TableName: table(),
            Key: key,
            UpdateExpression: 'REMOVE deleting',
            ConditionExpression: 'attribute_exists(deleting)',
          },
        },
      ]
    : [];
}

/**
 * Forgets a copy of which no version is left. A snapshot's own row stays, without its tables, until
 * nothing follows from it any more.
 */
export function forgotten({ copy, why }: Copy, at: string): Write[] {
  const key = rowOf(copy);
  if (!key) return [];
  if (key.pk === 'PARTITION')
    return [
      {
        Delete: {
          TableName: table(),
          Key: key,
          ConditionExpression: 'attribute_exists(deleting)',
        },
      },
    ];
  const emptied: Write = {
    Update: {
      TableName: table(),
      Key: key,
      UpdateExpression: 'SET emptiedAt = :at REMOVE deleting',
      ConditionExpression: 'attribute_exists(deleting)',
      ExpressionAttributeValues: { ':at': at },
    },
  };
  return why === 'superseded' ? [emptied, withoutTables(key.sk, at)] : [emptied];
}

const withoutTables = (snapshotId: string, at: string): Write => ({
  Update: {
    TableName: table(),
    Key: { pk: 'SNAPSHOT', sk: snapshotId },
    // "Segments" is a word of DynamoDB's own.
    UpdateExpression: 'SET emptiedAt = :at, #models = :none, #segments = :none',
    ExpressionAttributeNames: { '#models': 'models', '#segments': 'segments' },
    ConditionExpression: 'attribute_exists(supersededAt)',
    ExpressionAttributeValues: { ':at': at, ':none': {} },
  },
});

/** `gone`: every version of it was found deleted, or it never was. */
export type Standing = 'there' | 'deleting' | 'gone';

export async function standingOf(copy: string): Promise<Standing> {
  const [kind, name = '', id = ''] = copy.split(' ');
  if (kind === 'source') {
    const partition = await findPartition(name, id);
    return partition ? (partition.deleting ? 'deleting' : 'there') : 'gone';
  }
  const cycle = await findCycle(name);
  if (!cycle || cycle.emptiedAt) return 'gone';
  return cycle.deleting ? 'deleting' : 'there';
}

export const deletionOf = async (copy: string): Promise<Deleting | undefined> => {
  const key = rowOf(copy);
  return key && (await getRow<{ deleting?: Deleting }>(table(), key.pk, key.sk))?.deleting;
};
