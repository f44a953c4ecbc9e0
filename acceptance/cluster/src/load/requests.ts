import type { Ledger } from './ledger.ts';
import type { Group, LoadPlan } from './plan.ts';
import type { LoadRequest, LoadResponse } from './send.ts';

/** A request with the check of its response. */
export interface CheckedRequest extends LoadRequest {
  /** its kind, for the counts */
  what: string;
  /** returns what is wrong with a response, or undefined; records what the service accepted */
  check(response: LoadResponse, at: string): string | undefined;
}

/** Returns the next request of one client. */
export type NextRequest = () => CheckedRequest;

/** Identifies a client in a run. */
export interface ClientId {
  run: string;
  client: number;
}

export function requestsFor(group: Group, plan: LoadPlan, ledger: Ledger, who: ClientId): NextRequest {
  if (group.doing === 'read') return reads(plan, ledger, who);
  if (group.doing === 'put') return puts(ledger, who);
  return submits(plan, ledger, who, group.doing === 'submit and wait' ? 5 : 0);
}

const has = (status: number, part: string) => (response: LoadResponse) => {
  if (response.status !== status) return statusOf(response);
  return response.text.includes(part) ? undefined : `wrong content: ${response.text.slice(0, 120)}`;
};

/** Reads of every kind: with and without shared connections inside the gateway, and those that the gateway serves itself. */
function reads({ dataset, records }: LoadPlan, { jobs }: Ledger, { client }: ClientId): NextRequest {
  const path = `/v1/datasets/${dataset}`;
  let n = client * 7;
  const get = (what: string, path: string, part: string): CheckedRequest => ({ what, method: 'GET', path, check: has(200, part) });
  return () => {
    const key = (n * 13) % records;
    const job = jobs.at(-1 - (n % 20));
    switch (n++ % 5) {
      case 0:
        return get('records', `${path}/records?limit=5&offset=${key % (records - 5)}`, '"value"');
      case 1:
        return job === undefined ? get('processes', '/v1/processes/plot', '"plot"') : get('job', `/v1/jobs/${job.id}`, job.id);
      case 2:
        return get('data set', path, `"${dataset}"`);
      case 3:
        return n % 4 === 0 ? get('page', '/problems', 'not-found') : get('processes', '/v1/processes/plot', '"plot"');
      default:
        return get('record', `${path}/records/${key}`, String(2 * key));
    }
  };
}

/** Each job has a different title, so that no result of an earlier job is reused. */
function submits({ dataset }: LoadPlan, { jobs }: Ledger, { run, client }: ClientId, waitSeconds: number): NextRequest {
  let n = 0;
  return () => {
    const inputs = { dataset, type: 'line', x: 'key', y: 'value', title: `${run} ${client} ${n++}`, width: 240, height: 160 };
    return {
      what: waitSeconds === 0 ? 'submit' : 'submit and wait',
      method: 'POST',
      path: '/v1/jobs',
      headers: { 'content-type': 'application/json', ...(waitSeconds === 0 ? {} : { prefer: `wait=${waitSeconds}` }) },
      body: JSON.stringify({ process: 'plot', inputs, outputs: ['png'] }),
      check: (response, at) => {
        if (response.status !== 201) return statusOf(response);
        const { id } = JSON.parse(response.text) as { id: string };
        jobs.push({ id, at });
        return undefined;
      },
    };
  };
}

/** A small data set, replaced each time with a growing number: reading it shows whether an acknowledged load was lost. */
function puts({ sets }: Ledger, { run, client }: ClientId): NextRequest {
  const written = { dataset: `load-${run}-${client}`, acknowledged: -1, sent: -1 };
  sets.push(written);
  return () => {
    const n = ++written.sent;
    return {
      what: 'put',
      method: 'PUT',
      path: `/v1/datasets/${written.dataset}?key=key`,
      headers: { 'content-type': 'text/csv' },
      body: `key,value\nn,${n}\n`,
      check: (response) => {
        if (response.status !== 200 && response.status !== 201) return statusOf(response);
        written.acknowledged = n;
        return undefined;
      },
    };
  };
}

const statusOf = ({ status, text }: LoadResponse): string => `status ${status}: ${detailOf(text)}`;

function detailOf(text: string): string {
  try {
    return (JSON.parse(text) as { detail?: string }).detail ?? text.slice(0, 160);
  } catch {
    return text.slice(0, 160);
  }
}
