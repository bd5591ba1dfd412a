import { existsSync } from 'node:fs';
import { App, Aspects, CliCredentialsStackSynthesizer } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { PlatformError } from '../lambdas/domain/platform-problem.ts';
import { bundleHandlers } from './constructs/handlers-bundle.ts';
import { EmulatorAspect } from './local/emulator-aspect.ts';
import { readPlatform } from './read-platform.ts';
import { readSettings } from './settings.ts';
import { PlatformStack } from './stack.ts';

/** The CDK app: one stack, for one platform. */
function synthesise(): void {
  const app = new App();
  const { local, platform, platforms, ...settings } = readSettings((key) =>
    app.node.tryGetContext(key),
  );
  const definition = readPlatform(platform, platforms);
  if (!existsSync(settings.duckdbLayer))
    throw new Error(
      `The DuckDB layer is not there yet (${settings.duckdbLayer}). Make it with: ` +
        `npx tsx infra/duckdb-layer.ts ${settings.architecture.name}`,
    );
  const stack = new PlatformStack(app, `dsr-${platform.replaceAll('_', '-')}`, {
    platform: definition.platform,
    codeOf: (file) => Code.fromAsset(bundleHandlers(file, definition, app.outdir)),
    ...settings,
    ...(local && { synthesizer: new CliCredentialsStackSynthesizer() }),
  });
  if (local) Aspects.of(stack).add(new EmulatorAspect());
  app.synth();
}

try {
  synthesise();
} catch (error) {
  // Mistakes in a platform's files are their author's to mend, not ours: no stack trace.
  if (!(error instanceof PlatformError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
