import { closeSync, existsSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** Writes the raw lines of each service to `<folder>/<service>.log`. The file of the previous run is kept as `<service>.log.1`. */
export class LogFiles {
  #folder: string;
  #files = new Map<string, number>();

  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true });
  }

  write(service: string, line: string): void {
    writeSync(this.#files.get(service) ?? this.#open(service), `${line}\n`);
  }

  close(): void {
    for (const file of this.#files.values()) closeSync(file);
    this.#files.clear();
  }

  #open(service: string): number {
    const path = join(this.#folder, `${service}.log`);
    if (existsSync(path)) renameSync(path, `${path}.1`);
    const file = openSync(path, 'a');
    this.#files.set(service, file);
    return file;
  }
}
