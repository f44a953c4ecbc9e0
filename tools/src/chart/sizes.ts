import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Limit, limits } from '@almanac/domain';
import { root } from '../system/places.ts';
import type { KubeObject } from './objects.ts';
import { podTemplate } from './objects.ts';
import { find } from './parts.ts';

/** One term of the memory of a pod. */
export interface Part {
  what: string;
  mib: number;
}

/** Memory of a Node process besides its heap and the limited buffers: code, threads, sockets. Measured: 40 to 50 MiB when idle. */
const BASE_MIB = 55;

const MIB = 2 ** 20;

/** The value of an entry of libs/domain/src/limits, e.g. `Loads.heldBytes`. Throws if there is none of that name. */
export function limitValue(name: string): number {
  const [section = '', entry = ''] = name.split('.');
  const value = (limits as Record<string, Record<string, Limit>>)[section]?.[entry]?.value;
  if (value === undefined)
    throw new Error(`libs/domain/src/limits has no entry ${name}: tools/src/chart/sizes.ts computes a memory limit from it`);
  return value;
}

/** The memory limit and the environment of a service. */
export interface PodResources {
  limitMib: number;
  /** the value of a variable, or of the entry that is its default */
  setting(variable: string, entry: string): number;
}

const bytes = (what: string, ...factors: number[]): Part => ({ what, mib: factors.reduce((a, b) => a * b, 1) / MIB });
const mb = (what: string, value: number): Part => ({ what, mib: (value * 1e6) / MIB });

/** The memory that the limits allow each service outside its heap. docs/deploy.md shows the same sums. */
const held: Readonly<Record<string, (resources: PodResources) => Part[]>> = {
  gateway: () => [bytes('bodies and responses (Requests.heldBytes)', limitValue('Requests.heldBytes'))],
  ingest: () => [
    bytes('unfinished records of all loads (Loads.heldBytes)', limitValue('Loads.heldBytes')),
    bytes('key tables (Loads.keyTablesBytes)', limitValue('Loads.keyTablesBytes')),
    bytes(
      'large rows (Loads.largeRowsAtOnce x Loads.rowBytes, as bytes, as text and as packed)',
      limitValue('Loads.largeRowsAtOnce'),
      limitValue('Loads.rowBytes'),
      3,
    ),
  ],
  query: ({ setting }) => [
    mb('data kept for reads (READ_CACHE_MB)', setting('READ_CACHE_MB', 'Reads.memoryMb')),
    bytes('responses in progress (Reads.streams x Reads.bufferedBytes)', limitValue('Reads.streams'), limitValue('Reads.bufferedBytes')),
    bytes('searches in progress (Reads.searches x Reads.pageReadBytes)', limitValue('Reads.searches'), limitValue('Reads.pageReadBytes')),
  ],
  jobs: () => [
    bytes(
      'events for slow readers (Jobs.streams x Jobs.streamBacklogBytes)',
      limitValue('Jobs.streams'),
      limitValue('Jobs.streamBacklogBytes'),
    ),
    bytes('registrations (Jobs.registeredBytes)', limitValue('Jobs.registeredBytes')),
  ],
};

/** Returns the heap in MiB: from the start script, else Node's default in a container, half of its limit. */
function heapMib(app: string, limitMib: number): number {
  const { scripts } = JSON.parse(readFileSync(join(root, 'apps', app, 'package.json'), 'utf8')) as { scripts: { start: string } };
  const flag = (name: string) => Number(new RegExp(`--${name}=(\\d+)`).exec(scripts.start)?.[1] ?? 0);
  const old = flag('max-old-space-size');
  return old === 0 ? limitMib / 2 : old + 3 * flag('max-semi-space-size');
}

/** The renderer is one process that distributes work, and child processes that draw. The memory of each is limited. */
function rendererParts({ limitMib, setting }: PodResources): Part[] {
  const [own, child] = [limitValue('Plots.rendererMb'), setting('RENDER_CHILD_MB', 'Plots.drawingMb')];
  const children = setting('RENDER_CHILDREN', '') || Math.max(1, Math.floor(((limitMib * MIB) / 1e6 - own) / child));
  return [
    mb('the renderer itself (Plots.rendererMb)', own),
    mb(`${children} drawing processes (RENDER_CHILDREN x Plots.drawingMb)`, children * child),
  ];
}

/** Returns all memory that the pod of a service may use at once. */
export function partsOf(app: string, resources: PodResources): Part[] {
  if (app === 'renderer') return rendererParts(resources);
  const own = [
    { what: 'Node', mib: BASE_MIB },
    { what: 'heap', mib: heapMib(app, resources.limitMib) },
  ];
  return [...own, ...(held[app]?.(resources) ?? [])];
}

/** Converts a Kubernetes quantity to MiB. */
export function mibOf(quantity: string): number {
  const [, number = '', unit = ''] = /^(\d+)(Ki|Mi|Gi)?$/.exec(quantity) ?? [];
  return (Number(number) * ({ Ki: 2 ** 10, Mi: MIB, Gi: 2 ** 30 }[unit] ?? 1)) / MIB;
}

/** Returns the resources that the chart gives a service of the release x. */
export function resourcesOf(app: string, objects: readonly KubeObject[]): PodResources {
  const container = podTemplate(find(objects, `Deployment/x-${app}`))?.spec?.containers[0];
  const variable = (name: string) => container?.env?.find((one) => one.name === name)?.value;
  return {
    limitMib: mibOf(container?.resources?.limits?.memory ?? ''),
    setting: (name, entry) => Number(variable(name) ?? (entry === '' ? 0 : limitValue(entry))),
  };
}

/** Formats a sum: 'Node: 55 + heap: 128 + ... = 215 MiB'. */
export const describeSum = (parts: readonly Part[]): string =>
  `${parts.map(({ what, mib }) => `${what}: ${Math.ceil(mib)}`).join(' + ')} = ${Math.ceil(total(parts))} MiB`;

export const total = (parts: readonly Part[]): number => parts.reduce((sum, { mib }) => sum + mib, 0);
