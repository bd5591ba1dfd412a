import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { openBrowser } from '../../infra/draw/browser.ts';
import { EXAMPLE_PAGES, htmlOf } from '../../infra/draw/example-pages.ts';
import {
  aLoop,
  answerOf,
  asked,
  type Loop,
  offered,
  PACKAGE,
  told,
  wrong,
} from '../loop/a-loop.ts';

let browser: Browser;
let loop: Loop;
beforeAll(async () => {
  browser = await openBrowser();
  loop = await aLoop();
}, 600_000);
afterAll(() => browser?.close());

/** What the browser complained of, and which other places it called. */
const trouble: string[] = [];
afterEach(() => expect(trouble.splice(0)).toEqual([]));

async function open(address: string): Promise<Page> {
  const context = await browser.newContext({ javaScriptEnabled: false, acceptDownloads: true });
  const page = await context.newPage();
  const { origin } = new URL(address);
  page.on('console', (message) => {
    // An answer that is an error is what a wrong code gets.
    if (message.type() === 'error' && !message.text().includes('status of 4'))
      trouble.push(message.text());
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(origin) && !request.url().startsWith('data:'))
      trouble.push(request.url());
  });
  await page.goto(address);
  return page;
}

const heading = (page: Page) => page.locator('h1').textContent();

describe('a person, in a browser without scripts', () => {
  it('confirms with the keyboard alone', async () => {
    const { requestId, page: address, code } = await asked(loop);
    const page = await open(address);
    await page.keyboard.press('Tab');
    await page.keyboard.type(code.toLowerCase());
    await page.keyboard.press('Enter');
    await page.waitForSelector('text=is being carried out');
    expect(await heading(page)).toBe('Confirmed');
    expect(await answerOf(requestId, 'confirmation')).toMatchObject({ option: 'confirmed' });
    await page.goto(address);
    expect(await heading(page)).toBe('Already done');
  });

  it('denies, and says why', async () => {
    const { requestId, page: address, code } = await asked(loop);
    const page = await open(address);
    await page.getByText('Deny it instead').click();
    await page.getByLabel('Why, if you like').fill('Nobody asked.');
    await page.getByLabel('Code').fill(code);
    await page.getByRole('button', { name: 'Deny the request' }).click();
    expect(await heading(page)).toBe('Denied');
    expect(await answerOf(requestId, 'confirmation')).toMatchObject({ option: 'denied' });
  });

  it('is told of a wrong code where the next one is typed, and keeps the reason', async () => {
    const { page: address, code } = await asked(loop);
    const page = await open(address);
    await page.getByText('Deny it instead').click();
    await page.getByLabel('Why, if you like').fill('Nobody asked.');
    await page.getByLabel('Code').fill(wrong(code));
    await page.getByRole('button', { name: 'Deny the request' }).click();
    expect(await page.getByRole('alert').textContent()).toContain('4 tries are left');
    expect(await page.title()).toBe('Wrong code · Confirm this request?');
    expect(await page.locator('input:focus').count()).toBe(1);
    expect(await page.getByLabel('Why, if you like').inputValue()).toBe('Nobody asked.');
    await page.getByLabel('Code').fill(code);
    await page.getByRole('button', { name: 'Deny the request' }).click();
    expect(await heading(page)).toBe('Denied');
  });

  it('sends no form without a code', async () => {
    const { page: address } = await asked(loop);
    const page = await open(address);
    await page.getByRole('button', { name: 'Confirm the request' }).click();
    expect(await page.locator('input:invalid').count()).toBe(1);
    expect(await heading(page)).toBe('Confirm this request?');
  });

  it('acknowledges an erasure', async () => {
    const { requestId, mails } = await told(loop, 'summer_mailing');
    const [{ page: address, code } = { page: '', code: '' }] = Object.values(mails);
    const page = await open(address);
    expect(await heading(page)).toBe('Is this person erased?');
    await page.getByLabel('Code').fill(code);
    await page.getByRole('button', { name: 'They are erased' }).click();
    expect(await heading(page)).toBe('Acknowledged');
    expect(await answerOf(requestId, 'acknowledgement')).toMatchObject({ option: 'acknowledged' });
    await page.goto(address);
    expect(await heading(page)).toBe('Already done');
  });

  it('collects the package: the download begins by itself', async () => {
    const { requestId, page: address, code } = await offered(loop);
    const page = await open(address);
    await page.getByLabel('Code').fill(code);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe(`export-${requestId}.zip`);
    expect(readFileSync(await download.path(), 'utf8')).toBe(PACKAGE);
    expect(await heading(page)).toBe('The download begins');
  });

  it('is locked out after five wrong codes, and told what to do', async () => {
    const { page: address, code } = await offered(loop);
    const page = await open(address);
    for (let i = 0; i < 5; i += 1) {
      await page.getByLabel('Code').fill(wrong(code));
      await page.getByRole('button', { name: 'Download' }).click();
    }
    expect(await heading(page)).toBe('This code is locked');
    expect(await page.getByText('dsr reissue').count()).toBe(1);
  });
});

const LOOKS = [
  { colorScheme: 'light', viewport: { width: 1280, height: 800 } },
  { colorScheme: 'dark', viewport: { width: 1280, height: 800 } },
  { colorScheme: 'light', viewport: { width: 320, height: 640 } },
  { colorScheme: 'dark', viewport: { width: 320, height: 640 } },
] as const;

let opened: Promise<Page[]> | undefined;
/** One of each look, which shows one example after the other: a new one is a process that starts. */
const pagesOfLooks = (): Promise<Page[]> => {
  opened ??= Promise.all(LOOKS.map((look) => browser.newPage(look)));
  return opened;
};

describe.each(Object.entries(EXAMPLE_PAGES))('the page %s', (_, example) => {
  it('is accessible in light and dark, and fits a narrow phone', async () => {
    for (const page of await pagesOfLooks()) {
      await page.setContent(await htmlOf(example));
      for (const details of await page.locator('summary').all()) await details.click();
      await page.evaluate(axe.source);
      const { violations, passes } = await page.evaluate(async () => {
        const found = await (globalThis as unknown as { axe: typeof axe }).axe.run();
        return {
          violations: found.violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`),
          passes: found.passes.map(({ id }) => id),
        };
      });
      expect(violations).toEqual([]);
      expect(passes).toEqual(expect.arrayContaining(['color-contrast', 'html-has-lang']));
      const spills = 'document.documentElement.scrollWidth > document.documentElement.clientWidth';
      expect(await page.evaluate(spills)).toBe(false);
    }
  });
});
