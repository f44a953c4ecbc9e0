import { randomUUID } from 'node:crypto';
import type { Job } from '@almanac/domain';
import type { Durability, JobQueue, NewJob, SubmitOptions } from '@almanac/job-queue';
import { contentHash, type Process } from '@almanac/processes';
import type { ResultStore } from '@almanac/store';
import type { FastifyRequest } from 'fastify';
import type { RecordsQuota } from '../housekeeping/records-quota.ts';
import type { SubmittedCounter } from '../queue-metrics.ts';
import type { Admission } from './admission.ts';
import type { DatasetVersion } from './catalogue.ts';
import { checkJobSize } from './job-size.ts';

/** Estimated bytes of a record beside the inputs and the echoed body. */
const RECORD_BYTES = 1000;

/** A job whose process and data set exist. Its inputs are still to be checked against the data set. */
export interface JobRequest {
  process: Process;
  inputs: Readonly<Record<string, unknown>>;
  outputs: string[];
  dataset: DatasetVersion;
  /** the body that a client of the course dialect sent */
  asked?: Record<string, unknown>;
  /** a message to the caller, put before that of the process */
  note?: string | undefined;
  /** by default a new one; a repeated id is the same job */
  id?: string;
  /** how safe the job must be before its submission is confirmed */
  durability?: Durability;
}

/** Checks jobs against their data sets and puts them into the queue: the jobs of the API and of the course dialect. */
export class JobIntake {
  readonly #jobs: JobQueue;
  readonly #results: Pick<ResultStore, 'size'>;
  readonly #submitted: SubmittedCounter;
  readonly #admission: Pick<Admission, 'check'>;
  readonly #records: Pick<RecordsQuota, 'check' | 'note'>;

  constructor(
    jobs: JobQueue,
    results: Pick<ResultStore, 'size'>,
    submitted: SubmittedCounter,
    admission: Pick<Admission, 'check'>,
    records: Pick<RecordsQuota, 'check' | 'note'>,
  ) {
    this.#jobs = jobs;
    this.#results = results;
    this.#submitted = submitted;
    this.#admission = admission;
    this.#records = records;
  }

  /** Accepts a job for the current version of its data set. Throws ProblemError if its inputs are invalid. */
  async accept(wanted: JobRequest, request: Pick<FastifyRequest, 'id' | 'facts'>): Promise<Job> {
    const { process, outputs, dataset, asked, note, durability } = wanted;
    const bytes = checkJobSize(wanted.inputs, asked);
    await this.#admission.check();
    await this.#records.check();
    const { id, version, digest, columns } = dataset;
    const { inputs, reason } = process.resolve(wanted.inputs, columns);
    const message = [note, reason].filter((one) => one !== undefined).join(' ');
    const job: NewJob = {
      id: wanted.id ?? randomUUID(),
      process: process.id,
      inputs: { ...inputs, version },
      outputs,
      dataset: { id, version, digest },
      message: message === '' ? null : message,
      requestId: request.id,
      ...(asked === undefined ? {} : { asked }),
    };
    const options = { hash: contentHash({ process, inputs: job.inputs, digest, outputs }), queue: process.queue };
    const accepted = await this.#put(job, options);
    this.#records.note(bytes + RECORD_BYTES);
    this.#submitted.inc({ process: process.id, cache: accepted.cache });
    request.facts = { job: job.id, process: process.id, dataset: id, version, cache: accepted.cache };
    return durability === undefined
      ? accepted
      : { ...accepted, durability: await this.#jobs.confirm(job.id, durability, { queue: process.queue }) };
  }

  /** If an earlier job with the same content has lost its results, this one is computed. */
  async #put(job: NewJob, options: SubmitOptions): Promise<Job> {
    const accepted = await this.#jobs.submit(job, options);
    if (accepted.resultOf === undefined || accepted.status !== 'complete' || (await this.#isStored(accepted))) return accepted;
    await this.#jobs.forget(accepted.resultOf);
    await this.#jobs.remove(job.id);
    return this.#jobs.submit(job, options);
  }

  async #isStored(job: Job): Promise<boolean> {
    const place = (await this.#jobs.read(job.id))?.place;
    if (place === undefined) return false;
    const sizes = await Promise.all(Object.keys(job.results).map((name) => this.#results.size(place.jobId, place.token, name)));
    return sizes.every((bytes) => bytes !== undefined);
  }
}
