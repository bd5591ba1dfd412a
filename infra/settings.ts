import { RemovalPolicy } from 'aws-cdk-lib';
import { Architecture } from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import * as z from 'zod';
import { Name } from '../lambdas/domain/ids.ts';

const Flag = z.union([z.boolean(), z.stringbool()]).default(false);
const Ids = z
  .string()
  .transform((ids) => ids.split(',').map((id) => id.trim()))
  .optional();

/** CDK context: what `cdk.json` or `-c name=value` say of a deployment. See docs/deploy.md. */
const Context = z.object({
  platform: Name.default('demo'),
  platforms: z.string().optional(),
  architecture: z.enum(['x86_64', 'arm64']).default('x86_64'),
  duckdbLayer: z.string().optional(),
  local: Flag,
  disposable: Flag,
  activateMailRules: Flag,
  logRetentionDays: z.coerce
    .number()
    .pipe(z.enum(RetentionDays))
    .default(RetentionDays.THREE_MONTHS),
  recoveryDays: z.coerce.number().int().min(1).max(35).default(7),
  evidenceYears: z.coerce.number().int().min(1).max(99).default(10),
  subnetIds: Ids,
  securityGroupIds: Ids,
  pagesUrl: z.url({ protocol: /^https?$/ }).optional(),
});

/** @throws Error naming every context value that is wrong */
export function readSettings(context: (key: string) => unknown) {
  const parsed = Context.safeParse(
    Object.fromEntries(Object.keys(Context.shape).map((key) => [key, context(key)])),
  );
  if (!parsed.success) throw new Error(`CDK context: ${z.prettifyError(parsed.error)}`);
  const { data } = parsed;
  return {
    platform: data.platform,
    platforms: data.platforms,
    local: data.local,
    activateMailRules: data.activateMailRules,
    architecture: data.architecture === 'arm64' ? Architecture.ARM_64 : Architecture.X86_64,
    duckdbLayer: data.duckdbLayer ?? `.local/duckdb-layer/${data.architecture}`,
    lifetime: {
      removalPolicy: data.disposable ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
      logRetention: data.logRetentionDays,
      recoveryDays: data.recoveryDays,
      evidenceYears: data.evidenceYears,
    },
    pagesUrl: data.pagesUrl,
    network:
      data.subnetIds && data.securityGroupIds
        ? { subnetIds: data.subnetIds, securityGroupIds: data.securityGroupIds }
        : undefined,
  };
}
