import { Stack } from 'aws-cdk-lib';
import { INBOUND_PREFIX } from '../../lambdas/domain/mail/inbound.ts';
import { allow, type Grant } from './grants.ts';

/** Raw mail, which holds what people wrote. */
export const readsInboundMail: Grant = ({ stores }) => [
  allow(['s3:GetObject'], [stores.inboundMail.arnForObjects(`${INBOUND_PREFIX}*`)]),
  allow(['kms:Decrypt'], [stores.keys.mail.keyArn], {
    StringEquals: { 'kms:ViaService': `s3.${Stack.of(stores).region}.amazonaws.com` },
  }),
];
