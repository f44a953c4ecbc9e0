import { randomBytes } from 'node:crypto';
import { Client, type JobRecord, type LoadReport } from '../client/client.ts';
import { runJob } from '../client/follow-job.ts';
import { Failure } from '../system/failure.ts';
import { secondsSince } from '../system/output.ts';
import { type Patience, PatientClient } from './patient-client.ts';

const rows = Array.from({ length: 24 }, (_, hour) => `${hour},${(10 + 5 * Math.sin(hour / 4)).toFixed(3)}`);
const csv = `hour,level (m)\n${rows.join('\n')}\n`;
const SIZE = { width: 320, height: 200 };

/**
 * Runs one small job through the whole product: loads a data set with a unique id, reads it, draws it and deletes it.
 * Retries while a service is busy, within the time limit. Throws a Failure that names the step and the response.
 */
export async function smoke(url: string, patience: Patience): Promise<void> {
  const client = new PatientClient(url, patience);
  const id = `smoke-${randomBytes(6).toString('hex')}`;
  const start = performance.now();
  try {
    const report = await step('load a data set', () =>
      client.json<LoadReport>('PUT', `/v1/datasets/${id}?key=hour`, csv, { 'content-type': 'text/csv' }),
    );
    expect('load a data set', report.rows === rows.length, `${report.rows} records of ${rows.length}`);
    const record = await step('read a record', () => client.json<Record<string, unknown>>('GET', `/v1/datasets/${id}/records/6`));
    expect('read a record', JSON.stringify(record).includes('14.987'), JSON.stringify(record));
    const job = await step('draw it', () => runJob(client, { dataset: id, type: 'line', x: 'hour', y: 'level (m)', ...SIZE }, ['png']));
    const png = await step('get the picture', () => client.bytes(hrefOf(job)));
    checkPng(png);
    patience.out.line(`smoke test passed: loaded, read, drawn (PNG, ${png.length} bytes) in ${secondsSince(start)}`);
  } finally {
    // An error of the cleanup must not hide the error of a step.
    await new Client(url, patience.token).send('DELETE', `/v1/datasets/${id}`, {}, (request) => request.end()).catch(() => {});
  }
}

const hrefOf = ({ id, results }: JobRecord): string => results.png?.href ?? `/v1/jobs/${id}/results/png`;

async function step<T>(what: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw new Failure(`smoke test failed to ${what}: ${(error as Error).message}`);
  }
}

function expect(what: string, isRight: boolean, got: string): void {
  if (!isRight) throw new Failure(`smoke test failed to ${what}: got ${got.slice(0, 200)}`);
}

/** Checks the signature and the size of a PNG. */
export function checkPng(bytes: Buffer): void {
  const isPng = bytes.subarray(0, 8).equals(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]));
  const size = isPng && bytes.length >= 24 ? `${bytes.readUInt32BE(16)} x ${bytes.readUInt32BE(20)}` : 'not a PNG';
  expect(
    'get the picture',
    size === `${SIZE.width} x ${SIZE.height}`,
    `${size}, ${bytes.length} bytes, expected ${SIZE.width} x ${SIZE.height}`,
  );
}
