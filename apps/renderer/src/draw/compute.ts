import { ProblemError } from '@almanac/domain';
import { readColumns } from './arrow-columns.ts';
import type { Table } from './computations/computation.ts';
import { computations } from './computations/registry.ts';
import type { ChildRequest, Computed } from './protocol.ts';

/** Runs the computation of the request's process over an Arrow stream. */
export async function compute({ process, params, records }: ChildRequest, arrow: Uint8Array): Promise<Computed> {
  const computation = Object.hasOwn(computations, process) ? computations[process] : undefined;
  if (computation === undefined) throw new ProblemError('unknown-process', `No computation of process '${process}' is known.`);
  return computation(wholeTable(arrow, records), params as never);
}

function wholeTable(arrow: Uint8Array, records: number | undefined): Table {
  const table = readColumns(arrow);
  if (records === undefined || table.rows === records) return table;
  throw new ProblemError('bad-gateway', `The query service sent ${table.rows} of ${records} records.`);
}
