import { curl, quote } from '../client/shell.ts';
import { shownPath } from '../system/places.ts';
import type { LoadedSample } from './load-samples.ts';

/** Returns five commands to paste, each of which works unchanged. Without samples, they need none. */
export function tryThese(url: string, loaded: readonly LoadedSample[], almanac: string): string[] {
  const ours = loaded.filter(({ plot }) => plot !== undefined);
  const meteorites = ours.find(({ sample }) => sample.id === 'meteorites');
  const turbidity = ours.find(({ sample }) => sample.id === 'turbidity');
  if (meteorites === undefined || turbidity === undefined) {
    return [
      curl({ url: `${url}/help` }),
      curl({ url: `${url}/v1/datasets` }),
      `${almanac} plot YOUR-FILE.csv`,
      `${almanac} status`,
      `${almanac} down`,
    ];
  }
  const job = { process: 'plot', inputs: { dataset: 'meteorites', type: 'histogram', x: 'year' }, outputs: ['svg'] };
  return [
    curl({ url: `${url}/v1/datasets` }),
    curl({ url: `${url}/v1/datasets/meteorites/records?recclass=L6&mass (g)[gte]=1000&limit=3`.replaceAll(' ', '%20') }),
    curl({ url: `${url}/v1/jobs`, headers: { 'Content-Type': 'application/json', Prefer: 'wait=20' }, json: job }),
    curl({ url: `${url}/v1/datasets/turbidity.csv`, output: 'turbidity.csv' }),
    `${almanac} plot ${quote(shownPath(meteorites.file))} --x reclong --y reclat --color year --where 'recclass=L6' -o l6.png`,
  ];
}
