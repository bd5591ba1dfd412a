import type { Command } from 'commander';
import { digestOf } from '../../lambdas/domain/evidence/jws.ts';
import { canonicalJson } from '../../lambdas/domain/evidence/ledger-chain.ts';
import { certificatePage } from '../certificate/html.ts';
import { certificatePdf } from '../certificate/pdf.ts';
import { type Sheet, sheetOf } from '../certificate/sheet.ts';
import { EXIT } from '../exit-codes.ts';
import { writeOut } from '../files.ts';
import { renderVerdict } from '../render/verdict.ts';
import { noSuchRequest, type Reply, reply, withNotice } from '../reply.ts';
import { answer, parseRequestId, type Session } from '../session.ts';
import { verifyBundle } from '../verifier.ts';
import { DSR } from '../words.ts';
import { addVerify } from './verify.ts';

/** The commands for whoever wants proof of how a request ended. */
export function addEvidence(program: Command): void {
  program
    .command('certificate')
    .summary('the certificate of a closed request')
    .description(
      'Prints a closed request’s certificate: what was asked, verified and proven. It names the\n' +
        'person by commitments only. Of --out, --html and --pdf, any number may be given.',
    )
    .argument('<id>', 'the request', parseRequestId)
    .option('--out <file>', 'write the JSON to a file')
    .option('--html <file>', 'write it as a web page, which prints on one sheet')
    .option('--pdf <file>', 'write it as one sheet of A4')
    .action((requestId: string, files: Files, command: Command) =>
      answer(command, (session) => readCertificate(requestId, files, session)),
    );

  program
    .command('evidence')
    .summary('everything that proves how a request ended, in one file')
    .description(
      'Writes the signed certificate, the request’s ledger, the signed heads that cover it and the\n' +
        'public keys into one file, which `dsr verify` checks without any of this system.',
    )
    .argument('<id>', 'the request', parseRequestId)
    .requiredOption('--out <file>', 'where to')
    .action((requestId: string, { out }: { out: string }, command: Command) =>
      answer(command, (session) => gatherEvidence(requestId, out, session)),
    );

  addVerify(program);
}

interface Files {
  out?: string;
  html?: string;
  pdf?: string;
}

async function readCertificate(requestId: string, files: Files, { desk }: Session): Promise<Reply> {
  const found = await desk.certificate(requestId);
  switch (found.outcome) {
    case 'unknown':
      return noSuchRequest(requestId);
    case 'notYet':
      return notYet(found, requestId);
    case 'certified': {
      const { certificate, jws, completion } = found;
      const goneSince = completion?.completion.completedAt;
      const text = JSON.stringify(certificate, null, 2);
      const written = Object.values(files);
      if (written.length === 0)
        return withNotice(
          reply(certificate, text),
          goneSince && `What it names as residue is gone since ${goneSince}.`,
        );
      if (files.out) await writeOut(files.out, `${text}\n`);
      if (files.html || files.pdf)
        await writePages(
          sheetOf(certificate, digestOf(jws), goneSince),
          certificate.certifiedAt,
          files,
        );
      return reply(
        { outcome: 'written', files: written },
        `The certificate is in ${written.join(', ')}.`,
      );
    }
    default:
      return found satisfies never;
  }
}

async function writePages(sheet: Sheet, certifiedAt: string, { html, pdf }: Files) {
  if (html) await writeOut(html, certificatePage(sheet));
  if (pdf) await writeOut(pdf, await certificatePdf(sheet, certifiedAt));
}

async function gatherEvidence(requestId: string, out: string, session: Session): Promise<Reply> {
  const { desk, screen } = session;
  // So that the last entry is covered too.
  screen.progress('A head is signed over the ledger.');
  await desk.signHeads();
  screen.progress('Evidence is gathered.');
  const found = await desk.evidence(requestId);
  screen.clear();
  switch (found.outcome) {
    case 'unknown':
      return noSuchRequest(requestId);
    case 'notYet':
      return notYet(found, requestId);
    case 'notSigned':
      return reply(
        found,
        `No signed head covers the certificate of ${requestId} yet. Try again in a minute; if that does not help, see docs/operations.md.`,
        EXIT.refusedByRule,
      );
    case 'gathered': {
      const bytes = Buffer.from(canonicalJson(found.bundle), 'utf8');
      await writeOut(out, bytes);
      const verdict = verifyBundle(bytes);
      return reply(
        { outcome: 'written', file: out, valid: verdict.valid, problems: verdict.problems },
        `The evidence is in ${out}. To check it: ${DSR} verify ${out}\n\n${renderVerdict(verdict, [])}`,
        verdict.valid ? EXIT.done : EXIT.notVerified,
      );
    }
    default:
      return found satisfies never;
  }
}

const notYet = (found: object, requestId: string): Reply =>
  reply(
    found,
    `Request ${requestId} is not closed, so there is no certificate yet.`,
    EXIT.refusedByRule,
  );
