import { ListObjectVersionsCommand } from '@aws-sdk/client-s3';
import { expect } from '@jest/globals';
import { s3At } from '../../infra/local/connection.ts';
import { downloadIn } from '../../infra/local/loop-pages.ts';
import { type Given, platform, requestErasure, untilAsked, untilRequest } from './scene.ts';
import { type Asked, collectionOf, confirmationOf, type } from './typed-codes.ts';

export const requestExport = (identities: Given[]) =>
  requestErasure(identities, { kind: 'access' });

/** Every version and marker that is left of a request's packages. */
export async function versionsOf(requestId: string): Promise<number> {
  const { Versions = [], DeleteMarkers = [] } = await s3At(platform.connection).send(
    new ListObjectVersionsCommand({
      Bucket: platform.outputs.LakeBucket,
      Prefix: `packages/${requestId}/`,
    }),
  );
  return Versions.length + DeleteMarkers.length;
}

export async function confirmed(requestId: string): Promise<void> {
  await untilAsked(requestId, 'confirmation');
  expect(await type(await confirmationOf(requestId), { answer: 'confirm' })).toMatchObject({
    status: 200,
  });
}

export const collected = async (requestId: string): Promise<Buffer> =>
  download(await collectionOf(requestId));

export async function download(asked: Asked): Promise<Buffer> {
  const { status, text } = await type(asked);
  expect(status).toBe(200);
  const answer = await fetch(downloadIn(text));
  expect(answer.status).toBe(200);
  return Buffer.from(await answer.arrayBuffer());
}

export const untilKept = (requestId: string) =>
  untilRequest(requestId, 'the collected package is kept a while', ({ waits }) =>
    waits.some(({ kind }) => kind === 'packageKept'),
  );
