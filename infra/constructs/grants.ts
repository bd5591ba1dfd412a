import { Stack } from 'aws-cdk-lib';
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { Platform } from '../../lambdas/domain/platform.ts';
import type { Stores } from './stores.ts';

/** What a permission may point at. */
export interface GrantScope {
  scope: Construct;
  stores: Stores;
  platform: Platform;
}

/** One permission, by the name under which `permissions.ts` gives it to steps. */
export type Grant = (scope: GrantScope) => PolicyStatement[];

export const allow = (
  actions: string[],
  resources: string[],
  conditions?: PolicyStatement['conditions'],
): PolicyStatement => new PolicyStatement({ actions, resources, conditions });

/** A plain no, whatever anybody else allows, to all but these resources. */
export const denyBut = (actions: string[], notResources: string[]): PolicyStatement =>
  new PolicyStatement({ effect: Effect.DENY, actions, notResources });

/** The key of tables and lake, through the one service that needs it: never by itself. */
export const throughKey = (
  { stores }: Pick<GrantScope, 'stores'>,
  service: 'dynamodb' | 's3',
  actions: ('kms:Decrypt' | 'kms:GenerateDataKey')[],
): PolicyStatement =>
  allow(actions, [stores.keys.data.keyArn], {
    StringEquals: { 'kms:ViaService': `${service}.${Stack.of(stores).region}.amazonaws.com` },
  });

export const both =
  (...grants: Grant[]): Grant =>
  (scope) =>
    grants.flatMap((grant) => grant(scope));
