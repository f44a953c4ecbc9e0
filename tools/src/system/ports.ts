import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { Failure } from './failure.ts';

/** Whether the port is free, on the loopback address and on all addresses. */
export async function isFree(port: number): Promise<boolean> {
  for (const host of ['127.0.0.1', '0.0.0.0']) if (!(await canListen(port, host))) return false;
  return true;
}

function canListen(port: number, host: string): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** Returns the first `count` free ports, starting at `first`. */
export async function freePorts(first: number, count: number): Promise<number[]> {
  const found: number[] = [];
  for (let port = first; found.length < count && port <= 65535; port++) if (await isFree(port)) found.push(port);
  if (found.length < count) throw new Failure(`there are fewer than ${count} free ports from ${first} to 65535`);
  return found;
}

/** Describes the process that listens on the port (command, pid, folder). Returns undefined if the system does not reveal it. */
export function listenerOf(port: number): string | undefined {
  try {
    return process.platform === 'linux' ? listenerFromProc(port) : listenerFromLsof(port);
  } catch {
    return undefined;
  }
}

function listenerFromProc(port: number): string | undefined {
  const wanted = port.toString(16).toUpperCase().padStart(4, '0');
  const inodes = new Set(
    ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((table) =>
      readFileSync(table, 'utf8')
        .split('\n')
        .map((line) => line.trim().split(/\s+/))
        // 0A is LISTEN; column 9 is the socket's inode.
        .filter((fields) => fields[1]?.endsWith(`:${wanted}`) && fields[3] === '0A')
        .map((fields) => `socket:[${fields[9]}]`),
    ),
  );
  if (inodes.size === 0) return undefined;
  const pid = readdirSync('/proc').find((name) => /^\d+$/.test(name) && holdsAny(name, inodes));
  if (pid === undefined) return undefined;
  const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').join(' ').trim().slice(0, 80);
  return `'${command}' (pid ${pid}, in ${readlinkSync(`/proc/${pid}/cwd`)})`;
}

function holdsAny(pid: string, inodes: ReadonlySet<string>): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((fd) => inodes.has(readlinkSync(`/proc/${pid}/fd/${fd}`)));
  } catch {
    return false; // another user's process, or one that just ended
  }
}

function listenerFromLsof(port: number): string | undefined {
  const lines = execFileSync('lsof', ['-nP', '-Fpc', `-iTCP:${port}`, '-sTCP:LISTEN'], { encoding: 'utf8' }).split('\n');
  const pid = lines.find((line) => line.startsWith('p'))?.slice(1);
  const name = lines.find((line) => line.startsWith('c'))?.slice(1);
  return pid === undefined ? undefined : `${name} (pid ${pid})`;
}

/** Throws a Failure that names every taken port, the process that holds it if known, and the fix. */
export async function requireFreePorts(ports: readonly number[], suggestion: string): Promise<void> {
  const taken: string[] = [];
  for (const port of ports) {
    if (await isFree(port)) continue;
    const holder =
      listenerOf(port) ??
      (process.platform === 'darwin' && (port === 5000 || port === 7000) ? 'probably the AirPlay Receiver of macOS' : undefined);
    taken.push(`port ${port} is taken${holder === undefined ? '' : ` by ${holder}`}`);
  }
  if (taken.length > 0) throw new Failure(`${taken.join('\n')}\nNothing was started. Use other ports: ${suggestion}`);
}
