import { Stack } from 'aws-cdk-lib';
import { executionsArn, FLOWS, type FlowName, flowArn } from './flow-arns.ts';
import { allow, both, type Grant } from './grants.ts';
import { configurationSetName } from './mail-events.ts';

/** Raw mail, because only it carries the headers that stop robots from answering each other. */
export const sendsMail: Grant = ({ scope, platform: { sender } }) => [
  allow(
    ['ses:SendRawEmail'],
    // SES checks the address where that is verified, else its domain.
    [
      ...[sender, sender.slice(sender.indexOf('@') + 1)].map((identity) => ['identity', identity]),
      ['configuration-set', configurationSetName(scope)],
    ].map(([resource = '', resourceName]) =>
      Stack.of(scope).formatArn({ service: 'ses', resource, resourceName }),
    ),
    { StringEqualsIfExists: { 'ses:FromAddress': sender } },
  ),
];

const starts =
  (flow: FlowName): Grant =>
  ({ scope }) => [allow(['states:StartExecution'], [flowArn(scope, flow)])];

export const startsRequests = both(starts('delete-customer-data'), starts('export-data'));
export const startsPasses = starts('verify-sources');
export const startsCycles = starts('refresh-cycle');
export const startsGatherings = starts('gather-exports');
export const startsCleanUps = starts('clean-up-inactive-data');

/** Whether a run of the clean-up is still going on. */
export const looksAtCleanUps: Grant = ({ scope }) => [
  allow(['states:DescribeExecution'], [executionsArn(scope, 'clean-up-inactive-data')]),
];

/** Which executions run, and how one ended; nothing of what they carry changes. */
export const looksAtExecutions: Grant = ({ scope }) => [
  allow(
    ['states:DescribeExecution'],
    FLOWS.map((flow) => executionsArn(scope, flow)),
  ),
  allow(
    ['states:ListExecutions'],
    FLOWS.map((flow) => flowArn(scope, flow)),
  ),
];

/** Only requests wait on a token. */
export const answersWaits: Grant = ({ scope }) => [
  allow(
    ['states:SendTaskSuccess'],
    [flowArn(scope, 'delete-customer-data'), flowArn(scope, 'export-data')],
  ),
];
