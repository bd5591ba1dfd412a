import { domainToASCII } from 'node:url';
import { normalise } from '../normalise.ts';

const LOCAL = String.raw`(?:"[^"\\\s@<>]+"|[^\s"@<>(),:;\\[\]]+)`;
const ADDRESS = String.raw`(${LOCAL}@[^\s"@<>(),:;\\[\]]+)`;
const QUOTED_NAME = String.raw`"(?:[^"\\]|\\.)*"`;
const PLAIN_NAME = String.raw`[^"<>()@,:;\\[\]]*`;
const COMMENT = String.raw`\([^()<>@\\]*\)`;

const NAMED = new RegExp(`^(?:${QUOTED_NAME}|${PLAIN_NAME})\\s*<${ADDRESS}>(?:\\s*${COMMENT})?$`);
const BARE = new RegExp(`^${ADDRESS}(?:\\s*${COMMENT})?$`);
const LONGEST = 1000;

/**
 * The address of a From header in its usual spellings. Everything else is `undefined`, though the
 * standard may allow it: what authenticated the message may have read another address there.
 */
export function authorOf(header: string): string | undefined {
  const text = header.trim();
  if (text.length > LONGEST || hasControls(text)) return undefined;
  const address = (NAMED.exec(text) ?? BARE.exec(text))?.[1];
  return address === undefined ? undefined : comparable(address);
}

/** How addresses of people who write are compared: an internationalised domain in either spelling. */
export function comparable(address: string): string | undefined {
  const normal = normalise(address, { normalForm: 'email' });
  if (normal === undefined) return undefined;
  const at = normal.lastIndexOf('@');
  const domain = domainToASCII(normal.slice(at + 1));
  return domain === '' ? undefined : `${normal.slice(0, at)}@${domain}`;
}

const hasControls = (text: string): boolean => /\p{Cc}/u.test(text.replaceAll('\t', ' '));
