import { ProblemError, shown } from '@almanac/domain';
import { readManifest } from '@almanac/store';
import type { Redis } from 'ioredis';

interface Conditions {
  ifMatch: string | undefined;
  ifNoneMatch: string | undefined;
}

/** The version in an entity tag: "17-3fa94c02d1b7e650", also with a media type's suffix and without quotes. */
const versionOf = (tag: string): string | undefined => /^(?:W\/)?"?([1-9]\d*-[0-9a-f]{16})/.exec(tag.trim())?.[1];

/**
 * Checks If-Match and If-None-Match against the current version (RFC 9110, 13.1). Returns the version that must still be current at the
 * commit, so that no other write comes between. Throws 412.
 */
export async function checkPreconditions(redis: Redis, dataset: string, { ifMatch, ifNoneMatch }: Conditions): Promise<string | undefined> {
  const manifest = await readManifest(redis, dataset);
  const now = manifest === undefined ? `data set '${dataset}' does not exist` : `data set '${dataset}' is at version ${manifest.version}`;
  if (ifNoneMatch?.trim() === '*' && manifest !== undefined) throw failed(`If-None-Match: * only creates a data set, but ${now}.`);
  if (ifMatch === undefined) return undefined;
  const isWildcard = ifMatch.trim() === '*';
  const versions = ifMatch.split(',').map(versionOf);
  if (manifest === undefined || !(isWildcard || versions.includes(manifest.version)))
    throw failed(`If-Match: ${shown(ifMatch)}, but ${now}.`);
  return manifest.version;
}

const failed = (detail: string) => new ProblemError('precondition-failed', `${detail} Nothing was changed.`);
