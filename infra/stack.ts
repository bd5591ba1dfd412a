import { CfnOutput, Stack, type StackProps, Tags } from 'aws-cdk-lib';
import { type Architecture, Code, LayerVersion } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { Platform } from '../lambdas/domain/platform.ts';
import { acknowledgeFindings } from './acknowledged.ts';
import { Alarms } from './constructs/alarms.ts';
import { Flow } from './constructs/flow.ts';
import { flowArn } from './constructs/flow-arns.ts';
import { Handlers, type HandlersProps } from './constructs/handlers.ts';
import type { Lifetime } from './constructs/lifetime.ts';
import { MailDoor } from './constructs/mail-door.ts';
import { configurationSetName, MailEvents } from './constructs/mail-events.ts';
import { Pages } from './constructs/pages.ts';
import { Signer } from './constructs/signer.ts';
import { SourceAccess } from './constructs/source-access.ts';
import { Stores } from './constructs/stores.ts';
import { Sweeper } from './constructs/sweeper.ts';

export interface PlatformStackProps extends StackProps {
  platform: Platform;
  codeOf: HandlersProps['codeOf'];
  architecture: Architecture;
  /** The folder of the DuckDB layer, built for `architecture`. */
  duckdbLayer: string;
  lifetime: Lifetime;
  network?: HandlersProps['network'];
  /** The address of the pages, if it is not the API's own: a domain of the platform. */
  pagesUrl?: string | undefined;
  /** Makes the receipt rules the active ones of the account in this region. */
  activateMailRules?: boolean;
}

/** Everything that one platform needs. */
export class PlatformStack extends Stack {
  constructor(scope: Construct, id: string, props: PlatformStackProps) {
    // Of a megabyte that CloudFormation takes, indentation would be half.
    super(scope, id, { ...props, suppressTemplateIndentation: true });
    const { platform, codeOf, architecture, lifetime, network } = props;
    const stores = new Stores(this, 'Stores', lifetime);
    const pages = new Pages(this, 'Pages', lifetime);
    const pagesUrl = props.pagesUrl ?? pages.url;
    const mailEvents = new MailEvents(this, 'MailEvents');
    const arns = {
      DeleteCustomerDataArn: flowArn(this, 'delete-customer-data'),
      VerifySourcesArn: flowArn(this, 'verify-sources'),
      RefreshCycleArn: flowArn(this, 'refresh-cycle'),
      CleanUpInactiveDataArn: flowArn(this, 'clean-up-inactive-data'),
      ExportDataArn: flowArn(this, 'export-data'),
      GatherExportsArn: flowArn(this, 'gather-exports'),
    };
    const defaults = {
      codeOf,
      platform,
      architecture,
      lifetime,
      network,
      stores,
      duckdb: new LayerVersion(this, 'DuckDB', {
        code: Code.fromAsset(props.duckdbLayer),
        compatibleArchitectures: [architecture],
        description: 'DuckDB and its signed extensions.',
      }),
      sourceAccess: new SourceAccess(this, 'SourceAccess', platform).policies,
      statements: (grants) => grants.flatMap((grant) => grant({ scope: this, stores, platform })),
      environment: {
        LAKE_BUCKET: stores.lake.bucketName,
        EVIDENCE_BUCKET: stores.evidence.bucketName,
        INBOUND_MAIL_BUCKET: stores.inboundMail.bucketName,
        REQUESTS_TABLE: stores.tables.requests.tableName,
        REQUEST_KEYS_TABLE: stores.tables.requestKeys.tableName,
        CATALOG_TABLE: stores.tables.catalog.tableName,
        LEDGER_TABLE: stores.tables.ledger.tableName,
        USERS_TABLE: stores.tables.users.tableName,
        DATA_KEY_ID: stores.keys.requestKeys.keyArn,
        RECOGNITION_KEY_ID: stores.keys.recognition.keyArn,
        SUPPRESSION_KEY_ID: stores.keys.suppression.keyArn,
        SIGNING_KEY_ID: stores.keys.signing.keyArn,
        CODES_KEY_ID: stores.keys.codes.keyArn,
        PAGES_URL: pagesUrl,
        MAIL_CONFIGURATION_SET: configurationSetName(this),
        DELETE_CUSTOMER_DATA_ARN: arns.DeleteCustomerDataArn,
        VERIFY_SOURCES_ARN: arns.VerifySourcesArn,
        REFRESH_CYCLE_ARN: arns.RefreshCycleArn,
        CLEAN_UP_INACTIVE_DATA_ARN: arns.CleanUpInactiveDataArn,
        EXPORT_DATA_ARN: arns.ExportDataArn,
        GATHER_EXPORTS_ARN: arns.GatherExportsArn,
        POWERTOOLS_LOG_LEVEL: 'INFO',
        NODE_OPTIONS: '--enable-source-maps',
      },
    } satisfies HandlersProps & { platform: Platform; stores: Stores };

    new Flow(this, 'delete-customer-data', defaults);
    new Flow(this, 'export-data', defaults);
    const verification = new Flow(this, 'verify-sources', defaults);
    const cycle = new Flow(this, 'refresh-cycle', defaults);
    const cleanUp = new Flow(this, 'clean-up-inactive-data', defaults);
    const gathering = new Flow(this, 'gather-exports', defaults);
    const desk = new Handlers(this, 'desk', defaults);
    const sweeper = new Sweeper(this, defaults);
    const signer = new Signer(this, defaults);
    const handlersOfPages = new Handlers(this, 'pages', defaults);
    pages.servedBy(handlersOfPages);
    mailEvents.recordedBy(handlersOfPages, sweeper.undelivered);
    const door = platform.mailDoor;
    const mail =
      door &&
      new MailDoor(this, {
        ...{ ...defaults, door },
        inboundMail: stores.inboundMail,
        undelivered: sweeper.undelivered,
        activate: props.activateMailRules ?? false,
      });
    new Alarms(this, 'Alarms', {
      operator: platform.operator,
      failOnlyByFault: [verification, cycle, gathering],
      cleanUp,
      sweeper,
      signer,
    });

    Tags.of(this).add('application', 'data-subject-rights');
    Tags.of(this).add('platform', platform.platform);
    acknowledgeFindings({ stack: this, stores, sweeper, signer, pages, mail, platform });
    this.tell({
      LakeBucket: stores.lake.bucketName,
      EvidenceBucket: stores.evidence.bucketName,
      InboundMailBucket: stores.inboundMail.bucketName,
      RequestsTable: stores.tables.requests.tableName,
      RequestKeysTable: stores.tables.requestKeys.tableName,
      CatalogTable: stores.tables.catalog.tableName,
      LedgerTable: stores.tables.ledger.tableName,
      UsersTable: stores.tables.users.tableName,
      ...arns,
      OpenRequestFunction: desk.function('openRequest').functionName,
      ReadDeskFunction: desk.function('readDesk').functionName,
      DecideFunction: desk.function('decide').functionName,
      HoldFunction: desk.function('hold').functionName,
      ResumeFunction: desk.function('resume').functionName,
      RequestRefreshFunction: desk.function('requestRefresh').functionName,
      PreviewFunction: desk.function('preview').functionName,
      DiscloseFunction: desk.function('disclose').functionName,
      GatherEvidenceFunction: desk.function('gatherEvidence').functionName,
      StartCleanUpFunction: desk.function('startCleanUp').functionName,
      PreviewCleanUpFunction: desk.function('previewCleanUp').functionName,
      ReissueFunction: desk.function('reissue').functionName,
      PagesUrl: pagesUrl,
      MailEventsTopic: mailEvents.topic.topicArn,
      SweepFunction: sweeper.sweep.functionName,
      SignHeadsFunction: signer.signHeads.functionName,
      ...(mail && {
        ReceiveMailFunction: mail.function('receiveMail').functionName,
        RereadMailFunction: mail.function('rereadMail').functionName,
        ListMailFunction: mail.function('listMail').functionName,
        DiscloseMailFunction: mail.function('discloseMail').functionName,
      }),
    });
  }

  /** What the command line finds the stack's parts by. */
  private tell(outputs: Record<string, string>): void {
    for (const [key, value] of Object.entries(outputs)) new CfnOutput(this, key, { value });
  }
}
