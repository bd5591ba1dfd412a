import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { certificatePdf } from '../../cli/certificate/pdf.ts';
import { sheetOf } from '../../cli/certificate/sheet.ts';
import { digestOf } from '../../lambdas/domain/evidence/jws.ts';
import { canonicalJson } from '../../lambdas/domain/evidence/ledger-chain.ts';
import { exampleCertificate } from './example-certificate.ts';

// The README's picture of a certificate: npm run draw:certificate. Needs pdftoppm (poppler-utils).
const images = fileURLToPath(new URL('../../docs/images/', import.meta.url));
const sheet = sheetOf(exampleCertificate, digestOf(canonicalJson(exampleCertificate)));
const pdf = await certificatePdf(sheet, exampleCertificate.certifiedAt);
const page = ['-r', '96', '-x', '0', '-y', '0', '-W', '794', '-H', '745'];
writeFileSync(
  `${images}certificate.png`,
  execFileSync('pdftoppm', ['-png', '-singlefile', ...page], { input: pdf }),
);
