import { Construct } from 'constructs';
import { EvidenceBucket } from './evidence-bucket.ts';
import { InboundMail } from './inbound-mail.ts';
import { Keys } from './keys.ts';
import { Lake } from './lake.ts';
import type { Lifetime } from './lifetime.ts';
import { Tables } from './tables.ts';

/** What outlives every execution. */
export class Stores extends Construct {
  readonly keys: Keys;
  readonly tables: Tables;
  readonly lake: Lake;
  readonly evidence: EvidenceBucket;
  readonly inboundMail: InboundMail;

  constructor(scope: Construct, id: string, lifetime: Lifetime) {
    super(scope, id);
    this.keys = new Keys(this, 'Keys', lifetime);
    this.tables = new Tables(this, 'Tables', { lifetime, key: this.keys.data });
    this.lake = new Lake(this, 'Lake', { lifetime, key: this.keys.data });
    this.evidence = new EvidenceBucket(this, 'Evidence', lifetime);
    this.inboundMail = new InboundMail(this, 'InboundMail', { lifetime, key: this.keys.mail });
  }
}
