import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { usageError } from '../system/failure.ts';
import { root } from '../system/places.ts';

/** The name of images that stay on this machine. */
export const LOCAL = 'localhost';

/** Validates `registry.example.org/you`, the part of a name before /almanac-<service>. */
export function readOwner(text = LOCAL): string {
  const owner = text.replace(/\/+$/, '');
  if (!/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d+)?(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*$/.test(owner)) {
    throw usageError(
      `'${text}' is not a REGISTRY/OWNER: must be lower-case without https://, e.g. registry.example.org/you or 127.0.0.1:5000/you`,
    );
  }
  return owner;
}

export function readTag(text: string): string {
  if (text === 'latest') {
    throw usageError('--tag latest: must be a fixed version, which can be identified and rolled back to, e.g. --tag 1.4.0');
  }
  if (!/^\w[\w.-]{0,127}$/.test(text)) throw usageError(`--tag ${text}: must be at most 128 letters, digits and . _ -, e.g. 1.4.0`);
  return text;
}

/** Validates a base image: `host/name:tag`, or with `@sha256:<64 digits>`, which identifies its content. */
export function readBase(text: string): string {
  if (!/^[a-z0-9][\w.:/-]*(?:@sha256:[0-9a-f]{64})?$/.test(text))
    throw usageError(
      `--base ${text}: must be an image such as docker.io/library/node:24-bookworm-slim, or end with a digest: @sha256:<64 digits>`,
    );
  return text;
}

export const imageName = (owner: string, service: string, tag: string): string => `${owner}/almanac-${service}:${tag}`;

const git = (...args: string[]): string | undefined => {
  try {
    return execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return undefined;
  }
};

export interface Checkout {
  version: string;
  /** the full commit hash, or `unknown` outside of git */
  revision: string;
  /** time of the commit, so that the same commit gets the same labels */
  created: string;
  tag: string;
}

/** Returns the tag of a checkout: the version if the commit has its git tag, else the version and the commit; `-dirty` marks changes. */
export function describeCheckout(runGit = git): Checkout {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  const revision = runGit('rev-parse', 'HEAD');
  if (revision === undefined) return { version, revision: 'unknown', created: '1970-01-01T00:00:00Z', tag: version };
  const isReleased = (runGit('tag', '--points-at', 'HEAD') ?? '').split('\n').some((tag) => tag === version || tag === `v${version}`);
  const isChanged = (runGit('status', '--porcelain') ?? '') !== '';
  const commit = isReleased && !isChanged ? '' : `-g${revision.slice(0, 7)}`;
  return {
    version,
    revision,
    created: new Date(runGit('show', '-s', '--format=%cI', 'HEAD') ?? 0).toISOString(),
    tag: `${version}${commit}${isChanged ? '-dirty' : ''}`,
  };
}
