import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { aStory, SECRET, type Story, written } from '../evidence/a-bundle.ts';
import { type FakeFunctions, startFakeAws } from './fake-aws.ts';
import { REQUEST_ID } from './reports.ts';
import { runDsr } from './run-dsr.ts';

let folder: string;
let story: Story;
let bundleFile: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dsr-evidence-'));
  story = await aStory();
  bundleFile = join(folder, 'bundle.json');
  await writeFile(bundleFile, written(story.bundle));
});
afterAll(() => rm(folder, { recursive: true }));

let aws: Awaited<ReturnType<typeof startFakeAws>> | undefined;
afterEach(async () => {
  await aws?.stop();
  aws = undefined;
});

async function dsr(args: string[], functions: FakeFunctions) {
  aws = await startFakeAws(functions, 'arn:aws:iam::000000000000:user/dsr-operator');
  return runDsr(args, { endpoint: aws.endpoint });
}

/** Nothing answers there: whoever asks the system fails. */
const alone = (args: string[], input = '') =>
  runDsr(args, { endpoint: 'http://127.0.0.1:9', input });

describe('certificate', () => {
  const certified = () => ({
    outcome: 'certified',
    certificate: story.certificate,
    jws: story.bundle.certificate,
  });

  it('is written as a page and as a sheet of paper, with the digest of what was signed', async () => {
    const [html, pdf] = [join(folder, 'c.html'), join(folder, 'c.pdf')];
    const { exitCode, stdout } = await dsr(
      ['certificate', REQUEST_ID, '--html', html, '--pdf', pdf],
      { ReadDesk: certified },
    );

    expect({ exitCode, stdout }).toEqual({
      exitCode: 0,
      stdout: `The certificate is in ${html}, ${pdf}.\n`,
    });
    const { digest } = JSON.parse((await alone(['verify', bundleFile, '--json'])).stdout);
    expect(await readFile(html, 'utf8')).toContain(`dsr:certificate:${REQUEST_ID}:${digest}`);
    expect((await readFile(pdf)).subarray(0, 5).toString()).toBe('%PDF-');
  });

  it('is printed as JSON without a file', async () => {
    const { stdout } = await dsr(['certificate', REQUEST_ID], { ReadDesk: certified });

    expect(JSON.parse(stdout)).toEqual(story.certificate);
  });

  it('says which file cannot be written', async () => {
    const { exitCode, stderr } = await dsr(
      ['certificate', REQUEST_ID, '--html', join(folder, 'none', 'c.html')],
      { ReadDesk: certified },
    );

    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/c\.html cannot be written \(ENOENT\)/);
  });
});

describe('evidence', () => {
  const gathered = (bundle: unknown) => ({
    SignHeads: () => ({ outcome: 'signed' }),
    GatherEvidence: () => ({ outcome: 'gathered', bundle }),
  });

  it('has a head signed first, and writes what verify reads', async () => {
    const out = join(folder, 'evidence.json');
    const { exitCode, stdout } = await dsr(
      ['evidence', REQUEST_ID, '--out', out],
      gathered(story.bundle),
    );

    expect(exitCode).toBe(0);
    expect(stdout).toContain('This evidence holds');
    expect(aws?.invoked).toEqual([
      { name: 'SignHeads', input: {} },
      { name: 'GatherEvidence', input: { requestId: REQUEST_ID } },
    ]);
    expect((await readFile(out)).equals(written(story.bundle))).toBe(true);
  });

  it('does not pass off what does not hold', async () => {
    const { exitCode, stdout } = await dsr(
      ['evidence', REQUEST_ID, '--out', join(folder, 'bad.json'), '--json'],
      gathered({ ...story.bundle, entries: story.bundle.entries.slice(1) }),
    );

    expect(exitCode).toBe(7);
    expect(JSON.parse(stdout)).toMatchObject({
      valid: false,
      problems: expect.arrayContaining([expect.objectContaining({ code: 'missingEntry' })]),
    });
  });

  it.each([
    ['unknown', 3, /no request/],
    ['notYet', 4, /not closed/],
    ['notSigned', 4, /Try again in a minute/],
  ])('of a request that is %s', async (outcome, code, words) => {
    const { exitCode, stdout } = await dsr(['evidence', REQUEST_ID, '--out', join(folder, 'x')], {
      SignHeads: () => ({}),
      GatherEvidence: () => ({ outcome }),
    });

    expect(exitCode).toBe(code);
    expect(stdout).toMatch(words);
  });
});

describe('verify', () => {
  it('needs nobody', async () => {
    const { exitCode, stdout, stderr } = await alone(['verify', bundleFile]);

    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toContain(`request ${REQUEST_ID} of demo was certified as “erased”`);
    expect(stdout).toContain('compare it with the one that the platform has published');
  });

  it('takes the word of a key that was named', async () => {
    const { kid } = story.signer.jwk;
    const known = await alone(['verify', bundleFile, '--key', kid]);
    expect(known.exitCode).toBe(0);
    expect(known.stdout).not.toContain('compare it');
    expect((await alone(['verify', bundleFile, '--key', 'another'])).exitCode).toBe(7);
  });

  it('names what is wrong', async () => {
    const file = join(folder, 'tampered.json');
    await writeFile(file, written({ ...story.bundle, heads: story.bundle.heads.slice(0, 1) }));
    const { exitCode, stdout } = await alone(['verify', file]);

    expect(exitCode).toBe(7);
    expect(stdout).toBe(
      'This evidence does not hold (1 problem):\n  - No signed head covers the ledger after entry 11.\n',
    );
  });

  it('tells whom it is about, by one identity and the secret, without flags', async () => {
    const input = `secret=${SECRET}\nemail=Anna@Example.com\n`;
    const { exitCode, stdout } = await alone(['verify', bundleFile, '--stdin'], input);

    expect(exitCode).toBe(0);
    expect(stdout).toContain('The certificate is about the person with this email.');
    expect(stdout.toLowerCase()).not.toContain('anna');
  });

  it('tells that it is about somebody else', async () => {
    const { exitCode, stdout } = await alone([
      ...['verify', bundleFile, '--json', '--secret', SECRET],
      ...['--customer-id', 'C-17', '--phone', '+49 30 0000'],
    ]);

    expect(exitCode).toBe(7);
    expect(JSON.parse(stdout)).toMatchObject({
      valid: true,
      person: [
        { type: 'phone', isMeant: false },
        { type: 'customer_id', isMeant: true },
      ],
    });
  });

  it.each([
    ['an identity without the secret', ['--email', 'a@b.example'], 2, /The secret .* is needed/],
    ['the secret without an identity', ['--secret', SECRET], 2, /Say whom/],
  ])('is a mistake of usage with %s', async (_, flags, code, words) => {
    const { exitCode, stderr } = await alone(['verify', bundleFile, ...flags]);

    expect(exitCode).toBe(code);
    expect(stderr).toMatch(words);
  });

  it('says that there is no such file', async () => {
    const { exitCode, stderr } = await alone(['verify', join(folder, 'none.json')]);

    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/none\.json cannot be read \(ENOENT\)/);
  });
});
