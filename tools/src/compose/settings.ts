import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { describeCheckout, LOCAL } from '../images/names.ts';
import { root } from '../system/places.ts';

export const composeFile = join(root, 'infra/compose.yaml');
const envFile = join(root, 'infra/.env');
const exampleFile = join(root, 'infra/.env.example');

/** A variable is read from the first that has it: the environment, infra/.env, infra/.env.example. */
export interface ComposeSettings {
  file: string;
  owner: string;
  tag: string;
  port: number;
  redisImage: string;
  /** environment of compose, besides the file */
  env: NodeJS.ProcessEnv;
}

/** Reads the settings. Creates infra/.env if it is missing, and adds a random password for each store user without one. */
export function readComposeSettings(env: NodeJS.ProcessEnv = process.env, file = envFile): ComposeSettings {
  const text = existsSync(file) ? readFileSync(file, 'utf8') : firstEnv(readFileSync(exampleFile, 'utf8'));
  const complete = withPasswords(text);
  if (!existsSync(file) || complete !== text) writeFileSync(file, complete, { mode: 0o600 });
  const values = { ...parseEnv(readFileSync(exampleFile, 'utf8')), ...parseEnv(readFileSync(file, 'utf8')), ...withoutEmpty(env) };
  const tag = values.ALMANAC_TAG || describeCheckout().tag;
  return {
    file,
    owner: values.ALMANAC_REGISTRY || LOCAL,
    tag,
    port: Number(values.ALMANAC_PORT || 5000),
    redisImage: values.REDIS_IMAGE as string,
    // The default would be the name of the folder, infra.
    env: { ...env, ALMANAC_TAG: tag, COMPOSE_PROJECT_NAME: values.COMPOSE_PROJECT_NAME || 'almanac' },
  };
}

/** The example without a tag, so that the images of this checkout run. */
const firstEnv = (example: string): string => example.replace(/^ALMANAC_TAG=.*$/m, 'ALMANAC_TAG=');

/** Store users that compose needs. A settings file of an earlier version lacks them. */
const users = ['INGEST', 'QUERY', 'JOBS', 'RENDERER', 'BACKUP', 'ADMIN'];

function withPasswords(text: string): string {
  const missing = users.map((user) => `REDIS_${user}_PASSWORD`).filter((name) => !parseEnv(text)[name]);
  return missing.reduce((result, name) => {
    const line = `${name}=${randomBytes(18).toString('hex')}`;
    const empty = new RegExp(`^${name}=[ \\t]*$`, 'm');
    return empty.test(result) ? result.replace(empty, line) : `${result.trimEnd()}\n${line}\n`;
  }, text);
}

const withoutEmpty = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
