import { createServer } from 'node:net';

const FIRST = 10_000;
const BLOCKS = 1000;
const PORTS_A_BLOCK = 20;
let given = 0;

/**
 * A port nobody listens on at this moment. Not one that the system chooses: it may choose the same again, for another test or for anybody's
 * outgoing connection, before this one is listened on. Test processes that run at the same time take theirs from places of their own, below
 * what the system chooses from.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const at = ((process.pid % BLOCKS) * PORTS_A_BLOCK + given++) % (BLOCKS * PORTS_A_BLOCK);
    if (await isFree(FIRST + at)) return FIRST + at;
  }
}

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
