import { DeleteObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { s3At } from '../../infra/local/connection.ts';
import { inCrm } from '../../infra/local/crm.ts';
import { demoPlatform } from '../../infra/local/demo-platform.ts';
import type { Ground } from '../../infra/local/running-platform.ts';

type Sources = Pick<Ground, 'connection' | 'server'>;

/** Two customers who share one address; the first of them is to be erased. */
export interface Pair {
  email: string;
  meant: string;
  other: string;
}

const demo = demoPlatform();
const header = 'order_id,customer_id,email,recipient,amount,currency,ordered_at';

export const aPair = (name: string): Pair => ({
  email: `${name}@pairs.example`,
  meant: `C-${name}-1`,
  other: `C-${name}-2`,
});

/** Somebody whose address is nobody else's, so that nobody is asked who is meant. */
export const aPerson = (name: string): Pair => ({ ...aPair(name), other: aPair(name).meant });

const ordersOf = ({ meant }: Pair) => `${demo.ordersPrefix}${meant}.csv`;

export async function seedPair({ connection, server }: Sources, pair: Pair): Promise<void> {
  await inCrm(server, async (client) => {
    for (const id of new Set([pair.meant, pair.other]))
      await client.query(
        `INSERT INTO customers (customer_id, email, first_name, last_name) VALUES ($1, $2, 'Ada', 'Pair')`,
        [id, pair.email],
      );
  });
  // So many that she stands in a list that is handed on: a recipient is told.
  const lines = Array.from(
    { length: 6 },
    (_, i) => `O-${pair.meant}-${i},${pair.meant},,Ada Pair,1.50,EUR,2026-01-02T03:04:05Z`,
  );
  const Body = `${[header, ...lines].join('\n')}\n`;
  await s3At(connection).send(
    new PutObjectCommand({ Bucket: demo.bucket, Key: ordersOf(pair), Body }),
  );
}

/** Every source's owner deletes the one who is meant. */
export async function deleteMeant({ connection, server }: Sources, pair: Pair): Promise<void> {
  await inCrm(server, (client) =>
    client.query('DELETE FROM customers WHERE customer_id = $1', [pair.meant]),
  );
  await s3At(connection).send(
    new DeleteObjectCommand({ Bucket: demo.bucket, Key: ordersOf(pair) }),
  );
}
