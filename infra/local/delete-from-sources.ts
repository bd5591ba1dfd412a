import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectionTo } from './connection.ts';
import { customerOf } from './demo-data/population.ts';
import { demoPlatform } from './demo-platform.ts';
import { local, placesIn } from './places.ts';
import { runningPostgres } from './postgres.ts';
import { sourceOwners } from './source-owners.ts';

// What the owners of the demo's sources do when they are told: from a second terminal.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

const places = placesIn(local);
const endpointFile = join(places.run, 'endpoint.json');
const [customerId = ''] = process.argv.slice(2);
const person = customerOf(customerId);

if (!existsSync(endpointFile))
  refuse('npm start is not running here. Start it in another terminal.');
else if (!person) refuse('Name one customer of the demo: npm run demo:delete -- C-000017');
else {
  const { endpoint } = JSON.parse(readFileSync(endpointFile, 'utf8'));
  const server = runningPostgres(places);
  const owners = sourceOwners({ connection: connectionTo(endpoint), server, demo: demoPlatform() });
  for (const deletes of Object.values(owners)) await deletes(person);
  console.log(`${customerId} is deleted in all four sources.`);
}

function refuse(words: string): void {
  console.error(words);
  process.exitCode = 1;
}
