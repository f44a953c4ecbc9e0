import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { freePort, startTestRedis, type TestRedis } from '@almanac/testkit';

/** What the process took since it was last asked: processor time of its longest turn, most heap and memory. */
export interface Taken {
  longestMs: number;
  heapBytes: number;
  rssBytes: number;
}

export interface Sent {
  status: number;
  body: Record<string, unknown>;
  retryAfter: string | null;
}

/** The service as it is run: a process of its own with the memory flags of its start script. */
export class IngestProcess {
  readonly store: TestRedis;
  readonly url: string;
  readonly child: ChildProcess;

  constructor(store: TestRedis, url: string, child: ChildProcess) {
    this.store = store;
    this.url = url;
    this.child = child;
  }

  get isAlive(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  async taken(): Promise<Taken> {
    const answer = once(this.child, 'message', { signal: AbortSignal.timeout(30_000) });
    this.child.send('report');
    return (await answer)[0] as Taken;
  }

  /** On a connection of its own. The answer counts also if the connection breaks while the rest of the body is sent. */
  put(id: string, body: Uint8Array | string, headers: Record<string, string>): Promise<Sent> {
    return new Promise((resolve, reject) => {
      const to = { method: 'PUT', agent: false, headers: { ...headers, 'content-length': Buffer.byteLength(body) } };
      const sending = request(`${this.url}/v1/datasets/${id}`, to, (response) => {
        text(response).then((answer) => {
          const { statusCode: status = 0, headers: answered } = response;
          resolve({ status, body: JSON.parse(answer) as Record<string, unknown>, retryAfter: answered['retry-after'] ?? null });
        }, reject);
      });
      sending.on('error', reject);
      sending.end(body);
    });
  }

  async close(): Promise<void> {
    if (this.isAlive) {
      const gone = once(this.child, 'exit');
      this.child.kill('SIGKILL');
      await gone;
    }
    await this.store.end();
  }
}

export async function startIngestProcess(env: Record<string, string> = {}, storeOptions: readonly string[] = []): Promise<IngestProcess> {
  const root = join(import.meta.dirname, '..');
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: { start: string } };
  const flags = scripts.start.split(' ').slice(1, -1);
  const store = await startTestRedis(storeOptions);
  const port = await freePort();
  const turns = join(import.meta.dirname, 'testing-turns.ts');
  const child = spawn(process.execPath, ['--import', turns, ...flags, 'src/main.ts'], {
    cwd: root,
    env: { ...process.env, REDIS_URL: store.url, PORT: String(port), HOST: '127.0.0.1', LOG_LEVEL: 'error', ...env },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const url = `http://127.0.0.1:${port}`;
  const ingest = new IngestProcess(store, url, child);
  for (let i = 0; i < 300; i++) {
    if (!ingest.isAlive) throw new Error('ingest ended while it started');
    const ready = await fetch(`${url}/readyz`).catch(() => undefined);
    if (ready?.status === 200) return ingest;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await ingest.close();
  throw new Error('ingest did not become ready within 30 s');
}
