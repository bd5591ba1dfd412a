import { ArnFormat, Stack } from 'aws-cdk-lib';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { Source } from '../../lambdas/domain/platform.ts';
import { allow, type Grant } from './grants.ts';

/** Each declared source; they are too many for a role's own policy: see `SourceAccess`. */
export const readsSources: Grant = ({ scope, platform }) =>
  Object.values(platform.sources).flatMap((source) => readsSource(scope, source));

/** Its one secret, its one prefix, its one table; read only. */
export function readsSource(scope: Construct, source: Source): PolicyStatement[] {
  const stack = Stack.of(scope);
  switch (source.kind) {
    case 'postgres':
      return [allow(['secretsmanager:GetSecretValue'], [secretArn(stack, source.credentials)])];
    case 's3': {
      const arn = stack.formatArn({
        service: 's3',
        region: '',
        account: '',
        resource: source.bucket,
      });
      return [
        allow(['s3:GetObject'], [`${arn}/${source.prefix}*`]),
        allow(['s3:ListBucket'], [arn], { StringLike: { 's3:prefix': `${source.prefix}*` } }),
      ];
    }
    case 'dynamodb':
      return [
        allow(
          ['dynamodb:Scan'],
          [stack.formatArn({ service: 'dynamodb', resource: 'table', resourceName: source.table })],
        ),
      ];
    default:
      return source satisfies never;
  }
}

/** Secrets Manager ends the ARN of a named secret with six characters of its own. */
const secretArn = (stack: Stack, credentials: string): string =>
  credentials.startsWith('arn:')
    ? credentials
    : stack.formatArn({
        service: 'secretsmanager',
        resource: 'secret',
        resourceName: `${credentials}-??????`,
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      });
