import { readdirSync, readFileSync } from 'node:fs';
import { InvokeCommand, LambdaClient, paginateListFunctions } from '@aws-sdk/client-lambda';
import type { Connection } from '../../infra/local/connection.ts';
import type { Places } from '../../infra/local/places.ts';

/** The deployed function of a step. */
export async function functionOf(connection: Connection, step: string): Promise<string> {
  const client = new LambdaClient(connection);
  for await (const { Functions = [] } of paginateListFunctions({ client }, {}))
    for (const { FunctionName = '' } of Functions)
      if (FunctionName.includes(`${step}Function`)) return FunctionName;
  throw new Error(`No function of the step ${step} is deployed.`);
}

/** @throws Error when the step fails, or answers with another outcome */
export async function invoke(
  connection: Connection,
  name: string,
  { input, outcome }: { input: unknown; outcome: string },
): Promise<void> {
  const { Payload, FunctionError } = await new LambdaClient(connection).send(
    new InvokeCommand({ FunctionName: name, Payload: JSON.stringify(input) }),
  );
  const answer = Buffer.from(Payload ?? []).toString();
  if (FunctionError || JSON.parse(answer).outcome !== outcome)
    throw new Error(`${name} answered ${answer}`);
}

/**
 * The most memory, in MB, that a running worker of a function has had; `undefined` where no /proc
 * tells.
 */
export function peakMemory({ temporary }: Places, name: string): number | undefined {
  const peaks = processIds().flatMap((pid) => {
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      if (!command.includes(temporary) || !command.includes(name)) return [];
      const [, kilobytes] =
        /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
      return kilobytes ? [Number(kilobytes) / 1000] : [];
    } catch {
      // It ended meanwhile.
      return [];
    }
  });
  return peaks.length > 0 ? Math.max(...peaks) : undefined;
}

function processIds(): string[] {
  try {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
}
