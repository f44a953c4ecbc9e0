import { bytesOf, send, timeGet } from './http.ts';
import type { Peer } from './peers/index.ts';
import type { Stack } from './stack.ts';
import { median, type Row, ratioOf } from './table.ts';
import { inTurn, requestsPerSecond } from './wrk.ts';

/** What is asked of the product, and what of bare Fastify beside it. */
export interface Reading<Paths extends readonly string[] = readonly string[]> {
  id: string;
  what: string;
  /** asked for in turn */
  paths: Paths;
  peer: { path: string; what: string };
  want?: string;
}

export interface Effort {
  rounds: number;
  /** how long each side of a round is under load */
  seconds?: number;
}

/** Makes bare Fastify return the same bytes as query. Returns the path. */
export async function keepAnswer(bare: Peer, url: string): Promise<string> {
  const name = new URL(url).href.replace(/\W+/g, '-');
  await send('PUT', `${bare.url}/kept/${name}`, await bytesOf(url));
  return `/kept/${name}`;
}

/** Requests per second at query and through the gateway, as ratios of bare Fastify's in the same rounds. */
export function underLoad(stack: Stack, bare: Peer, { id, what, paths, peer, want }: Reading, { rounds, seconds }: Effort): Row[] {
  const sides = [
    { url: stack.query, script: inTurn(paths) },
    { url: stack.url, script: inTurn(paths) },
    { url: bare.url, script: inTurn([peer.path]) },
  ];
  const figures: number[][] = [[], [], []];
  for (let round = 0; round <= rounds; round++) {
    const seen = sides.map(({ url, script }) => requestsPerSecond(url, { script, ...(seconds === undefined ? {} : { seconds }) }));
    if (round > 0) for (const [i, value] of seen.entries()) figures[i]?.push(value);
  }
  const [direct, through, limit] = figures as [number[], number[], number[]];
  const row = (ours: number[], where: string): Row => ({
    id,
    what: `${what}, ${where}`,
    ours: `${(median(ours) / 1000).toFixed(1)}k req/s`,
    peer: `${(median(limit) / 1000).toFixed(1)}k req/s: ${peer.what}`,
    ...ratioOf(ours, limit),
    ...(where === 'at query' && want !== undefined ? { want } : {}),
  });
  return [row(direct, 'at query'), row(through, 'through the gateway')];
}

/** Time to the last byte of a long response, one at a time. The ratio is of speeds: higher is better, as in the other rows. */
export async function toTheLastByte(stack: Stack, bare: Peer, reading: Reading<readonly [string]>, rounds: number): Promise<Row[]> {
  const { id, what, peer, want } = reading;
  const [path] = reading.paths;
  const figures: Record<'direct' | 'through' | 'buffer', number[]> = { direct: [], through: [], buffer: [] };
  let bytes = 0;
  for (let round = 0; round <= 2 * rounds; round++) {
    const [direct, through, buffer] = [
      await timeGet(stack.query + path),
      await timeGet(stack.url + path),
      await timeGet(bare.url + peer.path),
    ];
    bytes = direct.bytes;
    if (round === 0) continue;
    figures.direct.push(direct.ms);
    figures.through.push(through.ms);
    figures.buffer.push(buffer.ms);
  }
  const row = (ours: number[], where: string): Row => ({
    id,
    what: `${what}, ${(bytes / 1e6).toFixed(1)} MB, ${where}`,
    ours: `${median(ours).toFixed(1)} ms`,
    peer: `${median(figures.buffer).toFixed(1)} ms: ${peer.what}`,
    ...ratioOf(figures.buffer, ours),
    ...(where === 'at query' && want !== undefined ? { want } : {}),
  });
  return [row(figures.direct, 'at query'), row(figures.through, 'through the gateway')];
}
