import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Client } from '../client/client.ts';
import { curl, withToken } from '../client/shell.ts';
import { usageError } from '../system/failure.ts';
import { didYouMean } from '../system/nearest.ts';
import { shownPath } from '../system/places.ts';
import type { CourseChoice } from './up-options.ts';

/** What of the profiles is needed here. They are a package of the checkout, which commands other than up must do without. */
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

/** The variables by which services learn which application they are. Throws a usage error for a profile that does not exist. */
export async function courseVariables({ profile, source, edition }: CourseChoice): Promise<Record<string, string>> {
  const variables: Record<string, string> = edition === undefined ? {} : { COURSE_EDITION: edition };
  if (profile === undefined) return variables;
  const { profileIds, profileNamed } = await load();
  if (!profileIds.includes(profile))
    throw usageError(`--profile ${profile}: there are ${profileIds.join(', ')}${didYouMean(profile, profileIds)}`);
  if (source?.startsWith('/') && !existsSync(source)) throw usageError(`--source ${shownPath(source)}: there is no such file`);
  variables.ALMANAC_PROFILE = profile;
  if (source !== undefined) variables.ALMANAC_SOURCES = `${profile}=${source}`;
  if (profileNamed(profile).readsConfig && !process.env.CONFIG_FILE) variables.CONFIG_FILE = resolve('config.yaml');
  return variables;
}

/** What is said of the application that was started, and a few of its commands to paste. */
export async function announceCourse(
  { profile, source }: CourseChoice,
  url: string,
  client: Pick<Client, 'json'>,
): Promise<{ about: string[]; commands: string[] }> {
  if (profile === undefined) return { about: [], commands: [] };
  const { profileNamed } = await load();
  const { title, source: own, loadsAtStart, routes } = profileNamed(profile);
  const there = await rowsOf(profile, client);
  const where = source ?? ('url' in own ? own.url : 'what it makes itself');
  return {
    about: [
      `  course  ${profile}: ${title}`,
      there !== undefined
        ? `          ${there} records are there; ${withToken(`curl -X POST ${url}/post-data`)} loads them anew from ${where}`
        : loadsAtStart
          ? `          loads from ${where} now; what reads it waits for that`
          : `          empty: ${withToken(`curl -X POST ${url}/data`)} loads it from ${where}`,
    ],
    commands: [
      curl({ url: `${url}/help?q=course` }),
      ...(loadsAtStart ? [] : [withToken(`curl -X POST ${url}/data`)]),
      ...routes.slice(0, 3).map(({ example }) => withToken(`curl ${example.replaceAll('$BASE', url)}`)),
      withToken(`curl -d '{}' ${url}/jobs`),
    ],
  };
}

/** How many records there are, be it from an earlier start; undefined where there are none. */
async function rowsOf(profile: string, client: Pick<Client, 'json'>): Promise<string | undefined> {
  const { items } = (await client.json('GET', '/v1/datasets')) as { items: { id: string; rows: number }[] };
  return items.find(({ id }) => id === profile)?.rows.toLocaleString('en');
}
