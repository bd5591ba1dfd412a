const times = (count: number, events: string[]): Record<string, number> =>
  Object.fromEntries(events.map((event) => [event, count]));

const inEachRound = ['joinRefreshCycle', 'lookAtProof', 'released', 'sourcesLetGo'];
/** What `endOf` gives of the story of an erasure, whatever happens on the way. */
export const ERASED = {
  ...{ outcome: 'erased', execution: 'SUCCEEDED', rounds: 3, gaveUpOn: [] },
  identities: { unique: { customer_id: 1, customer_key: 1 }, shared: { email: 1 } },
  sources: { crm: 'gone', loyalty: 'gone', orders: 'gone', web_events: 'gone' },
  recipients: [['offers', true]],
  tables: 13,
  found: [],
  heldIn: [
    ...['activities', 'customer_value', 'customers', 'engagement', 'matched'].map(
      (name) => `model ${name}`,
    ),
    ...['segment loyal_buyers', 'segment spring_campaign', 'source crm', 'source orders'],
  ],
  events: {
    ...times(1, ['requestReceived', 'askForConfirmation', 'lookAtConfirmation']),
    ...times(1, ['resolveIdentities', 'askWhoIsMeant', 'holdPlaced']),
    ...times(2, ['resolveIdentities-1', 'askSources', ...inEachRound]),
    ...times(1, ['askWhatToDo', 'applyDecision', 'tellRecipients', 'acknowledged']),
    ...times(1, ['stateResidue', 'settlePackages', 'certify', 'requestClosed', 'notify']),
    decided: 4,
  },
};

const rows = {
  ...{ crm: 1, orders: 6, web_events: 0, loyalty: 0 },
  ...{ activities: 6, customer_value: 1, customers: 1, engagement: 1, matched: 7 },
  ...{ loyal_buyers: 1, spring_campaign: 1, summer_mailing: 0 },
};
const files = Object.keys(rows).flatMap((table) =>
  ['csv', 'json', 'schema.json'].map((ending) => `tables/${table}.${ending}`),
);
/** What `playExport` comes to, likewise. */
export const EXPORTED = {
  ...{ outcome: 'delivered', execution: 'SUCCEEDED', rounds: 1 },
  identities: { unique: { customer_id: 1, customer_key: 1 }, shared: { email: 1 } },
  ...{ rows, files: ['index.html', 'manifest.json', ...files].sort() },
  ...{ wasKept: true, isLeft: false, isDelivered: true },
  events: {
    ...times(1, ['requestReceived', 'askForConfirmation', 'lookAtConfirmation']),
    ...times(1, ['resolveIdentities', 'askWhoIsMeant', 'resolveIdentities-1']),
    ...times(1, ['joinGathering', 'gathered', 'packageExport', 'offerPackage']),
    ...times(1, ['waitAnswered', 'packageDownloaded', 'lookAtCollection', 'keepPackage']),
    ...times(1, ['certify', 'deletePackage', 'requestClosed', 'notify']),
    decided: 2,
  },
};
