import { allow, both, type Grant } from './grants.ts';
import { onTable, putsFaults, rowsUnder } from './table-grants.ts';

// On AWS, a context without `owner` cannot have wrapped a key; one with more is refused here.
const underOwner = { 'ForAllValues:StringEquals': { 'kms:EncryptionContextKeys': ['owner'] } };

/** The public half of a request's key, with which anything is sealed; opens nothing. */
export const seals = onTable('requestKeys', ['GetItem']);

/** The message of a fault is sealed and kept, because databases quote values in theirs. */
export const keepsFaults = both(seals, putsFaults);

export const opensKeys = both(seals, ({ stores }) => [
  allow(['kms:Decrypt'], [stores.keys.requestKeys.keyArn], underOwner),
]);

const wraps: Grant = ({ stores }) => [
  allow(['kms:Encrypt'], [stores.keys.requestKeys.keyArn], underOwner),
];

export const makesKeys = both(onTable('requestKeys', ['PutItem']), wraps);

/** Keys of a day's faults, never those of a request. */
export const makesFaultKeys = both(
  onTable('requestKeys', ['PutItem'], rowsUnder('faults#*')),
  wraps,
);

export const deletesKeys = onTable('requestKeys', ['DeleteItem']);

/** The keys by which erased people are recognised, and nobody else's in the same table. */
const suppressionRows = rowsUnder('suppression', 'suppression#*');

export const opensSuppression: Grant = both(
  onTable('requestKeys', ['GetItem'], suppressionRows),
  ({ stores }) => [allow(['kms:Decrypt'], [stores.keys.suppression.keyArn], underOwner)],
);

export const suppresses: Grant = both(
  opensSuppression,
  onTable('requestKeys', ['PutItem'], suppressionRows),
  ({ stores }) => [allow(['kms:Encrypt'], [stores.keys.suppression.keyArn], underOwner)],
);

export const recognises: Grant = ({ stores }) => [
  allow(['kms:GenerateMac'], [stores.keys.recognition.keyArn], {
    StringEqualsIfExists: { 'kms:MacAlgorithm': 'HMAC_SHA_256' },
  }),
];

/** Of codes and links: to issue one is to be able to try one, so that both take the same right. */
export const hashesCodes: Grant = ({ stores }) => [
  allow(['kms:GenerateMac'], [stores.keys.codes.keyArn], {
    StringEqualsIfExists: { 'kms:MacAlgorithm': 'HMAC_SHA_256' },
  }),
];

/** Certificates and heads of the ledger; the key never leaves KMS. */
export const signs: Grant = ({ stores }) => [
  allow(['kms:GetPublicKey'], [stores.keys.signing.keyArn]),
  allow(['kms:Sign'], [stores.keys.signing.keyArn], {
    StringEqualsIfExists: { 'kms:SigningAlgorithm': 'ECDSA_SHA_256' },
  }),
];
