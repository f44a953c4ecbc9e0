import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Dictionary, Field, Float64, Int32, makeVector, Schema, Table, tableToIPC, Utf8, type Vector, vectorFromArray } from 'apache-arrow';
import type { PlotParams } from './draw/computations/plot.ts';
import type { ChildRequest } from './draw/protocol.ts';
import { pixelsOf } from './processes/plot.ts';

/** What the tests of this room share: Arrow streams as query sends them, requests, and a stand-in for query. */

export type Cells = Float64Array | readonly (string | null)[];

/** An Arrow stream of columns, with the metadata that query writes. */
export function arrowOf(columns: Readonly<Record<string, Cells>>, about: Readonly<Record<string, Record<string, string>>> = {}): Buffer {
  const vectors: Record<string, Vector> = {};
  const fields = Object.entries(columns).map(([name, cells]) => {
    const isText = !(cells instanceof Float64Array);
    const vector = isText ? vectorFromArray(cells, new Dictionary(new Utf8(), new Int32())) : makeVector(cells);
    vectors[name] = vector;
    const metadata = { type: isText ? 'string' : 'number', title: name, ...about[name] };
    return new Field(name, isText ? vector.type : new Float64(), isText, new Map(Object.entries(metadata)));
  });
  return Buffer.from(tableToIPC(new Table(new Schema(fields), vectors), 'stream'));
}

export const waves = (rows: number): Buffer =>
  arrowOf({ x: Float64Array.from({ length: rows }, (_, i) => i), y: Float64Array.from({ length: rows }, (_, i) => Math.sin(i / 20)) });

/** A request for a plot. Members of `PlotParams` change the plot, `records` the number that query announces. */
export function requestOf({ records, ...more }: Partial<PlotParams & Pick<ChildRequest, 'records'>> = {}): ChildRequest<PlotParams> {
  const params: PlotParams = {
    type: 'scatter',
    params: { x: 'x', y: 'y' },
    picture: { title: 'Waves' },
    outputs: ['png'],
    provenance: '{"dataset":"waves"}',
    ...more,
  };
  return { process: 'plot', params, records, pixels: pixelsOf(params.picture) };
}

/** Bytes as they come over a connection: in pieces. */
export async function* inPieces(bytes: Buffer, size = 65_536): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** A server that answers as a test says, on a port of its own. */
export async function startStandIn(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    end: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}
