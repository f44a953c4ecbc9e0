import type { ServiceName } from '../route.ts';
import type { Upstream } from '../upstream/upstream.ts';
import type { LandingDataset, LandingPlot } from './landing.ts';

type Json = Record<string, unknown>;

/** What the landing page shows, asked of the services at once; a service that is away becomes a note, never an error. */
export async function landingData(upstreams: Readonly<Record<ServiceName, Upstream>>) {
  const notes: string[] = [];
  const list = async (upstream: Upstream, path: string, what: string): Promise<Json[] | undefined> => {
    try {
      const { status, body } = await upstream.get(path, { timeoutMs: 1_500 });
      const items = (JSON.parse(body.toString()) as { items?: unknown } | null)?.items;
      if (status === 200 && Array.isArray(items)) return items.filter((item) => typeof item === 'object' && item !== null);
    } catch {}
    notes.push(`${upstream.name} does not answer at the moment, so the ${what} cannot be shown. Try again shortly.`);
    return undefined;
  };
  const [datasets, jobs] = await Promise.all([
    list(upstreams.query, '/v1/datasets?limit=50', 'data sets'),
    list(upstreams.jobs, '/v1/jobs?status=complete&limit=6', 'plots'),
  ]);
  return { datasets: datasets?.map(toDataset), plots: jobs?.map(toPlot).filter(({ png, svg }) => png || svg), notes };
}

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);
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
