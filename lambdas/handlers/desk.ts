import * as z from 'zod';
import {
  Decide,
  Disclose,
  GatherEvidence,
  OpenRequest,
  PlaceHold,
  Preview,
  Query,
  type QueryAnswers,
  Reissue,
  RequestRefresh,
  Resume,
  StartCleanUp,
} from '../domain/desk.ts';
import { CLOSING_OPTIONS } from '../domain/wait.ts';
import { previewRun, reportCleanUp } from '../steps/cleaning/reporting-run.ts';
import { startRunNow } from '../steps/cleaning/starting.ts';
import { closeBy, decideWait } from '../steps/deciding.ts';
import { discloseTarget } from '../steps/disclosing.ts';
import { gatherEvidenceOf } from '../steps/gathering-evidence.ts';
import { placeHold } from '../steps/holding.ts';
import { openRequest as open } from '../steps/opening.ts';
import { previewErasure } from '../steps/previewing.ts';
import { queueRefresh } from '../steps/queueing.ts';
import { reissuePackage } from '../steps/reissuing.ts';
import { listRequests, reportCertificate, reportRequest } from '../steps/reporting.ts';
import { reportAdmin } from '../steps/reporting-admin.ts';
import {
  reportLines,
  reportSnapshot,
  reportSources,
  reportSuppressed,
} from '../steps/reporting-platform.ts';
import { resumeTarget } from '../steps/resuming.ts';
import { step } from './step.ts';

export const openRequest = step('openRequest', OpenRequest, (asked) => open(asked, new Date()));

export const readDesk = step(
  'readDesk',
  Query,
  async (asked): Promise<QueryAnswers[keyof QueryAnswers]> => {
    switch (asked.query) {
      case 'list':
        return listRequests(asked.status);
      case 'status':
        return reportRequest(asked.requestId);
      case 'certificate':
        return reportCertificate(asked.requestId);
      case 'sources':
        return reportSources();
      case 'snapshot':
        return reportSnapshot();
      case 'lines':
        return reportLines();
      case 'suppressed':
        return reportSuppressed();
      case 'admin':
        return reportAdmin();
      case 'cleanUp':
        return reportCleanUp(asked.runId);
      default:
        return asked satisfies never;
    }
  },
);

export const decide = step('decide', Decide, (decision) => {
  const closing = CLOSING_OPTIONS.find((option) => option === decision.option);
  return closing ? closeBy({ ...decision, option: closing }) : decideWait(decision);
});

export const hold = step('hold', PlaceHold, placeHold);

export const resume = step('resume', Resume, resumeTarget);

export const requestRefresh = step('requestRefresh', RequestRefresh, queueRefresh);

export const preview = step('preview', Preview, previewErasure);

export const gatherEvidence = step('gatherEvidence', GatherEvidence, ({ requestId }) =>
  gatherEvidenceOf(requestId),
);

export const disclose = step('disclose', Disclose, discloseTarget);

export const reissue = step('reissue', Reissue, ({ requestId, by }) =>
  reissuePackage(requestId, by),
);

export const startCleanUp = step('startCleanUp', StartCleanUp, async ({ by }) => ({
  outcome: 'started' as const,
  runId: await startRunNow(by),
}));

export const previewCleanUp = step('previewCleanUp', z.object({}), () => previewRun(new Date()));
