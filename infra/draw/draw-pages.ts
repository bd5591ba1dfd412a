import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openBrowser } from './browser.ts';
import { EXAMPLE_PAGES, htmlOf } from './example-pages.ts';

/*
 * `npm run draw:pages`: the pictures of the documents. With a folder, every page in light, in dark
 * and on a phone, to be looked at after a change.
 */
const LOOKS = {
  light: { colorScheme: 'light', viewport: { width: 800, height: 600 } },
  dark: { colorScheme: 'dark', viewport: { width: 800, height: 600 } },
  phone: { colorScheme: 'light', viewport: { width: 375, height: 700 } },
} as const;
const DOCUMENTED: [page: string, look: keyof typeof LOOKS][] = [
  ['confirm', 'light'],
  ['redeem', 'dark'],
  ['confirm-wrong', 'phone'],
];

const everything = process.argv[2];
const folder = everything ?? fileURLToPath(new URL('../../docs/images', import.meta.url));
const wanted = everything
  ? Object.keys(EXAMPLE_PAGES).flatMap((page) =>
      (Object.keys(LOOKS) as (keyof typeof LOOKS)[]).map((look) => [page, look] as const),
    )
  : DOCUMENTED;

mkdirSync(folder, { recursive: true });
const browser = await openBrowser();
try {
  for (const [name, look] of wanted) {
    const example = EXAMPLE_PAGES[name];
    if (!example) throw new Error(`There is no example of the page ${name}.`);
    const page = await browser.newPage(LOOKS[look]);
    await page.setContent(await htmlOf(example));
    await page.screenshot({ path: join(folder, `page-${name}-${look}.png`), fullPage: true });
    await page.close();
  }
} finally {
  await browser.close();
}
