/** What a drawing needs of an Amazon States Language file; see the Step Functions developer guide. */
export interface Asl {
  Comment?: string;
  StartAt: string;
  States: Record<string, State>;
}

interface State {
  Type: string;
  Comment?: string;
  Cause?: string;
  Resource?: string;
  Next?: string;
  Choices?: { Condition: string; Next: string }[];
  Default?: string;
  Catch?: { Next: string }[];
  MaxConcurrency?: number;
  ItemProcessor?: Asl;
}

export type BoxKind = 'start' | 'step' | 'wait' | 'choice' | 'many' | 'succeeded' | 'failed';

export interface Box {
  /** The state's name. */
  name: string;
  kind: BoxKind;
  /** The state's comment: what it promises. */
  says: string;
  /** What it does many times, and how many of them at once. */
  inside?: FlowChart & { atOnce: string };
}

export interface Arrow {
  from: string;
  to: string;
  /** By which answers one comes this way; none where there is no other. */
  words: string[];
}

export interface FlowChart {
  boxes: Box[];
  arrows: Arrow[];
}

const START = 'start';
/** Where every choice ends for a word that it does not know; drawn, it would hide all else. */
const UNDRAWN = 'Unknown outcome';

/** A flow as boxes and arrows: every state but `Unknown outcome`, and every way but the way there. */
export function flowChart(asl: Asl): FlowChart {
  const { boxes, arrows } = chartOf(asl);
  const start: Box = { name: START, kind: 'start', says: asl.Comment ?? '' };
  return {
    boxes: [start, ...boxes],
    arrows: [{ from: START, to: asl.StartAt, words: [] }, ...arrows],
  };
}

function chartOf({ States }: Asl): FlowChart {
  const drawn = Object.entries(States).filter(([name]) => name !== UNDRAWN);
  return {
    boxes: drawn.map(([name, state]) => boxOf(name, state)),
    arrows: drawn.flatMap(([name, state]) => arrowsFrom(name, state)),
  };
}

function boxOf(name: string, state: State): Box {
  const { Comment = '', Cause = '', ItemProcessor, MaxConcurrency = 0 } = state;
  return {
    name,
    kind: kindOf(name, state),
    says: Comment || Cause,
    ...(ItemProcessor && {
      inside: { ...chartOf(ItemProcessor), atOnce: atOnceWords(MaxConcurrency) },
    }),
  };
}

function kindOf(name: string, { Type, Resource = '' }: State): BoxKind {
  switch (Type) {
    case 'Task':
      return Resource.endsWith('.waitForTaskToken') ? 'wait' : 'step';
    case 'Wait':
      return 'wait';
    case 'Choice':
      return 'choice';
    case 'Map':
      return 'many';
    case 'Pass':
    case 'Succeed':
      return 'succeeded';
    case 'Fail':
      return 'failed';
    default:
      throw new Error(`The state "${name}" is of the type ${Type}, which has no drawing yet.`);
  }
}

const atOnceWords = (most: number): string =>
  most === 1 ? 'one after the other' : most === 0 ? 'all at once' : `up to ${most} at once`;

/** One arrow a target, whatever the number of answers that lead there. */
function arrowsFrom(from: string, { Next, Choices = [], Default, Catch = [] }: State): Arrow[] {
  const words = new Map<string, string[]>();
  const add = (to: string | undefined, word?: string) => {
    if (to === undefined || to === UNDRAWN) return;
    words.set(to, [...(words.get(to) ?? []), ...(word ? [word] : [])]);
  };
  add(Next);
  for (const { Condition, Next: to } of Choices) add(to, wordOf(Condition));
  add(Default, 'no');
  for (const { Next: to } of Catch) add(to);
  return [...words].map(([to, said]) => ({ from, to, words: said }));
}

/** `… = 'stillHeld'` is the answer "still held"; any other condition is a question with yes and no. */
function wordOf(condition: string): string {
  const [, outcome] = /= '(\w+)'/.exec(condition) ?? [];
  return outcome?.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`) ?? 'yes';
}
