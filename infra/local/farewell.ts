import { styleText } from 'node:util';
import { fiftyOrders } from './demo-data/demo-people.ts';
import type { Demonstration } from './demonstration.ts';
import type { RunningPlatform } from './running-platform.ts';

/** What to try next. */
export function farewell({ connection }: RunningPlatform, shown?: Demonstration): string {
  const script = (words: string, says: string) =>
    `  ${styleText('bold', `npm run ${words}`.padEnd(58))}  ${says}`;
  const command = (words: string, says: string) => script(`dsr -- ${words}`, says);
  const verdict = shown?.isProven ? 'Proven: nothing that is active holds the person.' : '';
  return [
    verdict,
    '',
    `The system is up at ${connection.endpoint}. In a second terminal, try:`,
    ...(shown
      ? [
          command(`status ${shown.requestId}`, 'each step, and when'),
          command(`certificate ${shown.requestId}`, 'what it came to'),
          command(`evidence ${shown.requestId} --out bundle.json`, 'what an auditor gets'),
        ]
      : []),
    command('sources', 'how the last refresh went'),
    command('snapshot', 'what is active now'),
    command(`erase --customer-id ${fiftyOrders.customerId} --dry-run`, 'where somebody stands'),
    command(`erase --customer-id ${fiftyOrders.customerId}`, 'a request that waits …'),
    script(`demo:delete -- ${fiftyOrders.customerId}`, '… until the sources let go'),
    '',
    'Ctrl-C ends everything; npm start takes it up again.',
  ].join('\n');
}
