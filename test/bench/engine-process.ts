import { fork } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { duckdbLayerOfHost } from '../../infra/duckdb-layer.ts';
import { awsEnvironment } from '../../infra/local/emulator.ts';
import type { Tasks } from './engine-worker.ts';

/** Of the functions that query, in `infra/constructs/step-function.ts`. */
const FUNCTION_MEGABYTES = 3008;

export interface EngineProcess {
  ask<Task extends keyof Tasks>(
    task: Task,
    input: Parameters<Tasks[Task]>[0],
  ): Promise<Awaited<ReturnType<Tasks[Task]>>>;
  end(): void;
}

/** DuckDB in a process of its own, with the settings that it has within a function. */
export async function startEngine(endpoint: string, lakeBucket: string): Promise<EngineProcess> {
  const layer = await duckdbLayerOfHost();
  const child = fork(fileURLToPath(new URL('engine-worker.ts', import.meta.url)), {
    execArgv: ['--import', 'tsx'],
    env: {
      ...process.env,
      ...awsEnvironment(endpoint),
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(FUNCTION_MEGABYTES),
      LAKE_BUCKET: lakeBucket,
      NODE_PATH: join(layer, 'nodejs', 'node_modules'),
    },
  });
  let asked = 0;
  return {
    ask: (task, input) =>
      new Promise((resolve, reject) => {
        const id = ++asked;
        const ended = (code: number | null) => reject(new Error(`The engine ended: ${code}.`));
        const answered = (said: { id: number; fault?: string; answer?: never }) => {
          if (said.id !== id) return;
          child.off('message', answered).off('exit', ended);
          if (said.fault === undefined) resolve(said.answer as never);
          else reject(new Error(said.fault));
        };
        child.on('message', answered).on('exit', ended);
        child.send({ id, task, input });
      }),
    end: () => void child.kill(),
  };
}
