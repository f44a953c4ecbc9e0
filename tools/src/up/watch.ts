import { existsSync, type FSWatcher, watch } from 'node:fs';
import { join, relative } from 'node:path';
import type { Service } from '../supervisor/service.ts';
import { root } from '../system/places.ts';

/** Editors write a file in several steps: changes within this time are one. */
const QUIET_MS = 150;

/** Restarts each service when a file in one of its folders changes, except tests. Returns a function that stops watching. */
export function restartOnChange(services: readonly Service[], onRestart: (service: string, file: string) => void): () => void {
  const byFolder = new Map<string, Service[]>();
  for (const service of services) {
    for (const folder of service.spec.watch ?? []) byFolder.set(folder, [...(byFolder.get(folder) ?? []), service]);
  }
  const due = new Map<Service, string>();
  let timer: NodeJS.Timeout | undefined;
  const restartAll = () => {
    for (const [service, file] of due) {
      onRestart(service.spec.name, relative(root, file));
      void service.restart(5_000);
    }
    due.clear();
  };
  const watchers = [...byFolder]
    .filter(([folder]) => existsSync(folder))
    .map(
      ([folder, affected]): FSWatcher =>
        watch(folder, { recursive: true }, (_, name) => {
          if (name === null || !isSource(name)) return;
          for (const service of affected) due.set(service, join(folder, name));
          clearTimeout(timer);
          timer = setTimeout(restartAll, QUIET_MS);
        }),
    );
  return () => {
    clearTimeout(timer);
    for (const watcher of watchers) watcher.close();
  };
}

export const isSource = (name: string): boolean =>
  /\.(ts|lua|json|html|css)$/.test(name) && !/\.test\.ts$|(^|\/)(golden|fixtures)\//.test(name);
