import { type Command, Option } from 'commander';
import { EXIT } from '../exit-codes.ts';
import { type OpeningOptions, openFrom, withOpeningOptions } from '../opening.ts';
import { noSuchRequest, type Reply, reply } from '../reply.ts';
import { answer, parseRequestId, type Session } from '../session.ts';

interface ExportOptions extends OpeningOptions {
  portability?: boolean;
  user?: boolean;
}

export function addExport(program: Command): void {
  withOpeningOptions(
    program
      .command('export')
      .summary('hand over what is held of one person')
      .description(
        'Opens a request to export what is held of one person. Nothing is gathered before the\n' +
          'registered tenant admin has typed the code that is mailed to them; the package goes to\n' +
          'them and nobody else. Flags show in process lists: leave them out to be asked.',
      ),
  )
    .option('--portability', 'what GDPR Art. 20 asks for, to take elsewhere (default: Art. 15)')
    .addOption(
      new Option('--user', 'a user of the platform, by e-mail address').conflicts([
        'phone',
        'customerId',
        'identity',
      ]),
    )
    .action((options: ExportOptions, command: Command) =>
      answer(command, (session) =>
        openFrom(
          options,
          {
            kind: options.portability ? 'portability' : 'access',
            subjectKind: options.user ? 'user' : 'customer',
          },
          session,
        ),
      ),
    );

  program
    .command('reissue')
    .summary('send a new code to whoever is asked for one')
    .description(
      'Mails a new code and voids the one before. To the registered tenant admin: to confirm a\n' +
        'request, to collect a package, or to download one again while it is kept. To each\n' +
        'recipient who has not acknowledged an erasure: to do so.',
    )
    .argument('<id>', 'the request', parseRequestId)
    .option('--by <id>', 'who asks: an id, no name (default: your AWS identity)')
    .action((requestId: string, options: { by?: string }, command: Command) =>
      answer(command, (session) => reissue(requestId, options, session)),
    );
}

async function reissue(
  requestId: string,
  options: { by?: string },
  { desk, by }: Session,
): Promise<Reply> {
  const answered = await desk.reissue({ requestId, by: await by(options.by) });
  switch (answered.outcome) {
    case 'reissued':
      return reply(answered, 'A new code is on its way; the one before is void.');
    case 'unknown':
      return noSuchRequest(requestId);
    case 'gone':
      return reply(answered, 'Its package is deleted: ask for a new export.', EXIT.refusedByRule);
    case 'notAsked':
      return reply(answered, 'This request waits for no code.', EXIT.refusedByRule);
    default:
      return answered.outcome satisfies never;
  }
}
