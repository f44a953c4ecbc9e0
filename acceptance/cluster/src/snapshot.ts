import { createHash } from 'node:crypto';
import type { Client } from '@almanac/tools/client/client.ts';

/** What must be the same after a restore: readable name -> hash. */
export type Snapshot = Record<string, string>;

const sha256 = (bytes: Buffer | string): string => createHash('sha256').update(bytes).digest('hex');
/** How many of the newest pictures are compared byte for byte. */
const PICTURES = 30;

/** Hashes every data set with its records, every job, and the newest pictures. */
export async function takeSnapshot(client: Client): Promise<Snapshot> {
  const snapshot: Snapshot = {};
  const { items: sets } = await client.json<{ items: { id: string }[] }>('GET', '/v1/datasets?limit=10000');
  for (const { id } of sets) {
    snapshot[`data set ${id}`] = sha256(await client.bytes(`/v1/datasets/${id}`));
    snapshot[`records of ${id}`] = sha256(await client.bytes(`/v1/datasets/${id}/records?f=ndjson&limit=all`));
  }
  const jobs = await allJobs(client);
  for (const job of jobs) snapshot[`job ${job.id} (${job.status})`] = sha256(JSON.stringify(job));
  for (const { id } of jobs.filter(({ status }) => status === 'complete').slice(0, PICTURES))
    snapshot[`picture of ${id}`] = sha256(await client.bytes(`/v1/jobs/${id}/results/png`));
  return snapshot;
}

interface Page {
  items: { id: string; status: string }[];
  links: { rel: string; href: string }[];
}

/** Reads all pages: a page may be shorter than `limit`, because its size in bytes is limited too. */
async function allJobs(client: Client): Promise<Page['items']> {
  const jobs: Page['items'] = [];
  for (let path: string | undefined = '/v1/jobs?limit=1000'; path !== undefined; ) {
    const { items, links }: Page = await client.json<Page>('GET', path);
    jobs.push(...items);
    path = links.find(({ rel }) => rel === 'next')?.href;
  }
  return jobs;
}

/** Returns what is missing, new or different. */
export function differences(before: Snapshot, after: Snapshot): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].filter((name) => before[name] !== after[name]).map((name) => `${name} is ${state(before[name], after[name])}`);
}

const state = (before: string | undefined, after: string | undefined): string =>
  after === undefined ? 'missing' : before === undefined ? 'new' : 'different';
