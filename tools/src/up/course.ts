import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Client } from '../client/client.ts';
import { curl, withToken } from '../client/shell.ts';
import { usageError } from '../system/failure.ts';
import { didYouMean } from '../system/nearest.ts';
import { shownPath } from '../system/places.ts';
import type { CourseChoice } from './up-options.ts';

/** The part of @almanac/profiles that is used here. It is imported late: other commands run without packages. */
interface Profiles {
  profileIds: readonly string[];
  profileNamed(id: string): {
    title: string;
    source: { url: string } | { records(): unknown };
    loadsAtStart: boolean;
    readsConfig?: true;
    routes: readonly { example: string }[];
  };
}
const load = async (): Promise<Profiles> => (await import('@almanac/profiles')) as Profiles;

/** Returns the environment variables that select the course application. Throws a usage error for an unknown profile. */
export async function courseVariables({ profile, source, edition }: CourseChoice): Promise<Record<string, string>> {
  const variables: Record<string, string> = edition === undefined ? {} : { COURSE_EDITION: edition };
  if (profile === undefined) return variables;
  const { profileIds, profileNamed } = await load();
  if (!profileIds.includes(profile))
    throw usageError(`--profile ${profile}: must be one of ${profileIds.join(', ')}${didYouMean(profile, profileIds)}`);
  if (source?.startsWith('/') && !existsSync(source)) throw usageError(`--source ${shownPath(source)}: no such file`);
  variables.ALMANAC_PROFILE = profile;
  if (source !== undefined) variables.ALMANAC_SOURCES = `${profile}=${source}`;
  if (profileNamed(profile).readsConfig && !process.env.CONFIG_FILE) variables.CONFIG_FILE = resolve('config.yaml');
  return variables;
}

/** Returns the description of the started application, and some of its commands to paste. */
export async function announceCourse(
  { profile, source }: CourseChoice,
  url: string,
  client: Pick<Client, 'json'>,
): Promise<{ lines: string[]; commands: string[] }> {
  if (profile === undefined) return { lines: [], commands: [] };
  const { profileNamed } = await load();
  const { title, source: own, loadsAtStart, routes } = profileNamed(profile);
  const rows = await rowsOf(profile, client);
  const where = source ?? ('url' in own ? own.url : 'generated data');
  return {
    lines: [
      `  course  ${profile}: ${title}`,
      rows !== undefined
        ? `          ${rows} records; to reload them from ${where}: ${withToken(`curl -X POST ${url}/post-data`)}`
        : loadsAtStart
          ? `          loading from ${where}; reads wait until it is loaded`
          : `          empty; to load it from ${where}: ${withToken(`curl -X POST ${url}/data`)}`,
    ],
    commands: [
      curl({ url: `${url}/help?q=course` }),
      ...(loadsAtStart ? [] : [withToken(`curl -X POST ${url}/data`)]),
      ...routes.slice(0, 3).map(({ example }) => withToken(`curl ${example.replaceAll('$BASE', url)}`)),
      withToken(`curl -d '{}' ${url}/jobs`),
    ],
  };
}

/** Returns the number of records, which an earlier start may have loaded, or undefined if the data set does not exist. */
async function rowsOf(profile: string, client: Pick<Client, 'json'>): Promise<string | undefined> {
  const { items } = (await client.json('GET', '/v1/datasets')) as { items: { id: string; rows: number }[] };
  return items.find(({ id }) => id === profile)?.rows.toLocaleString('en');
}
