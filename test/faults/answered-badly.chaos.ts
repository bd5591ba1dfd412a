import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aMonthPasses, cleanUpEnded, startCleanUp } from '../flows/clean-ups.ts';
import { statusOf, stopExecution, untilAsked } from '../flows/scene.ts';
import { playExport } from './export-story.ts';
import {
  cleanUpSteps,
  exportSteps,
  notesOf,
  openHaunted,
  patienceMs,
  steps,
} from './haunted-platform.ts';
import { aPair, type Pair } from './people.ts';
import { endOf, openByMail, playStory, withSweeper } from './story.ts';
import { BAD_KINDS, type Bad, type BadKind, journal, makeWorld, type Note } from './world.ts';

/** The first erasure of a platform makes the key by which erased people are recognised. */
const ONLY_THE_FIRST_TIME = { step: 'certify', operations: ['Encrypt', 'GetPublicKey'] };

/** A function knows the public key for as long as it is warm. */
const ONLY_BY_THE_COLD = 'GetPublicKey';

/** Made once a mail has left; a mail that does not leave is the sweep's, and so is what follows it. */
const AFTER_A_MAIL: Record<string, string[]> = {
  askForConfirmation: ['UpdateItem'],
  offerPackage: ['UpdateItem'],
  settlePackages: ['UpdateItem'],
  tellRecipients: ['UpdateItem'],
};

/** The next pass is begun by whoever sees first that it is wanted: this step, the minute, or a request. */
const BY_WHOEVER_IS_FIRST: Record<string, string[]> = { endPass: ['StartExecution'] };

/** What people, the minute and the end of an execution call; whoever hears nothing calls again. */
const besides = [
  ...['openRequest', 'decide', 'hold', 'requestRefresh', 'readDesk', 'servePages'],
  ...['sweep', 'executionEnded'],
];

/** Who is erased, and who is exported. */
interface Cast {
  erased: Pair;
  exported: Pair;
}
const aCast = (name: string): Cast => ({
  erased: aPair(`erased-${name}`),
  exported: aPair(`exported-${name}`),
});
const undisturbed = aCast('quiet');
const played = BAD_KINDS.map((kind) => ({ kind, cast: aCast(kind) }));

/** The steps of each story; some have one name in two flows, so that each story has a world of its own. */
const STORIES = { erasure: steps, export: exportSteps, cleanUp: cleanUpSteps };
type Story = keyof typeof STORIES;
const everyStep = Object.entries(STORIES).flatMap(([story, names]) =>
  names.map((step) => ({ story: story as Story, step })),
);

let stop: () => Promise<void>;
let quiet: Played;
beforeAll(async () => {
  stop = await openHaunted([undisturbed, ...played.map(({ cast }) => cast)].flatMap(everybody));
  quiet = await play(undisturbed, { first: { kind: 'failed', ...ONLY_THE_FIRST_TIME } });
}, patienceMs);
afterAll(() => stop?.());

const everybody = ({ erased, exported }: Cast) => [erased, exported];

interface Played {
  notes: Record<Story, Note[]>;
  ends: { erasure: unknown; export: unknown; cleanUp: unknown };
}

/** An erasure, an export, and a clean-up of what they superseded. */
async function play(
  { erased, exported }: Cast,
  { bad, first = bad, open }: { bad?: Bad; first?: Bad; open?: typeof openByMail },
): Promise<Played> {
  const noted = async <T>(badly: Bad | undefined, playing: () => Promise<T>) => {
    makeWorld(badly ? { bad: badly } : {});
    return { end: await withSweeper(playing), notes: journal() };
  };
  const erasure = await noted(first, async () => endOf(await playStory(erased, open)));
  const exporting = await noted(bad, () => playExport(exported));
  await aMonthPasses();
  const cleaning = await noted(bad, async () => {
    const { execution, report } = await cleanUpEnded(await startCleanUp());
    return { execution, status: report.status, failed: report.failed };
  });
  return {
    notes: { erasure: erasure.notes, export: exporting.notes, cleanUp: cleaning.notes },
    ends: { erasure: erasure.end, export: exporting.end, cleanUp: cleaning.end },
  };
}

/** Somebody stops its first execution, so that what follows an execution's end is called too. */
async function openAndStop(pair: Pair): Promise<string> {
  const requestId = await openByMail(pair);
  await untilAsked(requestId, 'confirmation');
  const { request } = await statusOf(requestId);
  await stopExecution(requestId, request.attempt);
  return requestId;
}

const badCalls = (notes: Note[], step: string) => notesOf(notes, step).filter(({ bad }) => bad);

it('AWS fails to make the key of those who are erased, and to give the public one, as often as the SDK tries', () => {
  const { step, operations } = ONLY_THE_FIRST_TIME;
  const calls = badCalls(quiet.notes.erasure, step).map(({ call }) => call);
  for (const operation of operations)
    expect(calls.filter((call) => call === operation)).toHaveLength(5);
  expect(calls).toHaveLength(5 * operations.length);
});

/** Kinds of calls that a step makes in the story, whatever the answers. */
function callsOf({ story, step }: { story: Story; step: string }, kind: BadKind): Set<string> {
  const calls = new Set(notesOf(quiet.notes[story], step).flatMap(({ call }) => call ?? []));
  // In the quiet story too, this step failed, and what it met was kept by a PutItem.
  if (step === ONLY_THE_FIRST_TIME.step)
    for (const call of [...ONLY_THE_FIRST_TIME.operations, 'PutItem']) calls.delete(call);
  for (const call of [ONLY_BY_THE_COLD, ...(BY_WHOEVER_IS_FIRST[step] ?? [])]) calls.delete(call);
  // Of a mail whose answer is lost, the next try hears.
  if (kind !== 'lost') for (const call of AFTER_A_MAIL[step] ?? []) calls.delete(call);
  return calls;
}

describe.each(played)('AWS answers badly ($kind)', ({ kind, cast }) => {
  let badly: Played;
  beforeAll(async () => {
    badly = await play(cast, { bad: { kind }, open: openAndStop });
  }, patienceMs);

  it.each(everyStep)(
    'to every kind of call of $step in the $story, as often as the SDK tries',
    (at) => {
      const { story, step } = at;
      expect(notesOf(quiet.notes[story], step)).not.toEqual([]);
      const times = kind === 'lost' ? 1 : 5;
      const bad = badCalls(badly.notes[story], step).filter((note) => note.bad === kind);
      for (const call of callsOf(at, kind))
        expect({ call, badly: bad.filter((note) => note.call === call).length }).toEqual({
          ...{ call, badly: times },
        });
    },
  );

  it.each(besides)('to %s, which is called again', (step) => {
    expect(badCalls(badly.notes.erasure, step)).not.toEqual([]);
  });

  it('and everything ends as if nothing had happened', () => {
    expect(badly.ends).toEqual(quiet.ends);
  });
});
