import { type Profile, profileIds, type Source } from '@almanac/profiles';
import { ConfigError } from '@almanac/service';

/** Reads `iss=/data/ISS.xml,genes=https://...`: files and URLs that replace the sources of profiles. Throws ConfigError. */
export function readSources(text: string | undefined): ReadonlyMap<string, string> {
  const sources = new Map<string, string>();
  const problems: string[] = [];
  for (const part of (text ?? '').split(',').filter((one) => one.trim() !== '')) {
    const [, id, where] = /^\s*([\w-]+)\s*=\s*(\S.*?)\s*$/.exec(part) ?? [];
    if (id === undefined || where === undefined) problems.push(`ALMANAC_SOURCES: '${part.trim()}' must be <profile>=<file or URL>`);
    else if (!profileIds.includes(id)) problems.push(`ALMANAC_SOURCES: unknown profile '${id}'; known: ${profileIds.join(', ')}`);
    else sources.set(id, where);
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return sources;
}

/** The source of a profile in this installation. */
export function sourceOf(profile: Profile, sources: ReadonlyMap<string, string>): Source {
  const own = sources.get(profile.id);
  return own === undefined ? profile.source : { url: own };
}
