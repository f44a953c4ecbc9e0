import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { type LabelOf, type MetricName, metricTable, type NameOfType } from './metric-table.ts';

/** Called when /metrics is read, with the metric as `this`: sets the value that holds now. */
type Collect<M> = (this: M) => void | Promise<void>;

export const counter = <N extends NameOfType<'counter'>>(registry: Registry, name: N, collect?: Collect<Counter<LabelOf<N>>>) =>
  new Counter<LabelOf<N>>({ ...settings(registry, name), ...(collect === undefined ? {} : { collect }) });

export const gauge = <N extends NameOfType<'gauge'>>(registry: Registry, name: N, collect: Collect<Gauge<LabelOf<N>>>) =>
  new Gauge<LabelOf<N>>({ ...settings(registry, name), collect });

export const histogram = <N extends NameOfType<'histogram'>>(registry: Registry, name: N) =>
  new Histogram<LabelOf<N>>({ ...settings(registry, name), buckets: [...metricTable[name].buckets] });

const settings = <N extends MetricName>(registry: Registry, name: N) => ({
  name,
  help: metricTable[name].help,
  labelNames: metricTable[name].labels as readonly LabelOf<N>[],
  registers: [registry],
});
