import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** A peer in a process of its own. */
export interface Peer {
  url: string;
  pid: number;
  end: () => void;
}

export async function startBareFastify(port = Number(process.env.BENCH_PORT ?? 5700) + 50): Promise<Peer> {
  const child: ChildProcess = fork(join(import.meta.dirname, 'bare-fastify.ts'), [String(port)]);
  await once(child, 'message');
  return { url: `http://127.0.0.1:${port}`, pid: child.pid as number, end: () => void child.kill() };
}
