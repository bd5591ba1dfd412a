import { Listr, PRESET_TIMER } from 'listr2';

/** A step that is being taken, as it shows on the screen. */
export interface Step {
  /** Changes what stays on the screen. */
  title(words: string): void;
  /** One passing line below the title. */
  say(words: string): void;
}

type Work<T> = (step: Step) => Promise<T>;

/** Takes one step, shown with its time. */
export async function step<T>(title: string, work: Work<T>): Promise<T> {
  const [result] = await stepsAtOnce([title, work]);
  return result;
}

/** Takes several steps at the same time. */
export async function stepsAtOnce<T extends unknown[]>(
  ...steps: { [K in keyof T]: [title: string, work: Work<T[K]>] }
): Promise<T> {
  const results: unknown[] = [];
  const faults: unknown[] = [];
  const tasks = steps.map(([title, work], index) => ({
    title,
    task: async (_: unknown, task: { title?: string; output: string }) => {
      const title = (words: string) => {
        task.title = words;
      };
      let said = '';
      const say = (words: string) => {
        if (words !== said) task.output = words;
        said = words;
      };
      try {
        results[index] = await work({ title, say });
      } catch (fault) {
        faults.push(fault);
        throw new Error('see below');
      }
    },
  }));
  const shown = new Listr(tasks, {
    concurrent: true,
    // We stop in order ourselves.
    registerSignalListeners: false,
    rendererOptions: { timer: PRESET_TIMER, showErrorMessage: false },
    fallbackRendererOptions: { timer: PRESET_TIMER },
  });
  await shown.run().catch((fault) => {
    throw faults[0] ?? fault;
  });
  return results as T;
}
