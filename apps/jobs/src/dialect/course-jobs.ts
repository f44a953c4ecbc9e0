import { type Job, ProblemError, shown } from '@almanac/domain';
import { findProcess } from '@almanac/processes';
import { type CourseSettings, datasetAsked, lastValues, profileOf, type QueryValues } from '@almanac/profiles';
import type { FastifyRequest } from 'fastify';
import type { Catalogue, DatasetVersion } from '../submit/catalogue.ts';
import type { JobIntake } from '../submit/job-intake.ts';
import { checkJobSize } from '../submit/job-size.ts';
import { plotInputs } from './plot-inputs.ts';
import { membersOf, type RequestBody, readBody } from './request-body.ts';
import { rowsFilter } from './rows-filter.ts';

/** Submits jobs as the course's clients describe them: which rows, which columns, which plot, each in words of their own. */
export class CourseJobs {
  readonly #catalogue: Catalogue;
  readonly #intake: JobIntake;
  readonly #settings: CourseSettings;

  constructor(catalogue: Catalogue, intake: JobIntake, settings: CourseSettings) {
    this.#catalogue = catalogue;
    this.#intake = intake;
    this.#settings = settings;
  }

  /** The data set a request is about: named in the query, in the body, or the default one. */
  datasetOf(query: QueryValues, asked: RequestBody): string {
    const inBody = typeof asked.dataset === 'string' && asked.dataset !== '' ? asked.dataset : undefined;
    return datasetAsked(query) ?? inBody ?? this.#settings.defaultDataset;
  }

  /** Submits the job that a request describes. */
  async accept(request: Pick<FastifyRequest, 'id' | 'facts' | 'body' | 'query'>): Promise<Job> {
    const body = readBody(request.body);
    return this.submit(this.datasetOf(lastValues(request.query), body), body, request);
  }

  /** Throws ProblemError, 400 where nothing is loaded or a member cannot be meant. */
  async submit(dataset: string, asked: RequestBody, request: Pick<FastifyRequest, 'id' | 'facts'>): Promise<Job> {
    checkJobSize({}, asked);
    const version = await this.#loaded(dataset);
    const { columns } = version;
    const profile = profileOf(columns.map(({ name }) => name));
    const members = membersOf(asked);
    // A body with an id is a job as it was answered, sent back: what it says of itself is about that job, and chooses no records even
    // where a column is called so. Without an id status and message are names like any. `dataset` has said which records there are.
    const isJob = members.some(([name]) => name === 'id');
    const own = new Set(['dataset', ...(isJob ? ['id', 'status', 'message'] : [])]);
    const choosing = members.filter(([name]) => !own.has(name));
    const rows = rowsFilter(choosing, columns, profile);
    const plot = plotInputs(
      choosing.filter(([name]) => !rows.used.has(name)),
      columns,
      profile,
    );
    const note = [rows.note, plot.note].filter((one) => one !== undefined).join(' ');
    return this.#intake.accept(
      {
        process: findProcess('plot'),
        inputs: { dataset, ...plot.inputs, ...(Object.keys(rows.where).length === 0 ? {} : { where: rows.where }) },
        outputs: ['png'],
        dataset: version,
        asked,
        ...(note === '' ? {} : { note }),
      },
      request,
    );
  }

  async #loaded(dataset: string): Promise<DatasetVersion> {
    try {
      return await this.#catalogue.get(dataset, 'latest');
    } catch (error) {
      if (!(error instanceof ProblemError) || error.type !== 'unknown-dataset') throw error;
      const named = dataset === this.#settings.defaultDataset ? '' : `?dataset=${encodeURIComponent(dataset.slice(0, 80))}`;
      throw new ProblemError('bad-request', `No data loaded: data set ${shown(dataset)} is empty. POST /data${named} loads it.`);
    }
  }
}
