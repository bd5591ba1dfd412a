import { Stack } from 'aws-cdk-lib';
import { INBOUND_PREFIX } from '../../lambdas/domain/mail/inbound.ts';
import { allow, type Grant } from './grants.ts';
import { onTable } from './table-grants.ts';

/** Raw mail, which holds what people wrote. */
export const readsInboundMail: Grant = ({ stores }) => [
  allow(['s3:GetObject'], [stores.inboundMail.arnForObjects(`${INBOUND_PREFIX}*`)]),
  allow(['kms:Decrypt'], [stores.keys.mail.keyArn], {
    StringEquals: { 'kms:ViaService': `s3.${Stack.of(stores).region}.amazonaws.com` },
  }),
];

/** Which messages lie there, and which of them came to no end. */
export const findsUnreadMail: Grant = (scope) => [
  allow(['s3:ListBucket'], [scope.stores.inboundMail.bucketArn], {
    StringLike: { 's3:prefix': [`${INBOUND_PREFIX}*`] },
  }),
  ...onTable('requests', ['BatchGetItem'])(scope),
];
