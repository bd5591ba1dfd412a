import { Key, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { Lifetime } from './lifetime.ts';

/** Several keys, so that a right to one says nothing about the others. */
export class Keys extends Construct {
  /** Tables and lake; usable through DynamoDB and S3 only. */
  readonly data: Key;
  /** Wraps the key of each request. */
  readonly requestKeys: Key;
  /** HMAC: recognises the same identities in two requests without keeping them. */
  readonly recognition: Key;
  /** Wraps the keys by which erased people are recognised when a source brings them back. */
  readonly suppression: Key;
  /** Signs certificates and heads of the ledger (ECDSA on P-256). */
  readonly signing: Key;
  /** HMAC: codes and links that were mailed are known again by it, and kept nowhere. */
  readonly codes: Key;
  /** Raw mail as it came in; SES encrypts with it, and readers use it through S3 only. */
  readonly mail: Key;

  constructor(scope: Construct, id: string, { removalPolicy }: Lifetime) {
    super(scope, id);
    this.data = new Key(this, 'Data', {
      description: 'Encrypts the tables and the lake.',
      enableKeyRotation: true,
      removalPolicy,
    });
    this.requestKeys = new Key(this, 'RequestKeys', {
      description: 'Wraps the key of each data subject request.',
      enableKeyRotation: true,
      removalPolicy,
    });
    this.recognition = new Key(this, 'Recognition', {
      description: 'Recognises the same identities in two requests.',
      keySpec: KeySpec.HMAC_256,
      keyUsage: KeyUsage.GENERATE_VERIFY_MAC,
      removalPolicy,
    });
    this.suppression = new Key(this, 'Suppression', {
      description: 'Wraps the keys by which erased people are recognised.',
      enableKeyRotation: true,
      removalPolicy,
    });
    this.signing = new Key(this, 'Signing', {
      description: 'Signs certificates and heads of the ledger.',
      keySpec: KeySpec.ECC_NIST_P256,
      keyUsage: KeyUsage.SIGN_VERIFY,
      removalPolicy,
    });
    this.codes = new Key(this, 'Codes', {
      description: 'Recognises codes and links that were mailed.',
      keySpec: KeySpec.HMAC_256,
      keyUsage: KeyUsage.GENERATE_VERIFY_MAC,
      removalPolicy,
    });
    this.mail = new Key(this, 'Mail', {
      description: 'Encrypts raw mail that came in.',
      enableKeyRotation: true,
      removalPolicy,
    });
  }
}
