import type { Connection } from './connection.ts';
import { inCrm } from './crm.ts';
import type { Person } from './demo-data/person.ts';
import type { DemoPlatform } from './demo-platform.ts';
import { deleteFromLoyaltyTable } from './loyalty-table.ts';
import type { PostgresServer } from './postgres.ts';
import { keepLines } from './sources-bucket.ts';

interface Demo {
  connection: Connection;
  server: PostgresServer;
  demo: DemoPlatform;
}

/** The people who delete somebody in a source, each in their own. */
export const sourceOwners = ({ connection, server, demo }: Demo) => ({
  async crmClerkDeletes({ customerId }: Person): Promise<void> {
    await inCrm(server, (client) =>
      client.query('DELETE FROM customers WHERE customer_id = $1', [customerId]),
    );
  },

  async shopDeletes(person: Person): Promise<void> {
    const { bucket, ordersPrefix: prefix } = demo;
    await keepLines(connection, { bucket, prefix }, (line) => !mentions(line, person));
  },

  async webTeamDeletes(person: Person): Promise<void> {
    const { bucket, webEventsPrefix: prefix } = demo;
    await keepLines(connection, { bucket, prefix }, (line) => !mentions(line, person));
  },

  async loyaltyTeamDeletes({ loyalty }: Person): Promise<void> {
    if (loyalty) await deleteFromLoyaltyTable(connection, demo.loyaltyTable, loyalty.loyaltyId);
  },
});

function mentions(line: string, person: Person): boolean {
  const { customerId, email, orders, guestOrders, visits } = person;
  const values = [customerId, email, orders.email, guestOrders?.email, ...visits.emails];
  const text = line.toLowerCase();
  return values.some((value) => value !== undefined && text.includes(value.toLowerCase()));
}
