import type { Command } from 'commander';
import type { DisclosedMail, RereadAnswer } from '../../lambdas/domain/mail/desk.ts';
import { MailId } from '../../lambdas/domain/mail/inbound.ts';
import { spaced } from '../../lambdas/domain/spaced.ts';
import { clockHere } from '../clock.ts';
import { usageError } from '../command-error.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { readMailbox } from '../mailbox.ts';
import { renderMail, renderMailbox, renderMails } from '../render/mail.ts';
import { reply } from '../reply.ts';
import { answer, answerAlone } from '../session.ts';

/** The commands about mail that came in, and, on one's own machine, about what was sent. */
export function addMail(program: Command): void {
  const mail = program
    .command('mail')
    .summary('mail that came in, and what became of it')
    .description('Lists what came in by mail: when, and what became of each message.')
    .action((_options: unknown, command: Command) =>
      answer(command, async ({ desk }) => {
        const mails = await desk.mails();
        return reply(mails, renderMails(mails, clockHere()));
      }),
    );
  mail
    .command('show')
    .summary('show what somebody wrote (personal data)')
    .description(
      'Shows author, subject and words of a message, above what it quotes. Raw mail is kept for\n' +
        'two weeks. That you asked is recorded.',
    )
    .argument('<id>', 'the message, as `dsr mail` lists it', parseMailId)
    .option('--by <id>', 'who asks: an id, no name (default: your AWS identity)')
    .action((mailId: string, options: { by?: string }, command: Command) =>
      answer(command, async ({ desk, by }) => {
        const shown = await desk.discloseMail({ mailId, by: await by(options.by) });
        return shown.outcome === 'disclosed'
          ? reply(shown, renderMail(shown))
          : reply(shown, NOT_SHOWN[shown.outcome], EXIT.notFound);
      }),
    );
  mail
    .command('again')
    .summary('have a message read again that could not be handled')
    .description(
      'A message that came to no end is read again by itself, five times; then the operator is told.\n' +
        'This does so at once, also after that. What it asks is done once, however often it is read.',
    )
    .argument('<id>', 'the message, as `dsr mail` lists it', parseMailId)
    .option('--by <id>', 'who asks: an id, no name (default: your AWS identity)')
    .action((mailId: string, options: { by?: string }, command: Command) =>
      answer(command, async ({ desk, by }) => {
        const again = await desk.rereadMail({ mailId, by: await by(options.by) });
        return reply(again, readAgain(again), EXIT_READ[again.outcome]);
      }),
    );
  program
    .command('mailbox')
    .summary('what a running npm start has mailed')
    .description('Lists the mails that the local system has sent; with a number, shows one.')
    .argument('[number]', 'the mail to show, as the list counts them; -1 is the last', Number)
    .action((number: number | undefined, _options: unknown, command: Command) =>
      answerAlone(command, async () => {
        const mails = await readMailbox();
        if (number === undefined) return reply(mails, renderMailbox(mails));
        const one = mails.at(number < 0 ? number : number - 1);
        return one
          ? reply(one, `To: ${one.to}\nSubject: ${one.subject}\n\n${one.text}`)
          : reply({ outcome: 'unknown' }, `There are ${mails.length} mails.`, EXIT.notFound);
      }),
    );
}

const NOT_SHOWN: Record<Exclude<DisclosedMail['outcome'], 'disclosed'>, string> = {
  unknown: 'There is no such message. `dsr mail` lists them.',
  gone: 'The message itself is not kept any more: two weeks are over.',
  unreadable: 'The message cannot be read: it was nested or padded beyond what a letter is.',
};

function readAgain(again: RereadAnswer): string {
  switch (again.outcome) {
    case 'handled':
      return `Read again: ${spaced(again.fate)}.`;
    case 'alreadyHandled':
      return `Nothing was done: the message was handled (${spaced(again.fate)}).`;
    case 'onItsWay':
      return 'Nothing was done: the message was stored, and its handling has not begun yet. If nothing comes of it within seven hours, it is read by itself.';
    default:
      return NOT_SHOWN[again.outcome];
  }
}

const EXIT_READ: Record<RereadAnswer['outcome'], ExitCode> = {
  handled: EXIT.done,
  alreadyHandled: EXIT.refusedByRule,
  onItsWay: EXIT.refusedByRule,
  gone: EXIT.notFound,
  unknown: EXIT.notFound,
};

/** @throws CommandError (usage) */
function parseMailId(text: string): string {
  const parsed = MailId.safeParse(text);
  if (parsed.success) return parsed.data;
  throw usageError(`${text} is no id of a message: letters and digits, as \`dsr mail\` lists it.`);
}
