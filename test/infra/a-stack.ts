import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { App, Aspects, RemovalPolicy } from 'aws-cdk-lib';
import { Architecture, Code } from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { ulid } from 'ulid';
import { EmulatorAspect } from '../../infra/local/emulator-aspect.ts';
import { PlatformStack, type PlatformStackProps } from '../../infra/stack.ts';
import { type DeclaredPlatform, Platform } from '../../lambdas/domain/platform.ts';
import { testRun } from '../emulator/test-run.ts';

// Checks each template for seconds. Whatever is deployed for tests is checked so, once a run.
process.env.CDK_VALIDATION = 'false';

const cdk = JSON.parse(readFileSync(new URL('../../cdk.json', import.meta.url), 'utf8'));
// Any folder will do where only the template is looked at.
const anyFolder = fileURLToPath(new URL('.', import.meta.url));

const owner = { email: 'owner@source.example' };
const common = { owner, columns: { email: 'VARCHAR' }, identities: [] };

export const aPlatform = (): DeclaredPlatform =>
  Platform.parse({
    platform: 'test',
    timeZone: 'Europe/Berlin',
    country: 'DE',
    sender: 'privacy@platform.example',
    tenantAdmin: { email: 'admin@tenant.example' },
    operator: { email: 'operator@platform.example' },
    supportContact: { email: 'support@platform.example' },
    mailDoor: { address: 'privacy@requests.platform.example' },
    identityTypes: { email: { normalForm: 'email', points: 'unique' } },
    sources: {
      crm: { kind: 'postgres', table: 'customers', credentials: 'crm-login', ...common },
      orders: { kind: 's3', format: 'csv', bucket: 'shop-exports', prefix: 'orders/', ...common },
      loyalty: { kind: 'dynamodb', table: 'loyalty-members', ...common },
    },
    models: {},
    segments: {},
  });

/** The stack without its bundles, which the template does not show. */
export function aStack({
  onEmulator = false,
  ...props
}: Partial<PlatformStackProps> & { onEmulator?: boolean } = {}): PlatformStack {
  const app = new App({ context: cdk.context, outdir: join(testRun(), 'stacks', ulid()) });
  const stack = new PlatformStack(app, 'dsr-test', {
    platform: aPlatform(),
    codeOf: () => Code.fromAsset(anyFolder),
    architecture: Architecture.X86_64,
    duckdbLayer: anyFolder,
    lifetime: {
      removalPolicy: RemovalPolicy.RETAIN,
      logRetention: RetentionDays.THREE_MONTHS,
      recoveryDays: 7,
      evidenceYears: 10,
    },
    ...props,
  });
  if (onEmulator) Aspects.of(stack).add(new EmulatorAspect());
  return stack;
}
