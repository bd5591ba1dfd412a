import { population } from './population.ts';
import { random } from './random.ts';
import {
  anonymousEvent,
  type CrmRow,
  crmRows,
  type LoyaltyRow,
  loyaltyRows,
  type OrderRow,
  orderRows,
  webEvents,
} from './rows.ts';

/** Everything that the demo's four sources hold. Files by their keys below the prefix. */
export interface DemoSources {
  crm: CrmRow[];
  orderFiles: Map<string, string>;
  webEventFiles: Map<string, string>;
  loyalty: LoyaltyRow[];
}

export function demoSources(customers: number): DemoSources {
  const people = population(customers);
  const strangers = Array.from({ length: Math.ceil(customers / 20) }, (_, index) =>
    anonymousEvent(random(9_000_000 + index)),
  );
  const events = [...people.flatMap(webEvents), ...strangers];
  return {
    crm: people.flatMap(crmRows),
    orderFiles: byQuarter(people.flatMap(orderRows)),
    webEventFiles: inParts(
      events.map((event) => JSON.stringify(event)),
      4,
    ),
    loyalty: people.flatMap(loyaltyRows),
  };
}

const columns = [
  ...(['order_id', 'customer_id', 'email', 'recipient', 'amount', 'currency'] as const),
  'ordered_at' as const,
];

/** `2025-q1.csv`, and so on: as a shop system exports them. */
function byQuarter(orders: OrderRow[]): Map<string, string> {
  const files = new Map<string, string[]>();
  for (const order of orders) {
    const [year, month] = order.ordered_at.split('-').map(Number);
    const file = `${year}-q${Math.ceil((month ?? 1) / 3)}.csv`;
    const lines = files.get(file) ?? [columns.join(',')];
    lines.push(columns.map((column) => csvField(order[column])).join(','));
    files.set(file, lines);
  }
  return new Map([...files].map(([file, lines]) => [file, `${lines.join('\n')}\n`]));
}

const csvField = (value: string): string =>
  /[",\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;

function inParts(lines: string[], parts: number): Map<string, string> {
  return new Map(
    Array.from({ length: parts }, (_, part) => [
      `part-${part}.jsonl`,
      `${lines.filter((_line, index) => index % parts === part).join('\n')}\n`,
    ]),
  );
}
