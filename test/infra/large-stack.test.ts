import { describe, expect, it } from '@jest/globals';
import type { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { largePlatform, PROMISED, parsed } from '../limits/large-platform.ts';
import { aStack } from './a-stack.ts';
import { rolesOf } from './roles.ts';

/** Of all policies of a role's own together, and of one managed policy, without white space. */
const [OWN_CHARACTERS, MANAGED_CHARACTERS, MANAGED_OF_A_ROLE] = [10_240, 6144, 10];
const [RESOURCES, TEMPLATE_BYTES, ENVIRONMENT_BYTES] = [500, 1_000_000, 4096];

interface Resource {
  Type: string;
  Properties: {
    PolicyDocument?: object;
    Policies?: { PolicyDocument: object }[];
    ManagedPolicyArns?: object[];
    Environment?: { Variables: Record<string, unknown> };
  };
}

/** Names as they come out, of a region and an account with the longest. */
const PSEUDO: Record<string, string> = {
  'AWS::Partition': 'aws-us-gov',
  'AWS::Region': 'ap-southeast-2',
  'AWS::AccountId': '123456789012',
};

/** As CloudFormation resolves it, with names of its making as long as they get. */
function resolved(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(resolved).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const { Ref, 'Fn::Join': join, 'Fn::GetAtt': attribute } = value as Record<string, never>;
  if (Ref) return JSON.stringify(PSEUDO[Ref] ?? 'x'.repeat(80));
  if (attribute) return JSON.stringify('x'.repeat(120));
  if (join) {
    const [separator, parts] = join as [string, unknown[]];
    return JSON.stringify(parts.map((part) => JSON.parse(resolved(part))).join(separator));
  }
  const entries = Object.entries(value).map(
    ([key, one]) => `${JSON.stringify(key)}:${resolved(one)}`,
  );
  return `{${entries.join(',')}}`;
}

/** Of every source a bucket of its own, with the longest name; and all in one. */
const oneEach = (at: number) => `bucket-${at}-`.padEnd(63, 'x');
const stackOf = (sources: number, bucketOf?: (at: number) => string): Stack =>
  aStack({ platform: parsed(largePlatform({ ...PROMISED, sources }, bucketOf)).platform });

describe.each([
  ['in one bucket', undefined],
  ['in 50 buckets', oneEach],
])('50 sources %s, 200 models', (_, bucketOf) => {
  const stack = stackOf(50, bucketOf);
  const template = Template.fromStack(stack).toJSON();
  const resources = Object.values<Resource>(template.Resources);
  const of = (type: string) => resources.filter(({ Type }) => Type === type);

  it('fit what CloudFormation takes', () => {
    expect(resources.length).toBeLessThan(RESOURCES);
    expect(JSON.stringify(template).length).toBeLessThan(TEMPLATE_BYTES);
  });

  it('fit the policies of every role', () => {
    for (const { Properties } of of('AWS::IAM::Role')) {
      const own = (Properties.Policies ?? []).map(({ PolicyDocument }) => resolved(PolicyDocument));
      expect(own.join('').length).toBeLessThan(OWN_CHARACTERS);
      expect(Properties.ManagedPolicyArns?.length ?? 0).toBeLessThanOrEqual(MANAGED_OF_A_ROLE);
    }
    const managed = of('AWS::IAM::ManagedPolicy').map(
      ({ Properties }) => resolved(Properties.PolicyDocument).length,
    );
    console.info({ managed });
    expect(Math.max(...managed)).toBeLessThan(MANAGED_CHARACTERS);
  });

  it('are readable, each of them, by the steps that read sources', () => {
    for (const step of [
      'verify-sources/askSource',
      'refresh-cycle/refreshSource',
      'desk/preview',
    ]) {
      const allowed = rolesOf(stack).get(step) ?? [];
      for (let at = 0; at < 50; at += 1)
        expect(
          allowed.filter(
            ({ actions, resources, condition }) =>
              [resources.join(), condition].some((words) =>
                words.includes(`source_${String(at).padStart(3, '0')}_`),
              ) && actions.some((action) => action.startsWith('s3:')),
          ),
        ).not.toHaveLength(0);
    }
  });

  it('fit the environment of every function', () => {
    for (const { Properties } of of('AWS::Lambda::Function'))
      expect(resolved(Properties.Environment?.Variables ?? {}).length).toBeLessThan(
        ENVIRONMENT_BYTES,
      );
  });

  it('have no finding of cdk-nag', () => {
    expect(new AwsSolutionsChecks().validateScope(stack).violations).toEqual([]);
  });
});

it('says so when there are more sources than IAM can name', () => {
  expect(() => stackOf(400, oneEach)).toThrow(
    /sources: 400 are more than IAM can name.*Shorten the prefixes/s,
  );
});
