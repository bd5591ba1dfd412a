import { type Command, Option } from 'commander';
import type { Identity } from '../../lambdas/domain/identity.ts';
import { askIdentities, askSecret, atTerminal, readStandardInput } from '../ask.ts';
import { usageError } from '../command-error.ts';
import { EXIT } from '../exit-codes.ts';
import { readIn } from '../files.ts';
import { type IdentityFlags, identitiesFromFlags, identitiesFromText } from '../identities.ts';
import { renderVerdict } from '../render/verdict.ts';
import { type Reply, reply } from '../reply.ts';
import { answerAlone } from '../session.ts';
import { isAbout, verifyBundle } from '../verifier.ts';

interface VerifyOptions extends IdentityFlags {
  key?: string[];
  secret?: string;
  ask?: boolean;
  stdin?: boolean;
}

const many = (value: string, before: string[] = []) => [...before, value];

export function addVerify(program: Command): void {
  program
    .command('verify')
    .summary('check a file of evidence, offline')
    .description(
      'Checks a file that `dsr evidence` wrote: every signature, every hash of the ledger, and that\n' +
        'they belong together. It asks no system and no network. With the secret that the requester\n' +
        'got, it also checks whom the certificate is about, one identity alone being enough.',
    )
    .argument('<file>', 'the evidence')
    .option(
      '--key <thumbprint>',
      'the signing key that you know to be the platform’s (repeatable)',
      many,
    )
    .option('--secret <secret>', 'the secret from the mail; flags show in process lists')
    .option('--email <address>', 'an e-mail address of the person (repeatable)', many)
    .option('--phone <number>', 'a phone number, as +49… (repeatable)', many)
    .option('--customer-id <id>', 'a customer id (repeatable)', many)
    .option('--identity <type=value>', 'an identity of any other type (repeatable)', many)
    .addOption(new Option('--ask', 'ask for secret and identities, without echo'))
    .addOption(
      new Option(
        '--stdin',
        'read them from standard input: lines secret=… and type=value',
      ).conflicts('ask'),
    )
    .addHelpText(
      'after',
      `
Examples:
  dsr verify bundle.json --key 8Zb1…          the key is the one that was published
  dsr verify bundle.json --ask                whom it is about, without echo
  printf 'secret=%s\\nemail=%s\\n' "$SECRET" "$ADDRESS" | dsr verify bundle.json --stdin`,
    )
    .action((file: string, options: VerifyOptions, command: Command) =>
      answerAlone(command, () => verify(file, options)),
    );
}

async function verify(file: string, options: VerifyOptions): Promise<Reply> {
  const bytes = await readIn(file);
  const verdict = verifyBundle(bytes, options.key);
  const { secret, identities } = await personOf(options);
  const { certificate } = verdict;
  const person = identities.map((identity) => ({
    type: identity.type,
    isMeant: certificate !== undefined && isAbout(certificate, secret, identity),
  }));
  const isProven = verdict.valid && person.every(({ isMeant }) => isMeant);
  return reply(
    { ...verdict, ...(person.length > 0 && { person }) },
    renderVerdict(verdict, person, options.key !== undefined),
    isProven ? EXIT.done : EXIT.notVerified,
  );
}

/** Nobody, where only the bundle is to be checked. */
async function personOf(
  options: VerifyOptions,
): Promise<{ secret: string; identities: Identity[] }> {
  const flagged = identitiesFromFlags(options);
  if (options.ask) {
    const secret = options.secret ?? (await askSecret());
    return { secret, identities: flagged.length > 0 ? flagged : await askIdentities() };
  }
  const given = options.stdin ? identitiesFromText(await readStandardInput()) : [];
  const identities = [...flagged, ...given.filter(({ type }) => type !== 'secret')];
  const secret = options.secret ?? given.find(({ type }) => type === 'secret')?.value;
  if (secret !== undefined && identities.length === 0)
    throw usageError('Say whom the certificate may be about: --email, --phone, --customer-id …');
  if (secret !== undefined || identities.length === 0) return { secret: secret ?? '', identities };
  if (atTerminal()) return { secret: await askSecret(), identities };
  throw usageError('The secret from the mail is needed: --ask, --stdin (secret=…) or --secret.');
}
