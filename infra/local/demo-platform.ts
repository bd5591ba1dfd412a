import type { DeclaredPlatform } from '../../lambdas/domain/platform.ts';
import { readPlatform } from '../read-platform.ts';

export const stackName = 'dsr-demo';

/** What the demo has to bring about for its platform.yaml to be true. */
export interface DemoPlatform {
  platform: DeclaredPlatform;
  bucket: string;
  ordersPrefix: string;
  webEventsPrefix: string;
  loyaltyTable: string;
  crmSecret: string;
  /** Everybody who sends or is sent mail. */
  addresses: string[];
}

export function demoPlatform(): DemoPlatform {
  const { platform } = readPlatform('demo');
  const { crm, orders, web_events: webEvents, loyalty } = platform.sources;
  if (crm?.kind !== 'postgres' || loyalty?.kind !== 'dynamodb') throw changed();
  if (orders?.kind !== 's3' || webEvents?.kind !== 's3') throw changed();
  const { sender, tenantAdmin, operator, supportContact, sources, recipients } = platform;
  return {
    platform,
    bucket: orders.bucket,
    ordersPrefix: orders.prefix,
    webEventsPrefix: webEvents.prefix,
    loyaltyTable: loyalty.table,
    crmSecret: crm.credentials,
    addresses: [
      sender,
      ...[tenantAdmin, operator, supportContact].map(({ email }) => email),
      ...Object.values(sources).map(({ owner }) => owner.email),
      ...Object.values(recipients).map(({ email }) => email),
    ],
  };
}

const changed = () =>
  new Error(
    'infra/platforms/demo/platform.yaml no longer has the sources crm, orders, web_events and ' +
      'loyalty of the kinds that infra/local fills. Change both, or describe a platform of your own.',
  );
