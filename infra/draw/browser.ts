import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const INSTALLED = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/**
 * The Chromium of this machine: none is downloaded.
 * @throws Error that says how to get one
 */
export async function openBrowser(): Promise<Browser> {
  const executablePath = process.env.CHROMIUM ?? INSTALLED.find(existsSync);
  if (executablePath === undefined || !existsSync(executablePath))
    throw new Error(
      `There is no Chromium${executablePath ? ` at ${executablePath}, which CHROMIUM names` : ' on this machine'}. ` +
        'Install it (Debian: apt-get install chromium), or name a Chrome in the variable CHROMIUM.',
    );
  return chromium.launch({
    executablePath,
    args: [
      // Root may run it in no other way.
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      ...['--disable-gpu', '--disable-quic', '--no-first-run'],
      ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
    ],
  });
}
