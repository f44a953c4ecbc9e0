import { join } from 'node:path';
import { quote } from '../client/shell.ts';
import type { State } from '../supervisor/state.ts';
import { bold, duration } from '../system/output.ts';
import { places, root, shownPath } from '../system/places.ts';
import type { LoadedSample } from './load-samples.ts';
import { tryThese } from './try-these.ts';
import type { UpSettings } from './up-options.ts';

/** Returns the command `almanac` as the user would type it in the working directory. */
export const entry = (): string => {
  const path = shownPath(join(root, 'almanac'));
  return quote(path.startsWith('/') ? path : `./${path}`);
};

export interface Times {
  firstResponse: string;
  firstPlot?: string;
}

/** Returns the lines to print when everything is ready. */
export function announce(
  state: State,
  loaded: readonly LoadedSample[],
  times: Times,
  settings: UpSettings,
  course: { lines: readonly string[]; commands: readonly string[] },
): string[] {
  const commands = course.commands.length > 0 ? course.commands : tryThese(state.url, loaded, entry());
  const plot = times.firstPlot === undefined ? '' : `, first plots after ${times.firstPlot}`;
  return [
    `${bold(`Almanac is ready at ${state.url}`)}   (first response after ${times.firstResponse}${plot})`,
    '',
    `  ${state.url}/        start page`,
    `  ${state.url}/docs    every route, to try in the browser`,
    `  ${state.url}/help    every route, as text`,
    `  store   ${state.store.server}, data in ${settings.redisUrl === undefined ? shownPath(settings.dataDir) : state.store.url}`,
    `  logs    ${entry()} logs, or ${shownPath(places.logs())}/<service>.log`,
    ...loaded.map(describeSample),
    ...course.lines,
    '',
    'Try, in another terminal:',
    ...commands.map((command) => `  ${command}`),
    '',
    settings.isDetached ? `Stop it with: ${entry()} down` : 'Stop it with Ctrl-C.',
  ];
}

const describeSample = ({ sample, rows, plot, state }: LoadedSample): string =>
  plot === undefined
    ? `  data    ${sample.id}: a data set that this checkout did not load has this id; left unchanged`
    : `  data    ${sample.id}: ${sample.title}, ${rows.toLocaleString('en')} records${state === 'loaded' ? '' : ' (already loaded)'}; plot in ${shownPath(plot)}`;

/** Returns the lines that a second `up` prints. */
export function describeRunning({ url, phase, since, supervisor, services }: State): string[] {
  const age = duration(Date.now() - Date.parse(since));
  const pids = services.flatMap(({ name, process }) => (process === undefined ? [] : [`${name} ${process.pid}`]));
  return [
    phase === 'ready' ? `Almanac already runs at ${url} (up for ${age}, since ${since})` : `Almanac is ${phase} at ${url} (since ${since})`,
    `  pids: supervisor ${supervisor.pid}, ${pids.join(', ')}`,
    `  ${entry()} status shows more, ${entry()} down stops it`,
  ];
}
