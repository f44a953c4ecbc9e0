import { requestLimits } from '@almanac/domain';
import type { Upstream } from '../proxy/upstream.ts';
import type { ServiceName } from '../route.ts';
import type { LandingDataset, LandingPlot } from './landing-page.ts';

type Json = Record<string, unknown>;
type Upstreams = Readonly<Record<ServiceName, Upstream>>;
type Data = Awaited<ReturnType<typeof readLandingData>>;

const MAX_DATASETS = 50;
const MAX_PLOTS = 6;
/** How long the data is cached, in milliseconds: the load on the services does not depend on the number of visitors. */
const FRESH_MS = 1_000;

/** Reads what the landing page shows. Concurrent requests share one read. */
export class LandingReader {
  readonly #upstreams: Upstreams;
  #reading: Promise<Data> | undefined;
  #freshUntil = 0;

  constructor(upstreams: Upstreams) {
    this.#upstreams = upstreams;
  }

  read(): Promise<Data> {
    if (this.#reading === undefined || performance.now() > this.#freshUntil) this.#reading = this.#start();
    return this.#reading;
  }

  async #start(): Promise<Data> {
    this.#freshUntil = Number.POSITIVE_INFINITY;
    try {
      return await readLandingData(this.#upstreams);
    } finally {
      this.#freshUntil = performance.now() + FRESH_MS;
    }
  }
}

/** Reads from the services in parallel. A service that is unavailable becomes a note, not an error. */
async function readLandingData(upstreams: Upstreams) {
  const notes: string[] = [];
  const list = async (upstream: Upstream, path: string, what: string): Promise<Json[] | undefined> => {
    try {
      const { status, body } = await upstream.get(path, { timeoutMs: 1_500, maxBytes: requestLimits.pageListBytes.value });
      const items = (JSON.parse(body.toString()) as { items?: unknown } | null)?.items;
      if (status === 200 && Array.isArray(items)) return items.filter((item) => typeof item === 'object' && item !== null);
    } catch {}
    notes.push(`The service ${upstream.name} is unavailable, so the ${what} cannot be shown. Reload the page shortly.`);
    return undefined;
  };
  const [datasets, jobs] = await Promise.all([
    list(upstreams.query, `/v1/datasets?limit=${MAX_DATASETS}`, 'data sets'),
    list(upstreams.jobs, `/v1/jobs?status=complete&limit=${MAX_PLOTS}`, 'plots'),
  ]);
  return {
    datasets: datasets?.slice(0, MAX_DATASETS).map(toDataset),
    plots: jobs
      ?.slice(0, MAX_PLOTS)
      .map(toPlot)
      .filter(({ png, svg }) => png || svg),
    notes,
  };
}

function text(value: unknown): string | undefined {
  if (typeof value !== 'string' || value === '') return undefined;
  const maxLength = requestLimits.pageText.value;
  return value.length > maxLength ? `${value.slice(0, maxLength - 3)}...` : value;
}

const number = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);
const object = (value: unknown): Json => (typeof value === 'object' && value !== null ? (value as Json) : {});

const toDataset = ({ id, title, rows, columns, version }: Json): LandingDataset => ({
  id: String(id),
  title: text(title),
  rows: number(rows),
  columns: Array.isArray(columns) ? columns.length : number(columns),
  version: text(version),
});

function toPlot({ id, inputs, dataset, results, description }: Json): LandingPlot {
  const { type, width, height } = object(inputs);
  const name = text(object(dataset).id) ?? text(object(inputs).dataset) ?? 'a data set';
  return {
    job: String(id),
    png: 'png' in object(results),
    svg: 'svg' in object(results),
    description: text(description) ?? `${text(type) ?? 'plot'} of ${name}`,
    dataset: name,
    width: number(width) ?? 640,
    height: number(height) ?? 480,
  };
}
