import { authenticate } from 'mailauth';
import type { Resolver } from './dns-zone.ts';

export interface Envelope {
  /** Empty for a bounce. */
  from: string;
  ip: string;
  helo: string;
}

/** As SES names them. */
type Status = 'PASS' | 'FAIL' | 'GRAY' | 'PROCESSING_FAILED';
export type SesVerdicts = Record<'spf' | 'dkim' | 'dmarc' | 'spam' | 'virus', Status>;

const STATUS: Record<string, Status> = {
  pass: 'PASS',
  fail: 'FAIL',
  softfail: 'FAIL',
  permerror: 'PROCESSING_FAILED',
  temperror: 'PROCESSING_FAILED',
};

/** What every scanner takes for a virus, and every filter for spam, so that theirs can be seen. */
const TEST_VIRUS = 'EICAR-STANDARD-ANTIVIRUS-TEST-FILE!';
const TEST_SPAM = 'XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X';

/**
 * SPF, DKIM and DMARC for real, by the records of the zone. There is no scanner here: only the two
 * test patterns that scanners agree on are known.
 */
export async function verdictsOf(
  raw: Buffer,
  { from, ip, helo }: Envelope,
  resolver: Resolver,
): Promise<SesVerdicts> {
  const { spf, dkim, dmarc } = await authenticate(raw, {
    ...{ ip, helo, sender: from, resolver, mta: 'requests.shop.example' },
    ...{ disableArc: true, disableBimi: true },
  });
  const signatures = dkim.results.map(({ status }) => status.result);
  return {
    spf: statusOf(spf ? spf.status.result : 'none'),
    dkim: statusOf(signatures.find((result) => result === 'pass') ?? signatures[0] ?? 'none'),
    dmarc: statusOf(dmarc ? dmarc.status.result : 'none'),
    spam: raw.includes(TEST_SPAM) ? 'FAIL' : 'PASS',
    virus: raw.includes(TEST_VIRUS) ? 'FAIL' : 'PASS',
  };
}

const statusOf = (result: string): Status => STATUS[result] ?? 'GRAY';
