import type { RunningPlatform } from '../running-platform.ts';
import { demoDomains, newSigningKey, zoneOf } from './dns-zone.ts';
import { deliverTo, type MailDoorServer, openMailDoor } from './mail-door.ts';
import { requireFree } from './mail-ports.ts';

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
