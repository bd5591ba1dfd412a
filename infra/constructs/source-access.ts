import { Stack } from 'aws-cdk-lib';
import { ManagedPolicy, PolicyDocument, type PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { Platform } from '../../lambdas/domain/platform.ts';
import { readsSource } from './source-grants.ts';

/** IAM counts 6,144 characters of a managed policy; ours are counted with the template's references. */
const CHARACTERS = 6000;
/** As many as IAM attaches to a role, unless the account has asked for more. */
const POLICIES = 10;

/**
 * Reading of the sources, for the roles of those steps that do. A role's own policies take 10,240
 * characters together, which two dozen sources fill.
 * @throws Error when there are more sources than the policies of a role can name
 */
export class SourceAccess extends Construct {
  readonly policies: ManagedPolicy[];

  constructor(scope: Construct, id: string, platform: Platform) {
    super(scope, id);
    const sources = Object.values(platform.sources);
    const filled = inPolicies(
      sources.map((source) => readsSource(this, source)),
      (statements) => JSON.stringify(Stack.of(this).resolve(documentOf(statements))).length,
    );
    if (filled.length > POLICIES)
      throw new Error(
        `sources: ${sources.length} are more than IAM can name in the ${POLICIES} policies of a ` +
          'role. Shorten the prefixes, buckets or secret names, or describe two platforms.',
      );
    this.policies = filled.map(
      (statements, at) =>
        new ManagedPolicy(this, `Reads${at + 1}`, {
          description: 'Reads the declared sources.',
          document: documentOf(statements),
        }),
    );
  }
}

const documentOf = (statements: PolicyStatement[]): PolicyDocument =>
  new PolicyDocument({ minimize: true, statements });

/** What belongs to one source stays together. */
function inPolicies(
  ofSources: PolicyStatement[][],
  sizeOf: (statements: PolicyStatement[]) => number,
): PolicyStatement[][] {
  const filled: PolicyStatement[][] = [];
  for (const statements of ofSources) {
    const policy = [...(filled.at(-1) ?? []), ...statements];
    if (filled.length > 0 && sizeOf(policy) <= CHARACTERS) filled.splice(-1, 1, policy);
    else filled.push(statements);
  }
  return filled;
}
