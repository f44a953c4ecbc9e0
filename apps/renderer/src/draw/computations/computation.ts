import type { PlotColumn } from '@almanac/plots';
import type { Computed } from '../protocol.ts';

/** The rows of a job as columns. */
export interface Table {
  columns: Readonly<Record<string, PlotColumn>>;
  rows: number;
}

/** Computes the results of one process from its rows. `params` come from the process' handler (processes/<id>.ts). */
export type Computation<Params> = (table: Table, params: Params) => Computed | Promise<Computed>;
