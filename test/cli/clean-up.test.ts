import { afterEach, describe, expect, it } from '@jest/globals';
import { renderCleanUp, renderCleanUpPreview } from '../../cli/render/clean-up.ts';
import type { CleanUpPreview, CleanUpReport } from '../../lambdas/domain/clean-up-report.ts';
import { RunId } from '../../lambdas/domain/ids.ts';
import { type FakeFunctions, startFakeAws } from './fake-aws.ts';
import { CLOCK, REQUEST_ID } from './reports.ts';
import { runDsr } from './run-dsr.ts';

const RUN = RunId.parse('run-2026-11-23T04');
let aws: Awaited<ReturnType<typeof startFakeAws>> | undefined;
afterEach(() => aws?.stop());

async function dsr(args: string[], functions: FakeFunctions) {
  aws = await startFakeAws(functions, 'arn:aws:iam::000000000000:user/dsr-operator');
  return runDsr(args, { endpoint: aws.endpoint });
}

const copy = {
  copy: 'source crm c-1.1',
  prefix: 'partitions/crm/c-1.1/',
  why: 'superseded' as const,
  inactiveSince: '2026-10-23T02:00:00Z',
  bytes: 12_300_000,
};
const kept = {
  ...copy,
  copy: 'snapshot c-1',
  reason: 'legalHold' as const,
  requestId: REQUEST_ID,
};

const aRun = (changed: Partial<CleanUpReport> = {}): CleanUpReport => ({
  runId: RUN,
  status: 'done',
  startedAt: '2026-11-23T03:00:00Z',
  endedAt: '2026-11-23T03:01:00Z',
  due: 1,
  notYet: 7,
  deleted: 1,
  versions: 2,
  bytes: 12_300_000,
  kept: 1,
  failed: 0,
  certificatesCompleted: 1,
  copies: [{ ...copy, versions: 2, goneAt: '2026-11-23T03:00:30Z' }],
  keptCopies: [kept],
  ...changed,
});

const aPreview: CleanUpPreview = {
  outcome: 'listed',
  due: 1,
  bytes: 12_300_000,
  notYet: 7,
  copies: [copy],
  keptCopies: [kept],
};

describe('clean-up --dry-run', () => {
  it('lists what is due and what is kept, and starts nothing', async () => {
    const ended = await dsr(['clean-up', '--dry-run'], { PreviewCleanUp: () => aPreview });
    expect(ended).toMatchObject({ exitCode: 0, stderr: '' });
    expect(ended.stdout).toContain('1 copy is due, about 12.3 MB. Nothing was deleted.');
    expect(ended.stdout).toMatch(/source crm c-1\.1 +superseded +2026-10-23 04:00:00/);
    expect(ended.stdout).toMatch(new RegExp(`snapshot c-1 +legal hold +${REQUEST_ID}`));
    expect(ended.stdout).toContain('7 inactive copies are not due yet.');
    expect(aws?.invoked).toEqual([{ name: 'PreviewCleanUp', input: {} }]);
  });

  it('prints the document for scripts', async () => {
    const { stdout } = await dsr(['clean-up', '--dry-run', '--json'], {
      PreviewCleanUp: () => aPreview,
    });
    expect(JSON.parse(stdout)).toEqual(aPreview);
  });

  it('fails where it cannot be told what is active', async () => {
    const ended = await dsr(['clean-up', '--dry-run'], {
      PreviewCleanUp: () => ({ outcome: 'stopped', reason: 'pointerMissing' }),
    });
    expect(ended.exitCode).toBe(1);
    expect(ended.stdout).toContain('there is no active pointer');
  });
});

describe('clean-up', () => {
  it('starts a run as the caller, and follows it', async () => {
    const answers = [{ outcome: 'unknown' }, aRun({ status: 'running', copies: [] }), aRun()];
    const ended = await dsr(['clean-up'], {
      StartCleanUp: () => ({ outcome: 'started', runId: RUN }),
      ReadDesk: () => answers.shift(),
    });
    expect(ended.exitCode).toBe(0);
    expect(ended.stderr).toContain(`Started ${RUN}.`);
    expect(ended.stdout).toContain('1 of 1 copy deleted, 1 kept: 2 object versions, 12.3 MB');
    expect(aws?.invoked.slice(0, 2)).toEqual([
      { name: 'StartCleanUp', input: { by: 'dsr-operator' } },
      { name: 'ReadDesk', input: { query: 'cleanUp', runId: RUN } },
    ]);
  });

  it.each(['incomplete', 'stopped', 'died'] as const)(
    'fails when its run is %s',
    async (status) => {
      const ended = await dsr(['clean-up', '--json'], {
        StartCleanUp: () => ({ outcome: 'started', runId: RUN }),
        ReadDesk: () => aRun({ status, failed: 1 }),
      });
      expect(ended.exitCode).toBe(1);
      expect(JSON.parse(ended.stdout)).toMatchObject({ runId: RUN, status });
    },
  );
});

describe('clean-up show', () => {
  it('shows the latest run', async () => {
    const ended = await dsr(['clean-up', 'show'], { ReadDesk: () => aRun() });
    expect(ended.stdout).toContain(`Clean-up ${RUN}: done`);
    expect(ended.stdout).toContain('Also: 1 certificate completed.');
    expect(aws?.invoked).toEqual([{ name: 'ReadDesk', input: { query: 'cleanUp' } }]);
  });

  it.each([RUN, RUN.slice(4)])('shows the run named %s', async (named) => {
    await dsr(['clean-up', 'show', named], { ReadDesk: () => aRun() });
    expect(aws?.invoked).toEqual([{ name: 'ReadDesk', input: { query: 'cleanUp', runId: RUN } }]);
  });

  it('says that there is none', async () => {
    const ended = await dsr(['clean-up', 'show', RUN], {
      ReadDesk: () => ({ outcome: 'unknown' }),
    });
    expect(ended.exitCode).toBe(3);
  });

  it('refuses what is no run', async () => {
    const ended = await dsr(['clean-up', 'show', 'x'], {});
    expect(ended.exitCode).toBe(2);
    expect(ended.stderr).toMatch(/x is no run/);
  });
});

describe('a report', () => {
  it('names what is still there, and where to look', () => {
    const failed = { ...copy, reason: 'failed' as const };
    const words = renderCleanUp(
      aRun({ status: 'incomplete', due: 2, failed: 1, kept: 0, keptCopies: [failed] }),
      CLOCK,
    );
    expect(words).toContain('1 of 2 copies deleted, 1 not all deleted');
    expect(words).toMatch(/source crm c-1\.1 +failed/);
    expect(words).toContain(`show ${RUN}`);
  });

  it('tells how many copies it does not list', () => {
    expect(renderCleanUpPreview({ ...aPreview, due: 2001 }, CLOCK)).toContain(
      '… and 2,000 more copies.',
    );
  });

  it('says that nothing was due', () => {
    const none = { due: 0, deleted: 0, versions: 0, bytes: 0, kept: 0, copies: [], keptCopies: [] };
    expect(renderCleanUp(aRun(none), CLOCK)).toContain('Nothing was due.');
  });
});
