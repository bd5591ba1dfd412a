import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { type FakeFunctions, failed, startFakeAws } from './fake-aws.ts';
import {
  aLine,
  aListed,
  aReport,
  aRequest,
  aStoppedLine,
  aWait,
  aWaitOnTheAdmin,
  REQUEST_ID,
} from './reports.ts';
import { type Ended, runDsr } from './run-dsr.ts';

const OPERATOR = 'arn:aws:iam::000000000000:user/dsr-operator';

let aws: Awaited<ReturnType<typeof startFakeAws>> | undefined;
afterEach(() => aws?.stop());

/** Runs a command against a stack with these functions. */
async function dsr(args: string[], functions: FakeFunctions, input = ''): Promise<Ended> {
  aws = await startFakeAws(functions, OPERATOR);
  return runDsr(args, { endpoint: aws.endpoint, input });
}

const opened = {
  outcome: 'opened',
  requestId: REQUEST_ID,
  dueOn: '2026-12-23',
  timeZone: 'Europe/Berlin',
  unrolledDueOn: '2026-12-23',
};

describe('erase', () => {
  it('opens a request as the caller, with identities from standard input', async () => {
    const ended = await dsr(
      ['erase', '--stdin', '--received-at', '2026-11-02', '--reference', 'T-7', '--json'],
      { OpenRequest: () => opened },
      'email=a@example.com\nphone=+49 30 1234\n',
    );

    expect(ended).toEqual({ exitCode: 0, stdout: expect.any(String), stderr: '' });
    expect(JSON.parse(ended.stdout)).toEqual(opened);
    expect(aws?.invoked).toEqual([
      {
        name: 'OpenRequest',
        input: {
          kind: 'erasure',
          subjectKind: 'customer',
          confirm: false,
          identities: [
            { type: 'email', value: 'a@example.com' },
            { type: 'phone', value: '+49 30 1234' },
          ],
          receivedAt: '2026-11-01T23:00:00Z',
          reference: 'T-7',
          by: 'dsr-operator',
        },
      },
    ]);
  });

  it.each([
    ['more identities than one request takes', 101, 'C', /identities .*100/],
    ['an identity that is too long', 1, 'C'.repeat(321), /identities\.0\.value .*320/],
  ])('says what the rule is for %s, and asks for nothing', async (_, count, value, words) => {
    const given = Array.from({ length: count }, (__, n) => `customer_id=${value}${n}\n`).join('');
    const ended = await dsr(['erase', '--stdin'], { OpenRequest: () => opened }, given);

    expect(ended.exitCode).toBe(2);
    expect(ended.stderr).toMatch(words);
    expect(ended.stderr).toContain('Nothing was started');
    expect(ended.stderr).not.toContain('CCC');
    expect(aws?.invoked ?? []).toEqual([]);
  });

  it('exports a user of the platform, to take elsewhere', async () => {
    await dsr(
      ['export', '--stdin', '--user', '--portability', '--json'],
      {
        OpenRequest: () => opened,
      },
      'email=a@example.com\n',
    );

    expect(aws?.invoked[0]?.input).toMatchObject({ kind: 'portability', subjectKind: 'user' });
  });

  it.each([
    ['reissued', 0, 'A new code is on its way'],
    ['gone', 4, 'ask for a new export'],
    ['notAsked', 4, 'waits for no code'],
    ['unknown', 3, 'no request'],
  ])('says what came of asking for a new code: %s', async (outcome, exitCode, words) => {
    const ended = await dsr(['reissue', REQUEST_ID], { Reissue: () => ({ outcome }) });

    expect(ended.exitCode).toBe(exitCode);
    expect(ended.stdout + ended.stderr).toContain(words);
  });

  it('tells people the id, the deadline and how to follow it', async () => {
    const { exitCode, stdout } = await dsr(['erase', '--customer-id', 'C-1'], {
      OpenRequest: () => opened,
    });

    expect(exitCode).toBe(0);
    expect(stdout).toContain(`Request ${REQUEST_ID} is open.`);
    expect(stdout).toContain('Legal deadline 2026-12-23');
    expect(stdout).toContain(`npm run dsr -- watch ${REQUEST_ID}`);
    expect(stdout).not.toContain('C-1');
  });

  it('is done, in words, when the same identities are in an open request', async () => {
    const { exitCode, stdout } = await dsr(['erase', '--customer-id', 'C-1'], {
      OpenRequest: () => ({ outcome: 'alreadyOpen', requestId: REQUEST_ID }),
    });

    expect(exitCode).toBe(0);
    expect(stdout).toContain('already in request');
  });

  it('starts nothing on a dry run', async () => {
    const found = {
      outcome: 'found',
      identities: { email: 1 },
      ambiguous: false,
      sources: [],
      tables: [],
      undeclared: [],
      notRead: [],
    };
    const { exitCode, stdout } = await dsr(['erase', '--email', 'a@example.com', '--dry-run'], {
      Preview: () => found,
      OpenRequest: () => opened,
    });

    expect(exitCode).toBe(0);
    expect(stdout).toContain('Nothing was started.');
    expect(aws?.invoked.map(({ name }) => name)).toEqual(['Preview']);
  });

  it.each([
    ['nobody is named', ['erase'], 'Say who is meant'],
    ['the day lies ahead', ['erase', '--stdin', '--received-at', '2999-01-01'], 'in the future'],
    ['a dry run is to be watched', ['erase', '--dry-run', '--watch'], 'cannot be used with'],
    [
      'the actor is an address',
      ['erase', '--email', 'a@b.example', '--by', 'x@y'],
      'by must be an id',
    ],
  ])('is a mistake of usage when %s', async (_mistake, args, words) => {
    const { exitCode, stdout, stderr } = await dsr([...args, '--json'], {
      OpenRequest: () => opened,
    });

    expect(exitCode).toBe(2);
    expect(stderr).toContain(words);
    expect(JSON.parse(stdout)).toMatchObject({ error: { kind: 'usage' } });
    expect(aws?.invoked).toEqual([]);
  });

  it('gives the system’s own objections', async () => {
    const { exitCode, stderr } = await dsr(['erase', '--identity', 'shoe=42'], {
      OpenRequest: () => ({ outcome: 'invalid', problems: ['the platform declares no shoe'] }),
    });

    expect(exitCode).toBe(2);
    expect(stderr).toContain('the platform declares no shoe');
  });
});

const REGISTERED = {
  registered: { email: 'admin@shop.example', changeAfter: '7d' },
  since: '2026-11-20T09:00:00.000Z',
};
const listAnd =
  (lines: unknown[], admin: object = REGISTERED) =>
  (input: unknown) => {
    const { query } = input as { query: string };
    if (query === 'admin') return admin;
    return query === 'lines' ? lines : [aListed()];
  };

describe('reading', () => {
  it('lists what is open as one JSON document', async () => {
    const { exitCode, stdout, stderr } = await dsr(['list', '--open', '--json'], {
      ReadDesk: listAnd([aLine()]),
    });

    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(JSON.parse(stdout)).toEqual([aListed()]);
    expect(aws?.invoked).toContainEqual({
      name: 'ReadDesk',
      input: { query: 'list', status: 'open' },
    });
  });

  it('says above the list that a line has stopped, and how to resume it', async () => {
    const { stdout } = await dsr(['list'], { ReadDesk: listAnd([aStoppedLine()]) });

    expect(stdout).toMatch(/^Refresh cycles stopped.*resume cycles`\.\n\nRequest /);
  });

  it('says above the list that platform.yaml names another tenant admin', async () => {
    const named = { email: 'other@shop.example', changeAfter: '7d' };
    const { stdout } = await dsr(['list'], {
      ReadDesk: listAnd([aLine()], { ...REGISTERED, named, denied: true }),
    });

    expect(stdout).toMatch(/^platform.yaml names another .* It was denied\. See .*\n\nRequest /);
  });

  it('shows who is registered', async () => {
    const { exitCode, stdout } = await dsr(['admin'], { ReadDesk: () => REGISTERED });

    expect(exitCode).toBe(0);
    expect(stdout).toContain('admin@shop.example is registered as the tenant admin');
    expect(aws?.invoked).toEqual([{ name: 'ReadDesk', input: { query: 'admin' } }]);
  });

  it('says it to scripts on standard error', async () => {
    const { stdout, stderr } = await dsr(['list', '--json'], {
      ReadDesk: listAnd([aStoppedLine()]),
    });

    expect(JSON.parse(stdout)).toEqual([aListed()]);
    expect(stderr).toContain('npm run dsr -- resume cycles');
  });

  it('shows the lines', async () => {
    const { exitCode, stdout } = await dsr(['lines'], { ReadDesk: () => [aStoppedLine()] });

    expect(exitCode).toBe(0);
    expect(stdout).toContain('stopped');
    expect(aws?.invoked).toEqual([{ name: 'ReadDesk', input: { query: 'lines' } }]);
  });

  it('shows the status to people', async () => {
    const { exitCode, stdout } = await dsr(['status', REQUEST_ID.toLowerCase()], {
      ReadDesk: () => aReport(),
    });

    expect(exitCode).toBe(0);
    expect(stdout).toContain(`Request ${REQUEST_ID}: open`);
    expect(stdout).toContain('on the source’s owner (crm)');
  });

  it.each([['status'], ['watch'], ['certificate'], ['decide']])(
    '%s of a request that is not there is not found',
    async (command) => {
      const { exitCode, stdout } = await dsr([command, REQUEST_ID], {
        ReadDesk: () => ({ outcome: 'unknown' }),
      });

      expect(exitCode).toBe(3);
      expect(stdout).toContain(`There is no request ${REQUEST_ID}`);
    },
  );

  it('does not ask for what can be no id', async () => {
    const { exitCode, stderr } = await dsr(['status', '17'], {});

    expect(exitCode).toBe(2);
    expect(stderr).toContain('17 is no request id');
  });

  it('writes a certificate to a file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'dsr-'));
    const out = join(folder, 'certificate.json');
    const certificate = { requestId: REQUEST_ID, outcome: 'erased' };
    const { exitCode } = await dsr(['certificate', REQUEST_ID, '--out', out], {
      ReadDesk: () => ({ outcome: 'certified', certificate }),
    });

    expect(exitCode).toBe(0);
    expect(JSON.parse(await readFile(out, 'utf8'))).toEqual(certificate);
    await rm(folder, { recursive: true });
  });

  it('has no certificate before the end', async () => {
    const { exitCode } = await dsr(['certificate', REQUEST_ID], {
      ReadDesk: () => ({ outcome: 'notYet' }),
    });

    expect(exitCode).toBe(4);
  });

  it('shows no personal data of a closed request', async () => {
    const { exitCode, stdout } = await dsr(['show', REQUEST_ID, '--yes'], {
      Disclose: () => ({ outcome: 'unreadable' }),
    });

    expect(exitCode).toBe(4);
    expect(stdout).toContain('its key deleted');
    expect(aws?.invoked).toEqual([
      { name: 'Disclose', input: { target: REQUEST_ID, by: 'dsr-operator' } },
    ]);
  });

  it('shows what the faults of a cycle said', async () => {
    const fault = {
      faultId: '01KAS3V7N0ZQ4T5M8W2X6Y9B1D',
      step: 'buildModel',
      class: 'EngineError',
      message: 'no column revenue',
      at: '2026-11-23T11:58:00Z',
    };
    const { exitCode, stdout } = await dsr(['show', 'C-12', '--yes'], {
      Disclose: () => ({ outcome: 'faultsDisclosed', faults: [fault] }),
    });

    expect(exitCode).toBe(0);
    expect(stdout).toContain(
      'in build model, 2026-11-23 12:58:00, EngineError:\nno column revenue',
    );
    expect(aws?.invoked).toEqual([
      { name: 'Disclose', input: { target: 'c-12', by: 'dsr-operator' } },
    ]);
  });

  it.each([
    ['v-40', { outcome: 'faultsDisclosed', faults: [] }, 0, 'No faults are kept of v-40'],
    [REQUEST_ID, { outcome: 'unknown' }, 3, `There is no request or fault ${REQUEST_ID}`],
  ])('says that there is nothing to show of %s', async (target, answered, code, words) => {
    const { exitCode, stdout } = await dsr(['show', target], { Disclose: () => answered });

    expect(exitCode).toBe(code);
    expect(stdout).toContain(words);
  });

  it('shows nothing of what can be no id', async () => {
    const { exitCode, stderr } = await dsr(['show', 'x-4'], {});

    expect(exitCode).toBe(2);
    expect(stderr).toContain('x-4 is no request id');
  });
});

describe('watch', () => {
  const closed = (outcome: 'erased' | 'nothingHeld' | 'partlyErased' | 'cancelled') =>
    aReport({
      request: aRequest({ status: 'closed', outcome, closedAt: '2026-11-23T11:59:00Z' }),
      waits: [],
    });

  it('follows until the request is closed, and tells everything once', async () => {
    const seen = [aReport(), aReport(), closed('erased')];
    const { exitCode, stdout, stderr } = await dsr(
      ['watch', REQUEST_ID, '--every', '0.01', '--json'],
      { ReadDesk: () => seen.shift() },
    );

    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toEqual(closed('erased'));
    expect(stderr.match(/resolve identities/g)).toHaveLength(1);
    expect(stderr.match(/on the source’s owner \(crm\)/g)).toHaveLength(1);
  });

  it.each([
    ['nothingHeld', 0],
    ['partlyErased', 6],
    ['cancelled', 6],
  ] as const)('of a request that ended %s leaves with %d', async (outcome, code) => {
    const { exitCode } = await dsr(['watch', REQUEST_ID], {
      ReadDesk: () => closed(outcome),
    });

    expect(exitCode).toBe(code);
  });

  it('stops where a person is asked, with the commands that answer', async () => {
    const { exitCode, stdout } = await dsr(['erase', '--customer-id', 'C-1', '--watch'], {
      OpenRequest: () => opened,
      ReadDesk: () => aReport({ waits: [aWaitOnTheAdmin()] }),
    });

    expect(exitCode).toBe(5);
    expect(stdout).toContain('whoIsMeant#1 only-1 --as tenantAdmin');
  });
});

describe('deciding', () => {
  it('lists what may be decided', async () => {
    const { exitCode, stdout } = await dsr(['decide', REQUEST_ID, '--json'], {
      ReadDesk: () => aReport({ waits: [aWaitOnTheAdmin()] }),
    });

    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ waits: [{ options: ['only-1', 'all'] }] });
  });

  it('lists what a source waits for', async () => {
    const wait = aWait({
      waitId: `${REQUEST_ID}/whatToDo#1`,
      kind: 'refreshDecision',
      on: 'operator',
      role: 'operator',
      options: ['tryAgain'],
    });
    const decision = { requests: 2, wait };
    const { stdout } = await dsr(['decide', 'crm'], {
      ReadDesk: () => [{ source: 'crm', kind: 'postgres', status: 'failedPermanent', decision }],
    });

    expect(stdout).toContain(`decide ${REQUEST_ID}/whatToDo#1 tryAgain --as operator`);
  });

  it('decides in a role, with a reason from standard input', async () => {
    const { exitCode, stdout } = await dsr(
      ['decide', REQUEST_ID, 'only-1', '--as', 'tenantAdmin', '--reason', '-'],
      { Decide: () => ({ outcome: 'accepted', words: 'Recorded.' }) },
      'asked by phone\n',
    );

    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: 'Recorded.\n' });
    expect(aws?.invoked).toEqual([
      {
        name: 'Decide',
        input: {
          target: REQUEST_ID,
          option: 'only-1',
          as: 'tenantAdmin',
          by: 'dsr-operator',
          reason: 'asked by phone',
        },
      },
    ]);
  });

  it.each([
    ['cancel', 'cancelled'],
    ['refuse', 'refused'],
  ])('%s is short for deciding %s', async (command, option) => {
    await dsr([command, REQUEST_ID], { Decide: () => ({ outcome: 'accepted', words: 'Ends.' }) });

    expect(aws?.invoked).toMatchObject([{ input: { target: REQUEST_ID, option, as: 'operator' } }]);
  });

  it.each([
    ['alreadyAnswered', 4],
    ['notAnOption', 4],
    ['notYourRole', 4],
    ['unknown', 3],
  ])('leaves with the words of %s and %d', async (outcome, code) => {
    const { exitCode, stdout } = await dsr(['decide', REQUEST_ID, 'all'], {
      Decide: () => ({ outcome, words: 'Words.' }),
    });

    expect({ exitCode, stdout }).toEqual({ exitCode: code, stdout: 'Words.\n' });
  });

  it('resumes, and refuses to resume what runs', async () => {
    const { exitCode } = await dsr(['resume', REQUEST_ID], {
      Resume: () => ({ outcome: 'stillRunning', words: 'It runs.' }),
    });

    expect(exitCode).toBe(4);
  });
});

describe('the platform', () => {
  it('queues a refresh of the sources named', async () => {
    const { exitCode, stdout } = await dsr(['refresh', 'crm', 'orders', '--by', 'scheduler'], {
      RequestRefresh: () => ({ outcome: 'queued', cycle: 'c-4' }),
    });

    expect(exitCode).toBe(0);
    expect(stdout).toContain('The refresh of crm, orders is queued for cycle c-4.');
    expect(aws?.invoked).toEqual([
      { name: 'RequestRefresh', input: { sources: ['crm', 'orders'], by: 'scheduler' } },
    ]);
  });
});

describe('when it fails', () => {
  it('names the fault’s class and id, and repeats no message', async () => {
    const faultId = '01KAS3V7N0ZQ4T5M8W2X6Y9B1D';
    const { exitCode, stdout, stderr } = await dsr(['sources', '--json'], {
      ReadDesk: () => failed('EngineError', `EngineError ${faultId}`),
    });

    expect(exitCode).toBe(1);
    expect(stderr).toBe(
      `ReadDeskFunction failed: EngineError (fault ${faultId}). \`npm run dsr -- show ${faultId}\` has its message.\n`,
    );
    expect(JSON.parse(stdout)).toMatchObject({
      error: { kind: 'fault', class: 'EngineError', faultId },
    });
  });

  it('says which stack is not there', async () => {
    const { exitCode, stderr } = await dsr(['list', '--stack', 'other'], {});

    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^There is no stack other at http/);
  });

  it('says that the stack does not have the function', async () => {
    const { exitCode, stderr } = await dsr(['snapshot'], {});

    expect(exitCode).toBe(1);
    expect(stderr).toContain('has no output ReadDeskFunction');
  });

  it('says that nothing answers', async () => {
    const { exitCode, stderr } = await runDsr(['list'], { endpoint: 'http://127.0.0.1:9' });

    expect(exitCode).toBe(1);
    expect(stderr).toMatch(
      /^Nothing answers at http:\/\/127\.0\.0\.1:9\. Start it with `npm start`/,
    );
  });

  it('knows no such command', async () => {
    const { exitCode, stderr } = await dsr(['forget'], {});

    expect(exitCode).toBe(2);
    expect(stderr).toContain("unknown command 'forget'");
  });
});
