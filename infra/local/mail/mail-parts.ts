import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { type Places, root } from '../places.ts';
import { isFree } from '../ports.ts';
import { lastLines, type Processes } from '../processes.ts';
import type { RunningPlatform } from '../running-platform.ts';
import { SetUpFailure } from '../set-up-failure.ts';
import { demoDomains, newSigningKey, zoneOf } from './dns-zone.ts';
import { deliverTo, type MailDoorServer, openMailDoor } from './mail-door.ts';

export interface MailPorts {
  /** Where mail comes in, by SMTP. */
  door: number;
  /** The page of the mailbox. */
  page: number;
  /** Where the emulator hands on what the system sends. */
  sink: number;
}

/** Beside the emulator's, so that they are as stable as that, and two runs do not meet. */
export const mailPortsBeside = (port: number): MailPorts => ({
  door: port + 20,
  page: port + 21,
  sink: port + 22,
});

/** The mailbox, in a process of its own; answers the address of its page. */
export async function startMailbox(plan: {
  processes: Processes;
  places: Places;
  ports: MailPorts;
}): Promise<string> {
  const { processes, places, ports } = plan;
  for (const port of [ports.sink, ports.page]) await requireFree(port);
  const running = processes.start({
    name: 'mailbox',
    command: process.execPath,
    args: [
      ...['--import', 'tsx', join(root, 'infra', 'local', 'mail', 'mailbox-server.ts')],
      ...[join(places.state, 'mailbox'), String(ports.sink), String(ports.page)],
    ],
    cwd: root,
    env: process.env,
  });
  const url = `http://127.0.0.1:${ports.page}/`;
  for (let attempt = 0; attempt < 300 && !running.hasEnded(); attempt++) {
    if ((await fetch(url).catch(() => undefined))?.ok) return url;
    await setTimeout(200);
  }
  throw new SetUpFailure(
    `The mailbox did not start:\n${lastLines(running.log)}`,
    `All its words: ${running.log}`,
  );
}

/** The door of a deployed platform; lives as long as this process. */
export async function openDoorOf(
  { connection, outputs, demo }: RunningPlatform,
  port: number,
  signingKey = newSigningKey(),
): Promise<MailDoorServer> {
  const { mailDoor } = demo.platform;
  if (!mailDoor) throw new Error('The demo’s platform.yaml names no mailDoor.');
  if (port !== 0) await requireFree(port);
  return openMailDoor({
    port,
    address: mailDoor.address,
    resolver: zoneOf(demoDomains(signingKey)),
    functionArn: outputs.ReceiveMailFunction ?? '',
    deliver: deliverTo(connection, outputs),
  });
}

async function requireFree(port: number): Promise<void> {
  if (await isFree(port)) return;
  throw new SetUpFailure(
    `Port ${port}, for mail, is taken by another program.`,
    'End that program, or choose other ports: npm start -- --port <number> moves all of them.',
  );
}
