import { type ChildProcess, spawn } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readManifest } from '../../../infra/image/rooms.ts';
import type { AppName } from '../up/plan.ts';

/** Packages with native code: each belongs only in the images of the apps that use it. */
export const nativePackages: Readonly<Record<string, readonly AppName[]>> = { sharp: ['renderer'], '@napi-rs/canvas': ['renderer'] };

export const developmentPackages = [
  'typescript',
  '@typescript/native',
  'nx',
  '@biomejs/biome',
  '@types/node',
  'playwright-core',
  'fast-check',
  'knip',
];

const names = /(?:from\s+|import\s+|import\()'([^']+)'/g;
const importsOf = (file: string): string[] => [...readFileSync(file, 'utf8').matchAll(names)].map(([, name]) => name as string);

/** Reads the contents of a folder with the layout of an image's /app. */
export function contentsOf(folder: string) {
  const files = globSync('{apps,libs}/*/src/**/*', { cwd: folder, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  const imports = files.filter((file) => file.endsWith('.ts')).flatMap((file) => importsOf(file).map((name) => ({ file, name })));
  return {
    files,
    imports,
    /** names of the workspace packages in the folder */
    libraries: globSync('libs/*', { cwd: folder }).map((lib) => readManifest(join(folder, lib)).name),
    /** names of the workspace packages that the sources import */
    wanted: [...new Set(imports.map(({ name }) => name).filter((name) => name.startsWith('@almanac/')))],
  };
}

/** Returns the package URLs of a bill of materials. */
export function billOf(text: string): Set<string> {
  const bom = JSON.parse(text) as { bomFormat: string; components: { purl: string }[] };
  if (bom.bomFormat !== 'CycloneDX') throw new Error(`unknown format of the bill of materials: ${bom.bomFormat}`);
  return new Set(bom.components.map(({ purl }) => purl));
}

/** Polls a URL until it returns 200. Throws with the last response if it does not. */
export async function waitForOk(url: string, withinMs = 60_000): Promise<void> {
  let last = 'nothing';
  for (const until = Date.now() + withinMs; Date.now() < until; await sleep(50)) {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) }).catch((error: Error) => error);
    if (!(response instanceof Error) && response.ok) return;
    last = response instanceof Error ? String(response.cause ?? response) : `${response.status} ${await response.text()}`;
  }
  throw new Error(`${url} did not return 200 within ${withinMs} ms; last: ${last}`);
}

/** A program that runs until it is stopped. */
export class Running {
  readonly #child: ChildProcess;
  #output = '';

  constructor(command: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env) {
    this.#child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#output += text;
      });
    }
  }

  get output(): string {
    return this.#output;
  }

  /** Stops it. Returns the exit code, or the signal that ended it. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | string | null> {
    if (this.#child.exitCode !== null) return this.#child.exitCode;
    const ended = new Promise<number | string | null>((resolve) => this.#child.once('exit', (code, by) => resolve(code ?? by)));
    this.#child.kill(signal);
    return await ended;
  }
}
