import { closeSync, existsSync, fstatSync, openSync, readdirSync, readFileSync, readSync, watchFile } from 'node:fs';
import { join } from 'node:path';
import { places } from '../system/places.ts';
import { renderLine, timeOf } from './log-lines.ts';

const pathOf = (service: string): string => join(places.logs(), `${service}.log`);

/** Returns the names of the services that have a log. */
export function loggedServices(): string[] {
  if (!existsSync(places.logs())) return [];
  return readdirSync(places.logs())
    .filter((name) => name.endsWith('.log') && name !== 'up.log')
    .map((name) => name.slice(0, -'.log'.length))
    .sort();
}

/** Prints the last `count` lines of these services in order of time. Returns the position up to which each file was read. */
export function readLogs(services: readonly string[], count: number, isRaw: boolean): Map<string, number> {
  const marks = new Map<string, number>();
  const entries = services.flatMap((service) => {
    const text = readFileSync(pathOf(service), 'utf8');
    marks.set(service, Buffer.byteLength(text));
    let time = '';
    // A line without a time belongs to the line before it.
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => {
        time = timeOf(line) ?? time;
        return { service, line, time };
      });
  });
  entries.sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
  const width = Math.max(...services.map((s) => s.length));
  for (const { service, line } of count === 0 ? [] : entries.slice(-count)) console.log(isRaw ? line : renderLine(service, line, width));
  return marks;
}

/** Prints new lines and never returns. A replaced file is read from its start. */
export function followLogs(services: readonly string[], marks: Map<string, number>, isRaw: boolean): Promise<never> {
  const width = Math.max(...services.map((s) => s.length));
  for (const service of services) {
    let rest = '';
    watchFile(pathOf(service), { interval: 200 }, (now, before) => {
      const from = now.ino === before.ino ? (marks.get(service) ?? 0) : 0;
      const text = rest + readFrom(pathOf(service), from, (to) => marks.set(service, to));
      const lines = text.split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) console.log(isRaw ? line : renderLine(service, line, width));
    });
  }
  return new Promise(() => {});
}

function readFrom(path: string, from: number, onEnd: (to: number) => void): string {
  if (!existsSync(path)) return '';
  const file = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(Math.max(0, fstatSync(file).size - from));
    const read = readSync(file, bytes, 0, bytes.length, from);
    onEnd(from + read);
    return bytes.toString('utf8', 0, read);
  } finally {
    closeSync(file);
  }
}
