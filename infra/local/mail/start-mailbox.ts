import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { type Places, root } from '../places.ts';
import { lastLines, type Processes } from '../processes.ts';
import { SetUpFailure } from '../set-up-failure.ts';
import { type MailPorts, requireFree } from './mail-ports.ts';

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
