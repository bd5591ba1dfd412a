import { Stack } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import { HttpApi, HttpStage, LogGroupLogDestination } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Handlers } from './handlers.ts';
import type { Lifetime } from './lifetime.ts';

/** A person opens a page or two. More than this of all people together is somebody who guesses. */
const REQUESTS_A_SECOND = 10;
const BURST = 20;

/**
 * What of a call is written down: neither who called nor the address, whose last part opens a page.
 * The route has the place of that part, and not the part.
 */
const ACCESS_LOG = {
  requestId: '$context.requestId',
  time: '$context.requestTime',
  route: '$context.routeKey',
  method: '$context.httpMethod',
  status: '$context.status',
  milliseconds: '$context.responseLatency',
  error: '$context.error.responseType',
};

/** The HTTP API in front of the pages. It is there before the functions, whose mails name it. */
export class Pages extends Construct {
  readonly api: HttpApi;
  readonly stage: HttpStage;

  constructor(scope: Construct, id: string, { logRetention, removalPolicy }: Lifetime) {
    super(scope, id);
    this.api = new HttpApi(this, 'Api', {
      apiName: `${Stack.of(this).stackName}-pages`,
      description: 'Pages for codes that people type.',
      createDefaultStage: false,
    });
    const logGroup = new LogGroup(this, 'AccessLog', { retention: logRetention, removalPolicy });
    this.stage = new HttpStage(this, 'Stage', {
      httpApi: this.api,
      stageName: '$default',
      autoDeploy: true,
      throttle: { rateLimit: REQUESTS_A_SECOND, burstLimit: BURST },
      accessLogSettings: {
        destination: new LogGroupLogDestination(logGroup),
        format: AccessLogFormat.custom(JSON.stringify(ACCESS_LOG)),
      },
    });
  }

  /** The address that mails name, if the platform has none of its own. */
  get url(): string {
    return this.api.apiEndpoint;
  }

  /** Every address is answered by one function; those that are known have names in the log. */
  servedBy(handlers: Handlers): void {
    const integration = new HttpLambdaIntegration('Serve', handlers.function('servePages'));
    for (const path of [
      '/confirm/{link}',
      '/collect/{link}',
      '/acknowledge/{link}',
      '/change/{link}',
    ])
      this.api.addRoutes({ path, integration });
    this.api.addRoutes({ path: '/{proxy+}', integration });
  }
}
