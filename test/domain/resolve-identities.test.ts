import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { answersTo, type IdentityAnswer, optionsFor } from '../../lambdas/domain/ambiguity.ts';
import { type Identity, identityKey, MOST_BYTES } from '../../lambdas/domain/identity.ts';
import {
  type HeldRow,
  questionOn,
  resolveIdentities,
} from '../../lambdas/domain/resolve-identities.ts';
import {
  aLake,
  customer,
  device,
  email,
  golden,
  holds,
  oldRow,
  peopleBeside,
  phone,
  row,
  TYPES,
} from './a-lake.ts';

const resolve = (
  rows: HeldRow[],
  seed: Identity[],
  { answers = [], bound = 1000 }: { answers?: IdentityAnswer[]; bound?: number } = {},
) => resolveIdentities(seed, TYPES, aLake(rows), { answers, bound });

/** How often the rows were asked for. */
async function counting(rows: HeldRow[], seed: Identity[]) {
  let asked = 0;
  const lake = aLake(rows);
  const rowsHolding: typeof lake.rowsHolding = (identities) => {
    asked += 1;
    return lake.rowsHolding(identities);
  };
  const reader = { ...lake, rowsHolding };
  const { unique } = await resolveIdentities(seed, TYPES, reader, { bound: 1000 });
  return { unique, asked };
}

const keys = (identities: Identity[]) => identities.map(identityKey).sort();

describe('resolveIdentities', () => {
  it('follows unique identities from row to row, over a third source', async () => {
    const found = await resolve(
      [
        row('crm', customer('1'), email('a@x')),
        row('web', email('a@x'), device('d')),
        row('app', device('d'), email('b@x')),
        row('crm', customer('2'), email('other@x')),
      ],
      [customer('1')],
    );
    expect(found.unique).toEqual([customer('1'), device('d'), email('a@x'), email('b@x')]);
    expect(found.rows).toEqual({ crm: 1, web: 1, app: 1 });
  });

  it('opens the tables once for each step of a chain, and not again to count', async () => {
    const rows = [
      row('crm', customer('1'), email('a@x')),
      row('web', email('a@x'), device('d')),
      row('customers', golden('g'), email('a@x')),
    ];
    const { unique, asked } = await counting(rows, [customer('1')]);
    expect(unique).toHaveLength(4);
    expect(asked).toBe(3);
    expect(await counting(rows, unique)).toEqual({ unique, asked: 1 });
  });

  it('keeps what is held nowhere: it is asked for in the sources, and proven absent', async () => {
    const found = await resolve([], [email('a@x')]);
    expect(found).toMatchObject({ unique: [email('a@x')], shared: [], ambiguities: [], rows: {} });
  });

  it('reports the phone of a family, and does not follow it', async () => {
    const found = await resolve(
      [row('crm', customer('1'), phone('7')), row('crm', customer('2'), phone('7'))],
      [customer('1')],
    );
    expect(found).toMatchObject({
      unique: [customer('1')],
      shared: [phone('7')],
      ambiguities: [],
    });
  });

  it('asks nobody about a customer with fifty orders', async () => {
    const orders = Array.from({ length: 50 }, () => row('shop', customer('1'), email('a@x')));
    const found = await resolve(orders, [email('a@x')]);
    expect(found).toMatchObject({ unique: [customer('1'), email('a@x')], ambiguities: [] });
    expect(found.rows).toEqual({ shop: 50 });
  });

  it('lets a source without a personKey make nothing shared', async () => {
    const found = await resolve(
      [row('web', email('a@x'), device('d')), row('web', email('a@x'), device('e'))],
      [email('a@x')],
    );
    expect(found.unique).toEqual([device('d'), device('e'), email('a@x')]);
  });

  it('collects the keys that models made, and follows neither them nor what a model joined', async () => {
    const found = await resolve(
      [
        row('crm', customer('1'), email('a@x')),
        // So that somebody is still followed when the key is known.
        row('web', email('a@x'), device('d')),
        row('customers', golden('g'), email('a@x'), email('b@x')),
        row('customers', golden('h'), email('b@x')),
        row('customers', golden('g'), golden('k')),
        row('everyone', golden('g')),
      ],
      [customer('1')],
    );
    expect(found.unique).toEqual([customer('1'), device('d'), email('a@x'), golden('g')]);
    expect(found.rows).toEqual({ crm: 1, web: 1, customers: 2, everyone: 1 });
  });

  it('does not link through a model row of other tables', async () => {
    const found = await resolve([row('everyone', email('a@x'), customer('9'))], [email('a@x')]);
    expect(found.unique).toEqual([email('a@x')]);
  });

  it('reports the bound instead of cutting in silence', async () => {
    const rows = Array.from({ length: 10 }, (_, i) => row('web', email('a@x'), device(`${i}`)));
    expect((await resolve(rows, [email('a@x')], { bound: 10 })).boundReached).toBe(true);
    expect((await resolve(rows, [email('a@x')], { bound: 11 })).boundReached).toBe(false);
  });

  describe('where one value leads to more than can be kept', () => {
    const long = (i: number) => `${i}-`.padEnd(300, 'x');
    const hundreds = Array.from({ length: 400 }, (_, i) =>
      row('web', email('none@x'), device(long(i)), phone(`${i}`)),
    );

    it('takes as many as can be kept, and says that there are more', async () => {
      const { unique, shared, ...found } = await resolve(hundreds, [email('none@x')]);
      expect(found).toMatchObject({ boundReached: true, isFull: true });
      expect(unique.length).toBeGreaterThan(200);
      const kept = Buffer.byteLength(JSON.stringify([...unique, ...shared]));
      expect(kept).toBeLessThanOrEqual(MOST_BYTES + 2);
      expect(kept).toBeGreaterThan(MOST_BYTES - 400);
    });

    it('takes the same ones when all that it took is where it begins', async () => {
      const first = await resolve(hundreds, [email('none@x')]);
      const again = await resolve(hundreds, [email('none@x'), ...first.unique], { bound: 9000 });
      expect(keys(again.unique)).toEqual(keys(first.unique));
      expect(keys(again.shared)).toEqual(keys(first.shared));
    });

    it('takes what sources linked after what was known before', async () => {
      const linked = hundreds.flatMap(({ identities }) => identities);
      const found = await resolveIdentities([customer('1')], TYPES, aLake([]), {
        ...{ bound: 1000, linked },
      });
      expect(found.unique).toContainEqual(customer('1'));
      expect(found).toMatchObject({ boundReached: true, isFull: true });
      const few = await resolveIdentities([customer('1')], TYPES, aLake([]), {
        ...{ bound: 1000, linked: linked.slice(0, 2) },
      });
      expect(few.unique).toEqual([customer('1'), device(long(0)), email('none@x')]);
      expect(few.isFull).toBe(false);
    });
  });

  it('asks about ten shared values at once, and about the others after that', async () => {
    const rows = Array.from({ length: 12 }, (_, i) => [
      row('crm', customer('1'), email(`pair-${i + 10}@x`)),
      row('crm', customer(`1${i}`), email(`pair-${i + 10}@x`)),
    ]).flat();
    const { ambiguities, shared } = await resolve(rows, [customer('1')]);
    expect(ambiguities.map(({ about }) => about.value)).toEqual(
      Array.from({ length: 10 }, (_, i) => `pair-${i + 10}@x`),
    );
    expect(shared).toHaveLength(12);
    const answers = answersTo(ambiguities, 'followNone');
    const rest = await resolve(rows, [customer('1')], { answers });
    expect(rest.ambiguities.map(({ about }) => about.value)).toEqual(['pair-20@x', 'pair-21@x']);
  });

  it('looks beside everything that it took in, when the bound is met exactly', async () => {
    const rows = [row('web', email('a@x'), phone('7'))];
    expect(await resolve(rows, [email('a@x')], { bound: 1 })).toMatchObject({
      shared: [phone('7')],
      boundReached: false,
    });
  });
});

describe('an e-mail of two customers', () => {
  const rows = [
    row('crm', customer('1'), email('pair@x')),
    row('crm', customer('2'), email('pair@x'), email('own@x')),
  ];
  const question = { about: email('pair@x'), people: [customer('1'), customer('2')], count: 2 };

  it('is shared in fact, and asked about', async () => {
    expect(await resolve(rows, [customer('1')])).toMatchObject({
      unique: [customer('1')],
      shared: [email('pair@x')],
      ambiguities: [question],
      candidates: [customer('1'), customer('2')],
    });
  });

  const decided = (option: string) =>
    resolve(rows, [email('pair@x')], { answers: answersTo([question], option) });

  it('leaves nothing to erase when it is other people’s', async () => {
    expect(await decided('followNone')).toMatchObject({
      unique: [],
      shared: [email('pair@x')],
      ambiguities: [],
      rows: {},
    });
  });

  it('leads to the one who is meant', async () => {
    expect(await decided('only-2')).toMatchObject({
      unique: [customer('2'), email('own@x')],
      shared: [email('pair@x')],
      ambiguities: [],
    });
  });

  it('is followed when both are one person', async () => {
    expect(await decided('followAll')).toMatchObject({
      unique: [customer('1'), customer('2'), email('own@x'), email('pair@x')],
      shared: [],
      ambiguities: [],
    });
  });

  it('is not asked about again beside the same people, and what makes them one holds everywhere', async () => {
    const more = [
      ...rows,
      row('shop', customer('1'), email('pair@x')),
      row('shop', customer('1'), device('d')),
      row('shop', customer('2'), device('d')),
    ];
    const answers = answersTo([question], 'followAll');
    expect((await resolve(more, [customer('1')], { answers })).ambiguities).toEqual([]);
  });

  it('is asked about again when a third person appears who was not in the question', async () => {
    const more = [...rows, row('crm', customer('3'), email('pair@x'))];
    const again = (option: string) =>
      resolve(more, [customer('1')], { answers: answersTo([question], option) });
    expect((await again('followAll')).ambiguities).toHaveLength(1);
    expect((await again('followNone')).ambiguities).toEqual([]);
    expect((await again('only-1')).ambiguities).toEqual([]);
  });

  it('is asked about again when there are more people than a question lists', async () => {
    const crowd = Array.from({ length: 21 }, (_, i) =>
      row('crm', customer(`${i}`), email('all@x')),
    );
    const { ambiguities } = await resolve(crowd.slice(0, 20), [email('all@x')]);
    const answers = answersTo(ambiguities, 'followAll');
    expect((await resolve(crowd.slice(0, 20), [email('all@x')], { answers })).ambiguities).toEqual(
      [],
    );
    expect((await resolve(crowd, [email('all@x')], { answers })).ambiguities).toHaveLength(1);
  });
});

describe('a key that a model made of two people, who were told apart since', () => {
  const merged = oldRow('customers', golden('k0'), customer('0'), customer('1'), email('pair@x'));
  const apart = [
    row('customers', golden('k0'), customer('0'), email('pair@x')),
    row('customers', golden('k1'), customer('1'), email('pair@x')),
  ];
  const couple = [
    row('crm', customer('0'), email('pair@x')),
    row('crm', customer('1'), email('pair@x')),
  ];
  const question = { about: email('pair@x'), people: [customer('0'), customer('1')], count: 2 };
  const answers = answersTo([question], 'followNone');

  it('is the other one’s, whom the active snapshot has beside it', async () => {
    const found = await resolve([...couple, merged, ...apart], [customer('1')], { answers });
    expect(found).toMatchObject({
      unique: [customer('1'), golden('k1')],
      shared: [email('pair@x'), golden('k0')],
      rows: { crm: 1, customers: 2 },
    });
    const other = await resolve([...couple, merged, ...apart], [customer('0')], { answers });
    expect(other.unique).toEqual([customer('0'), golden('k0')]);
  });

  it('is not followed again in the next round, though it was the person’s in the one before', async () => {
    const known = [customer('1'), golden('k0'), golden('k1')];
    const found = await resolve([merged, apart[0] as HeldRow], known, { answers });
    expect(found).toMatchObject({ unique: [customer('1'), golden('k1')], shared: [golden('k0')] });
  });

  it('stays the person’s while the active snapshot has one of her identities beside it', async () => {
    const rows = [merged, row('customers', golden('k0'), customer('1'), customer('0'))];
    expect((await resolve(rows, [customer('1')])).unique).toEqual([customer('1'), golden('k0')]);
  });

  it('stays the person’s where the active snapshot tells nobody else’s', async () => {
    const found = [
      [],
      [row('customers', golden('k0'))],
      [row('customers', golden('k0'), phone('7'))],
    ];
    for (const active of found)
      expect((await resolve([merged, ...active], [customer('1')])).unique).toEqual([
        customer('1'),
        golden('k0'),
      ]);
  });

  it('stays what the request is about, when it was given alone', async () => {
    expect((await resolve(apart, [golden('k0')])).unique).toEqual([golden('k0')]);
  });
});

describe('a phone alone', () => {
  const rows = [row('crm', customer('1'), phone('7')), row('crm', customer('2'), phone('7'))];

  it('is always asked about, even beside one person or nobody', async () => {
    for (const held of [rows, rows.slice(0, 1), []])
      expect((await resolve(held, [phone('7')])).ambiguities).toHaveLength(1);
    expect(optionsFor((await resolve([], [phone('7')])).ambiguities)).toEqual(['followNone']);
  });

  it('leads to the people whom the answer names, and stays shared', async () => {
    const { ambiguities } = await resolve(rows, [phone('7')]);
    const meant = async (option: string) =>
      resolve(rows, [phone('7')], { answers: answersTo(ambiguities, option) });
    expect((await meant('only-1')).unique).toEqual([customer('1')]);
    expect((await meant('followAll')).unique).toEqual([customer('1'), customer('2')]);
    expect((await meant('followNone')).unique).toEqual([]);
    expect((await meant('followAll')).shared).toEqual([phone('7')]);
  });

  it('offers no "all" where more people stand beside it than are listed', async () => {
    const crowd = Array.from({ length: 21 }, (_, i) => row('crm', customer(`${i}`), phone('7')));
    const { ambiguities } = await resolve(crowd, [phone('7')]);
    expect(ambiguities[0]).toMatchObject({ count: 21 });
    expect(optionsFor(ambiguities)).not.toContain('followAll');
    expect(optionsFor(ambiguities)).toHaveLength(21);
  });
});

describe('what somebody is asked', () => {
  const rows = [row('crm', customer('1'), phone('7')), row('crm', customer('2'), phone('7'))];
  const question = async (held: HeldRow[], seed: Identity[], answers: IdentityAnswer[] = []) =>
    questionOn(await resolve(held, seed, { answers }), false);

  it('is nothing where it is clear who is meant, though nobody holds the person', async () => {
    expect(await question([], [customer('1')])).toBeUndefined();
  });

  it('is whom the value means, as long as it may mean somebody', async () => {
    expect(await question(rows, [phone('7')])).toMatchObject({ reasonCode: 'ambiguous' });
  });

  it('is for another identity, where nothing points at one person: that is not nothing held', async () => {
    const nobody = {
      reasonCode: 'noUniqueIdentity',
      options: ['tryAgain', 'refused', 'cancelled'],
    };
    expect(await question([], [phone('7')])).toEqual(nobody);
    const { ambiguities } = await resolve(rows, [phone('7')]);
    expect(await question(rows, [phone('7')], answersTo(ambiguities, 'followNone'))).toEqual(
      nobody,
    );
  });

  it('is what to do at the bound, unless that is settled', async () => {
    const reached = { ...(await resolve([], [customer('1')])), boundReached: true };
    expect(questionOn(reached, false)).toMatchObject({ reasonCode: 'boundReached' });
    expect(questionOn(reached, true)).toBeUndefined();
    expect(questionOn(reached, false)?.options).toEqual(['followFurther', 'stopFollowing']);
    expect(questionOn({ ...reached, isFull: true }, false)?.options).toEqual(['stopFollowing']);
  });
});

describe('in any world', () => {
  const value = fc.constantFrom('1', '2', '3', '4', '5');
  const anyIdentity = fc.oneof(
    value.map(customer),
    value.map(email),
    value.map(device),
    value.map(phone),
  );
  const anyRow = fc.oneof(
    fc
      .tuple(fc.constantFrom('crm', 'shop'), value, fc.array(anyIdentity, { maxLength: 2 }))
      .map(([table, id, others]) =>
        row(table, customer(id), ...others.filter(({ type }) => type !== 'customer_id')),
      ),
    fc
      .tuple(fc.constantFrom('web', 'app'), fc.array(anyIdentity, { maxLength: 3 }))
      .map(([table, identities]) => row(table, ...identities)),
    fc
      .tuple(value, fc.array(anyIdentity, { maxLength: 3 }))
      .map(([id, identities]) => row('customers', golden(id), ...identities)),
  );
  const anyWorld = fc.array(anyRow, { maxLength: 14 });
  const few = fc.constantFrom('1', '2', '3');
  const anyModelled = fc
    .tuple(few, fc.array(fc.oneof(few.map(customer), few.map(email)), { maxLength: 2 }))
    .map(([id, identities]) => [golden(id), ...identities]);
  const anyHistory = fc.array(
    fc.oneof(
      anyRow,
      anyModelled.map((identities) => row('customers', ...identities)),
      anyModelled.map((identities) => oldRow('customers', ...identities)),
    ),
    { maxLength: 14 },
  );
  const anySeed = fc.array(fc.oneof(value.map(customer), value.map(email)), {
    minLength: 1,
    maxLength: 2,
  });

  const isSharedInFact = (rows: HeldRow[], identity: Identity) =>
    [...peopleBeside(rows, identity).values()].some((people) => people.length > 1);
  const followable = (rows: HeldRow[], identity: Identity) =>
    TYPES[identity.type]?.points === 'unique' &&
    identity.type !== 'golden_id' &&
    !isSharedInFact(rows, identity);

  it('never takes in a shared identity, nor one that is shared in fact', () =>
    fc.assert(
      fc.asyncProperty(anyWorld, anySeed, async (rows, seed) => {
        const { unique, ambiguities } = await resolve(rows, seed);
        for (const identity of unique.filter(({ type }) => type !== 'golden_id'))
          expect(followable(rows, identity)).toBe(true);
        for (const { about } of ambiguities) expect(isSharedInFact(rows, about)).toBe(true);
      }),
    ));

  it('takes in nobody to whom no chain of unshared links leads', () =>
    fc.assert(
      fc.asyncProperty(anyWorld, anySeed, async (rows, seed) => {
        const reached = new Set(keys(seed.filter((identity) => followable(rows, identity))));
        for (let before = -1; before !== reached.size; ) {
          before = reached.size;
          for (const { kind, identities } of rows)
            if (
              kind === 'source' &&
              identities.some((identity) => reached.has(identityKey(identity)))
            )
              for (const identity of identities)
                if (followable(rows, identity)) reached.add(identityKey(identity));
        }
        const { unique } = await resolve(rows, seed);
        expect(keys(unique.filter(({ type }) => type !== 'golden_id'))).toEqual(
          [...reached].sort(),
        );
      }),
    ));

  it('is closed: rows of the subject hold nothing unique that is missing, and a second run adds nothing', () =>
    fc.assert(
      fc.asyncProperty(anyWorld, anySeed, async (rows, seed) => {
        const { unique } = await resolve(rows, seed);
        const inSet = new Set(keys(unique));
        const followed = unique.filter(({ type }) => type !== 'golden_id');
        for (const held of rows.filter((r) => followed.some((identity) => holds(r, identity))))
          for (const identity of held.identities)
            if (
              identity.type === 'golden_id' ||
              (held.kind === 'source' && followable(rows, identity))
            )
              expect(inSet).toContain(identityKey(identity));
        if (unique.length > 0) expect((await resolve(rows, unique)).unique).toEqual(unique);
      }),
    ));

  it('loses no key that a model made, and takes none that is another’s by the active snapshot', () =>
    fc.assert(
      fc.asyncProperty(anyHistory, anySeed, async (rows, seed) => {
        const { unique, shared } = await resolve(rows, seed);
        const followed = unique.filter(({ type }) => type !== 'golden_id');
        const [mine, others] = [new Set(keys(unique)), new Set(keys(shared))];
        const ofSubject = rows.filter((held) => followed.some((one) => holds(held, one)));
        for (const key of ofSubject.flatMap(({ identities }) => identities))
          if (key.type === 'golden_id')
            expect(mine.has(identityKey(key))).toBe(!others.has(identityKey(key)));
        for (const key of [...unique, ...shared].filter(({ type }) => type === 'golden_id')) {
          const beside = rows
            .filter((held) => held.kind === 'model' && held.isActive && holds(held, key))
            .flatMap(({ identities }) => identities)
            .filter((one) => ['customer_id', 'email', 'device'].includes(one.type))
            .filter((one) => !others.has(identityKey(one)));
          const isAnothers =
            followed.length > 0 &&
            beside.length > 0 &&
            !beside.some((one) => mine.has(identityKey(one)));
          expect(others.has(identityKey(key))).toBe(isAnothers);
        }
      }),
    ));

  it('does not depend on the order of rows or of the seed', () =>
    fc.assert(
      fc.asyncProperty(anyWorld, anySeed, async (rows, seed) => {
        expect(await resolve(rows.toReversed(), seed.toReversed())).toEqual(
          await resolve(rows, seed),
        );
      }),
    ));

  it('only grows with more rows, unless something becomes shared', () =>
    fc.assert(
      fc.asyncProperty(anyWorld, anyWorld, anySeed, async (rows, more, seed) => {
        const all = [...rows, ...more];
        const identities = all.flatMap((held) => held.identities);
        fc.pre(identities.every((i) => isSharedInFact(rows, i) || !isSharedInFact(all, i)));
        const before = (await resolve(rows, seed)).unique;
        expect(keys((await resolve(all, seed)).unique)).toEqual(
          expect.arrayContaining(keys(before)),
        );
      }),
    ));

  it('asks nothing again that has been answered', () =>
    fc.assert(
      fc.asyncProperty(anyWorld, anySeed, fc.nat(), async (rows, seed, choice) => {
        let answers: IdentityAnswer[] = [];
        const asked = new Set<string>();
        for (let turn = 0; turn < 40; turn++) {
          const { ambiguities } = await resolve(rows, seed, { answers });
          if (ambiguities.length === 0) return;
          for (const about of keys(ambiguities.map((ambiguity) => ambiguity.about))) {
            expect(asked).not.toContain(about);
            asked.add(about);
          }
          const options = optionsFor(ambiguities);
          answers = [...answers, ...answersTo(ambiguities, options[choice % options.length] ?? '')];
        }
        throw new Error('Somebody is asked forever.');
      }),
    ));
});
