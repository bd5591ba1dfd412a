import { beforeAll, describe, expect, it } from '@jest/globals';
import { compactVerify, importJWK } from 'jose';
import { publicKey, sign } from '../../lambdas/adapters/signing.ts';
import { makeTables } from './tables.ts';

beforeAll(makeTables);

describe('what the platform signs', () => {
  it('is verified with its public key, by a library of others', async () => {
    const key = await publicKey();
    // Of many signatures, some have an `r` or `s` with a leading zero.
    for (let n = 0; n < 40; n += 1) {
      const jws = await sign({ n, b: 'ä', a: undefined }, 'dsr-test');
      const { payload, protectedHeader } = await compactVerify(jws, await importJWK(key, 'ES256'));
      expect(Buffer.from(payload).toString()).toBe(`{"b":"ä","n":${n}}`);
      expect(protectedHeader).toEqual({ alg: 'ES256', kid: key.kid, typ: 'dsr-test' });
    }
  });
});
