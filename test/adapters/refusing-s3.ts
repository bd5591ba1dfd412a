import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/**
 * Stands in front of the emulator, and refuses to delete one key as S3 does: by an error within a
 * 200, while the other keys go. Functions find it by the environment.
 */
export async function lakeThatRefuses(key: string): Promise<() => Promise<void>> {
  const behind = process.env.AWS_ENDPOINT_URL ?? '';
  const { hostname, port } = new URL(behind);
  const server = createServer(async (incoming, outgoing) => {
    const body = await buffer(incoming);
    const isDelete = incoming.method === 'POST' && /[?&]delete/.test(incoming.url ?? '');
    const { kept, refused } = isDelete
      ? without(body.toString(), key)
      : { kept: undefined, refused: [] };
    const sent = kept === undefined ? body : Buffer.from(kept);
    const headers = { ...incoming.headers, 'content-length': String(sent.length) };
    for (const name of Object.keys(headers))
      if (/checksum|content-md5|sdk-checksum/.test(name) && isDelete)
        delete (headers as Record<string, unknown>)[name];
    const forwarded = request(
      { hostname, port, path: incoming.url, method: incoming.method, headers },
      async (answer) => {
        const text = await buffer(answer);
        const changed = refused.length > 0 ? withErrors(text.toString(), refused) : text;
        const { 'content-length': _, 'transfer-encoding': __, ...rest } = answer.headers;
        outgoing.writeHead(answer.statusCode ?? 500, rest).end(changed);
      },
    );
    forwarded.end(sent);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port: own } = server.address() as AddressInfo;
  process.env.AWS_ENDPOINT_URL_S3 = `http://127.0.0.1:${own}`;
  return async () => {
    delete process.env.AWS_ENDPOINT_URL_S3;
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  };
}

function without(xml: string, key: string): { kept: string; refused: string[] } {
  const refused: string[] = [];
  const kept = xml.replaceAll(/<Object>.*?<\/Object>/gs, (object) => {
    if (!object.includes(`<Key>${key}</Key>`)) return object;
    refused.push(object);
    return '';
  });
  return { kept, refused };
}

const withErrors = (xml: string, refused: string[]): string =>
  xml.replace(
    /<\/DeleteResult>|<DeleteResult([^>]*)\/>/,
    (end, attributes) =>
      `${end.startsWith('</') ? '' : `<DeleteResult${attributes}>`}${refused
        .map(
          (object) =>
            `<Error>${object.replace(/<\/?Object>/g, '')}<Code>AccessDenied</Code><Message>no</Message></Error>`,
        )
        .join('')}</DeleteResult>`,
  );
