import type { Code, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { type HandlersFile, permissions } from '../permissions.ts';
import type { Grant } from './grants.ts';
import { type StepDefaults, StepFunction } from './step-function.ts';

export interface HandlersProps extends StepDefaults {
  /** The bundle of `lambdas/handlers/<file>.ts`, shared by its functions. */
  codeOf(file: HandlersFile): Code;
}

/**
 * The functions of `lambdas/handlers/<file>.ts`: one for each step that `permissions.ts` names,
 * all on one bundle.
 */
export class Handlers extends Construct {
  private readonly byStep: ReadonlyMap<string, LambdaFunction>;

  constructor(
    scope: Construct,
    private readonly file: HandlersFile,
    props: HandlersProps,
  ) {
    super(scope, file);
    const code = props.codeOf(file);
    const steps: Record<string, Grant[]> = permissions[file];
    this.byStep = new Map(
      Object.entries(steps).map(([step, grants]) => [
        step,
        new StepFunction(this, step, { ...props, code, grants }).function,
      ]),
    );
  }

  get steps(): string[] {
    return [...this.byStep.keys()];
  }

  get functions(): LambdaFunction[] {
    return [...this.byStep.values()];
  }

  /** @throws Error when `permissions.ts` does not name the step */
  function(step: string): LambdaFunction {
    const named = this.byStep.get(step);
    if (named) return named;
    throw new Error(
      `infra/permissions.ts says nothing of the step "${step}" of ${this.file}: ` +
        'name it there, with what it may do (an empty list, if nothing).',
    );
  }
}
