import { addsEvidence, readsEvidence } from './constructs/evidence-grants.ts';
import {
  answersWaits,
  looksAtCleanUps,
  looksAtExecutions,
  sendsMail,
  startsCleanUps,
  startsCycles,
  startsGatherings,
  startsPasses,
  startsRequests,
} from './constructs/flow-grants.ts';
import type { Grant } from './constructs/grants.ts';
import {
  deletesKeys,
  hashesCodes,
  keepsFaults,
  makesFaultKeys,
  makesKeys,
  opensKeys,
  opensSuppression,
  recognises,
  seals,
  signs,
  suppresses,
} from './constructs/key-grants.ts';
import {
  deletesData,
  deletesPackages,
  deletesWork,
  handsOverPackages,
  keepsDueList,
  listsVersions,
  listsWork,
  readsLake,
  readsPartitions,
  readsWork,
  writesPackages,
  writesPartitions,
  writesSnapshots,
  writesWork,
} from './constructs/lake-grants.ts';
import { findsUnreadMail, readsInboundMail } from './constructs/mail-grants.ts';
import { readsSources } from './constructs/source-grants.ts';
import {
  deletes,
  notesWhatIsKept,
  reads,
  readsLedger,
  recordsChanges,
  writes,
} from './constructs/table-grants.ts';

/** A file of `lambdas/handlers/`, and what each of its exports may do. */
export type HandlersFile = keyof typeof permissions;

/** What each step may, beside its own. */
export const everyStep: Grant[] = [keepsFaults];

/** A step of a request records its result with its ledger entry, and gives it when asked again. */
const records = [writes.requests, recordsChanges];
const resolves = [...records, opensKeys, reads.catalog, readsLake];
/** Starts whose turn it is. A line that is stuck is entered, as a wait on the operator. */
const startsACycle = [writes.catalog, recordsChanges, startsCycles];
const startsAPass = [writes.catalog, recordsChanges, startsPasses];
const startsAGathering = [writes.catalog, recordsChanges, startsGatherings];
const builds = [writes.catalog, readsLake, writesSnapshots, recordsChanges];
const scans = [writes.catalog, readsLake, writesWork, recordsChanges];
/** The answer first, then the execution that waits for it. */
const answers = [...records, answersWaits];
/** Asks a person; who has decided meanwhile that the request closes answers that at once. */
const asks = [...answers, sendsMail];
/** The same, of who has to type a code; what is asked is shown to them, masked. */
const asksForCode = [...asks, opensKeys, hashesCodes];
/** An open request runs, or waits on the operator, who is told. */
const keepsRunning = [...answers, startsRequests, looksAtExecutions, sendsMail];
/** Each run of the clean-up notes what it did, in the catalog and in the ledger. */
const cleans = [writes.catalog, recordsChanges];
const repairs = [...keepsRunning, ...startsACycle, ...startsAPass, ...startsAGathering];

/** A mail may open a request, confirm one, decide, or ask for a refresh. */
const receivesMail = [
  ...keepsRunning,
  readsInboundMail,
  makesKeys,
  recognises,
  hashesCodes,
  ...startsACycle,
  deletes.queued,
  deletes.waiters,
  deletes.holds,
];

/** Which step may do what: everything else is denied. One role a step. */
export const permissions = {
  'delete-customer-data': {
    resolveIdentities: resolves,
    askForConfirmation: asksForCode,
    lookAtConfirmation: records,
    askWhoIsMeant: asks,
    askSources: [...answers, deletes.queued, opensKeys, ...startsAPass],
    joinRefreshCycle: [...answers, opensKeys, ...startsACycle],
    lookAtProof: resolves,
    askWhatToDo: asks,
    applyDecision: [...records, deletes.waiters],
    stateResidue: records,
    settlePackages: [...asks, opensKeys, deletesPackages, deletes.gathered],
    tellRecipients: asksForCode,
    certify: [...records, opensKeys, reads.catalog, notesWhatIsKept, suppresses, signs],
    notify: [...records, opensKeys, sendsMail],
    lookAtHold: [...records, sendsMail],
    closeRequest: [...records, deletesKeys, deletes.queued, deletes.sameRequest],
  },
  'export-data': {
    resolveIdentities: resolves,
    askForConfirmation: asksForCode,
    lookAtConfirmation: records,
    askWhoIsMeant: asks,
    joinGathering: [...answers, ...startsAGathering],
    packageExport: [
      ...records,
      opensKeys,
      reads.catalog,
      reads.users,
      readsWork,
      writesPackages,
      deletes.gathered,
    ],
    offerPackage: [...asks, hashesCodes],
    lookAtCollection: records,
    keepPackage: records,
    deletePackage: [...records, deletesPackages, deletes.gathered],
    certify: [...records, opensKeys, signs],
    notify: [...records, opensKeys, sendsMail],
    // An erasure of the same person may wait for it.
    closeRequest: [...answers, deletesKeys, deletes.queued, deletes.sameRequest],
  },
  'verify-sources': {
    beginPass: [writes.catalog],
    askSource: [...records, writes.catalog, opensKeys, readsSources],
    answerRequests: [...answers, writes.catalog, deletes.queued, sendsMail],
    endPass: startsAPass,
  },
  'refresh-cycle': {
    closeTheDoor: [
      reads.requests,
      opensKeys,
      writes.catalog,
      deletes.queued,
      writesWork,
      deletesWork,
      suppresses,
      recordsChanges,
    ],
    refreshSource: [
      opensSuppression,
      readsSources,
      writesPartitions,
      readsPartitions,
      writes.catalog,
      recordsChanges,
    ],
    warnSupportContact: [reads.catalog, sendsMail, recordsChanges],
    buildModel: builds,
    buildSegment: builds,
    recreateSegment: builds,
    carryOverSegment: builds,
    publishSnapshot: [writes.catalog, recordsChanges],
    proveAbsence: scans,
    findResidue: scans,
    releaseMembers: [...answers, writes.catalog, deletes.queued, readsWork],
    endCycle: [...startsACycle, writes.requests, deletes.queued, deletesWork, sendsMail],
  },
  'clean-up-inactive-data': {
    listWhatIsDue: [...cleans, reads.requests, listsVersions, keepsDueList, looksAtCleanUps],
    deleteCopy: [...cleans, deletes.partitions, deletesData],
    completeCertificates: [...cleans, writes.requests, deletes.outstanding, listsVersions, signs],
    sweepLeftovers: [
      ...cleans,
      reads.requests,
      deletes.forgotten,
      deletes.sealed,
      seals,
      listsVersions,
      listsWork,
      deletesWork,
      deletesPackages,
    ],
    storeReport: [...cleans, keepsDueList],
  },
  'gather-exports': {
    closeTheDoor: [
      reads.requests,
      opensKeys,
      writes.catalog,
      deletes.queuedExports,
      readsLake,
      writesWork,
      recordsChanges,
    ],
    gatherTable: [reads.catalog, readsLake, writesWork],
    releaseGathered: [...answers, writes.catalog, deletes.queuedExports],
    endGathering: startsAGathering,
  },
  desk: {
    openRequest: [...records, makesKeys, recognises, startsRequests],
    readDesk: [reads.requests, reads.catalog, looksAtCleanUps],
    // That another tenant admin is registered is denied here.
    decide: [
      ...keepsRunning,
      writes.registeredAdmin,
      writes.catalog,
      deletes.queued,
      deletes.waiters,
      deletes.holds,
    ],
    hold: [...keepsRunning, writes.catalog, deletes.queued, deletes.waiters],
    resume: repairs,
    requestRefresh: startsACycle,
    preview: [reads.catalog, readsLake, readsSources],
    disclose: [reads.requests, opensKeys, recordsChanges],
    gatherEvidence: [reads.requests, readsLedger, readsEvidence],
    startCleanUp: [startsCleanUps],
    previewCleanUp: [reads.catalog, reads.requests, listsVersions],
    // The mail to a recipient names the person.
    reissue: [...asks, hashesCodes, opensKeys],
  },
  sweeper: {
    sweep: [
      ...repairs,
      writes.registeredAdmin,
      // A reminder of what is answered by code has a new one; that to a recipient names the person.
      hashesCodes,
      opensKeys,
      deletes.waiters,
      deletes.queued,
      makesFaultKeys,
      deletesWork,
      deletes.gatherings,
      deletes.news,
      startsCleanUps,
    ],
    executionEnded: [...repairs, deletesWork],
    scheduledRefresh: startsACycle,
    scheduledCleanUp: [startsCleanUps],
  },
  pages: {
    // A code registers another tenant admin.
    servePages: [...answers, writes.registeredAdmin, hashesCodes, handsOverPackages],
    recordBounce: [writes.changesOfAdmin, recordsChanges, sendsMail],
  },
  mail: {
    receiveMail: receivesMail,
    rereadMail: [...receivesMail, findsUnreadMail],
    listMail: [reads.requests],
    discloseMail: [reads.requests, readsInboundMail, recordsChanges],
  },
  evidence: {
    signHeads: [readsLedger, readsEvidence, addsEvidence, signs],
  },
} satisfies Record<string, Record<string, Grant[]>>;
