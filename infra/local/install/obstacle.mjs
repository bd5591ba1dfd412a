/** Something that the user can remove: what stands in the way, and what to do about it. */
export class Obstacle extends Error {
  name = 'Obstacle';

  constructor(cause, remedy) {
    super(`${cause}\n${remedy}`);
  }
}

const offline =
  /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ENETUNREACH|ETIMEDOUT|ENOTCACHED|ERR_SOCKET|Name or service not known|Temporary failure in name resolution|NewConnectionError|Failed to establish a new connection|nodename nor servname|Network is unreachable|from versions: none/;

/** What a failed installation came to, from its output. */
export function installationObstacle(what, log, output) {
  if (offline.test(output))
    return new Obstacle(
      `${what} could not be downloaded, because there is no way to its registry.`,
      'The first run needs the network (later ones do not). Connect, and run the same command again.',
    );
  return new Obstacle(`${what} could not be installed.`, `The installer’s words are in ${log}.`);
}
