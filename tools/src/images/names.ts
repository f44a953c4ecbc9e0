import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { usageError } from '../system/failure.ts';
import { root } from '../system/places.ts';

/** Where images are named after when no registry is: they stay on this machine. */
export const LOCAL = 'localhost';

/** `registry.example.org/you`, checked; the part before /almanac-<service>. */
export function readOwner(text = LOCAL): string {
  const owner = text.replace(/\/+$/, '');
  if (!/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d+)?(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*$/.test(owner)) {
    throw usageError(`'${text}' is no REGISTRY/OWNER: lower-case, without https://, e.g. registry.example.org/you or 127.0.0.1:5000/you`);
  }
  return owner;
}

export function readTag(text: string): string {
  if (text === 'latest') {
    throw usageError(
      '--tag latest: a tag that moves says nothing about what runs, and cannot be rolled back to. Name a version, e.g. --tag 1.4.0',
    );
  }
  if (!/^\w[\w.-]{0,127}$/.test(text)) throw usageError(`--tag ${text}: letters, digits and . _ - (at most 128), e.g. 1.4.0`);
  return text;
}

/** An image to build on: `host/name:tag`, or with `@sha256:<64 digits>`, which always names the same content. */
export function readBase(text: string): string {
  if (!/^[a-z0-9][\w.:/-]*(?:@sha256:[0-9a-f]{64})?$/.test(text))
    throw usageError(
      `--base ${text}: an image such as docker.io/library/node:24-bookworm-slim, or with a digest at the end: @sha256:<64 digits>`,
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
  /** the full commit, or `unknown` outside of git */
  revision: string;
  /** when the commit was made, so that the same commit makes the same labels */
  created: string;
  tag: string;
}

/** The tag of a checkout: its version where the commit carries that version's tag, else the version with the commit; changes are told. */
export function describeCheckout(ask = git): Checkout {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  const revision = ask('rev-parse', 'HEAD');
  if (revision === undefined) return { version, revision: 'unknown', created: '1970-01-01T00:00:00Z', tag: version };
  const isReleased = (ask('tag', '--points-at', 'HEAD') ?? '').split('\n').some((tag) => tag === version || tag === `v${version}`);
  const isChanged = (ask('status', '--porcelain') ?? '') !== '';
  const commit = isReleased && !isChanged ? '' : `-g${revision.slice(0, 7)}`;
  return {
    version,
    revision,
    created: new Date(ask('show', '-s', '--format=%cI', 'HEAD') ?? 0).toISOString(),
    tag: `${version}${commit}${isChanged ? '-dirty' : ''}`,
  };
}
