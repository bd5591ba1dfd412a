import { isFree } from '../ports.ts';
import { SetUpFailure } from '../set-up-failure.ts';

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

/** @throws SetUpFailure that names the port and the remedy */
export async function requireFree(port: number): Promise<void> {
  if (await isFree(port)) return;
  throw new SetUpFailure(
    `Port ${port}, for mail, is taken by another program.`,
    'End that program, or choose other ports: npm start -- --port <number> moves all of them.',
  );
}
