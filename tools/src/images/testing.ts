import { type ChildProcess, spawn } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readManifest } from '../../../infra/image/rooms.ts';
import type { AppName } from '../up/plan.ts';

/** Packages with machine code: each belongs to the images of the apps that use it, and to no other. */
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

/** What a folder laid out as an image's /app holds, as its files say themselves. */
export function contentsOf(folder: string) {
  const files = globSync('{apps,libs}/*/src/**/*', { cwd: folder, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  const imports = files.filter((file) => file.endsWith('.ts')).flatMap((file) => importsOf(file).map((name) => ({ file, name })));
  return {
    files,
    imports,
    /** names of our own packages that are there */
    libraries: globSync('libs/*', { cwd: folder }).map((lib) => readManifest(join(folder, lib)).name),
    /** names of our own packages that the sources import */
    wanted: [...new Set(imports.map(({ name }) => name).filter((name) => name.startsWith('@almanac/')))],
  };
}

/** The bill of materials, by package URL. */
export function billOf(text: string): Set<string> {
  const bom = JSON.parse(text) as { bomFormat: string; components: { purl: string }[] };
  if (bom.bomFormat !== 'CycloneDX') throw new Error(`a bill of materials of another kind: ${bom.bomFormat}`);
  return new Set(bom.components.map(({ purl }) => purl));
}

/** Asks until the answer is 200, and says what it was instead when it never is. */
export async function answersOk(url: string, withinMs = 60_000): Promise<void> {
  let last = 'nothing';
  for (const until = Date.now() + withinMs; Date.now() < until; await sleep(50)) {
    const answer = await fetch(url, { signal: AbortSignal.timeout(2_000) }).catch((error: Error) => error);
    if (!(answer instanceof Error) && answer.ok) return;
    last = answer instanceof Error ? String(answer.cause ?? answer) : `${answer.status} ${await answer.text()}`;
  }
  throw new Error(`${url} did not answer 200 within ${withinMs} ms; last: ${last}`);
}

/** A program that runs until it is told to stop. */
export class Running {
  readonly #child: ChildProcess;
  #said = '';

  constructor(command: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env) {
    this.#child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#said += text;
      });
    }
  }

  get said(): string {
    return this.#said;
  }

  /** The exit code after the signal; the signal's name where that ended it. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | string | null> {
    if (this.#child.exitCode !== null) return this.#child.exitCode;
    const ended = new Promise<number | string | null>((resolve) => this.#child.once('exit', (code, by) => resolve(code ?? by)));
    this.#child.kill(signal);
    return await ended;
  }
}
