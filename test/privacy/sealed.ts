import { paginateScan } from '@aws-sdk/lib-dynamodb';
import { configuration } from '../../lambdas/adapters/configuration.ts';
import { dynamo, type Row } from '../../lambdas/adapters/dynamo.ts';
import { openerOf } from '../../lambdas/adapters/request-keys.ts';

export type Copy = Row[];

/** Every row of the table of requests, as a backup would have it. */
export async function copyOfRequests(): Promise<Copy> {
  const rows: Row[] = [];
  const pages = paginateScan({ client: dynamo }, { TableName: configuration().requestsTable });
  for await (const { Items = [] } of pages) rows.push(...(Items as Row[]));
  return rows;
}

/** What the keys that are there now can open of a copy, by `<owner> <row>`. */
export async function opened(copy: Copy): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  for (const { pk, sk, sealed } of copy) {
    if (typeof sealed !== 'string') continue;
    const opener = await openerOf(pk);
    if (opener) texts.set(`${pk} ${sk}`, await opener.open(sealed));
  }
  return texts;
}
