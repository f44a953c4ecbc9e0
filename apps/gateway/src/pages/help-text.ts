import { hint } from '@almanac/domain';
import { CURL_TOKEN } from '../access/access-problems.ts';
import type { Route } from '../route.ts';

const title = 'Almanac turns a data set into a web service: load a file, query it, plot it.';

/** The text of /help: each route with its summary and an example command. Fits a terminal of 100 columns. */
export function helpText(routes: readonly Route[], base: string, search = '', needsToken = false): string {
  const found = routes.filter((route) => mentions(route, search));
  if (found.length === 0)
    return `No route mentions '${search.slice(0, 80)}'${wordHint(routes, search)}. curl ${base}/help shows all routes.\n`;
  const groups = [...new Set(found.map(({ group }) => group))];
  const parts = groups.map(
    (group) =>
      `${group.toUpperCase()}\n\n${found
        .filter((route) => route.group === group)
        .map((route) => entry(route, base, needsToken))
        .join('\n\n')}`,
  );
  const jobNote = found.some(({ example }) => example.includes('$JOB'))
    ? ['JOB is the id of a job, as POST /v1/jobs returns it: JOB=...']
    : [];
  return [title, usage(base), ...parts, [...jobNote, ...(needsToken ? [tokenNote] : []), ...notes].join('\n')].join('\n\n').concat('\n');
}

const usage = (base: string): string =>
  `Usage: curl [OPTIONS] ${base}/PATH\n       curl ${base}/help?q=WORD shows only the routes that mention WORD`;

const tokenNote = 'Write requests require a token; ask the operator: ALMANAC_WRITE_TOKEN=...';

const notes = [
  'Every GET route supports HEAD. Errors are application/problem+json: /problems lists the types.',
  'In a browser: / shows the data sets and the latest plots, /docs the whole API.',
];

/** The same as an object: method and path -> summary. */
export const helpObject = (routes: readonly Route[], search = ''): Record<string, string> =>
  Object.fromEntries(routes.filter((route) => mentions(route, search)).map((route) => [nameOf(route), route.summary]));

const nameOf = ({ method, path }: Route): string => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`;

const entry = (route: Route, base: string, needsToken: boolean): string =>
  `  ${nameOf(route)}\n      ${route.summary}\n      ${command(route.example, base, needsToken && route.method !== 'GET')}`;

export const command = (example: string, base: string, withToken = false): string =>
  `curl ${withToken ? `${CURL_TOKEN} ` : ''}${example.replaceAll('$BASE', base)}`;

const mentions = ({ method, path, summary, group, example }: Route, search: string): boolean =>
  `${method} ${path} ${summary} ${group} ${example}`.toLowerCase().includes(search.trim().toLowerCase());

function wordHint(routes: readonly Route[], search: string): string {
  const words = routes.flatMap(({ path, summary }) => `${path} ${summary}`.toLowerCase().match(/[a-z]{4,}/g) ?? []);
  const near = hint(search, [...new Set(words)]);
  return near.startsWith(' (did') ? near : '';
}

/** The text of GET / for programs. */
export const shortHelp = (base: string, commands: readonly string[]): string =>
  `${title}

${commands.map((line) => `  ${line}`).join('\n')}

  curl ${base}/help       all routes, each with an example
  ${base}/docs            the same, in a browser
`;

/** Five commands that lead from a file to a picture. */
export function firstSteps(base: string, dataset = 'meteorites', needsToken = false): string[] {
  const token = needsToken ? `${CURL_TOKEN} ` : '';
  return [
    `curl ${token}-T ${dataset}.csv ${base}/v1/datasets/${dataset}`,
    `curl ${base}/v1/datasets/${dataset}`,
    `curl '${base}/v1/datasets/${dataset}/records?limit=5'`,
    `curl ${token}--json '{"inputs":{"dataset":"${dataset}"}}' -H 'Prefer: wait=20' ${base}/v1/jobs`,
    `curl -o plot.png ${base}/v1/jobs/$JOB/results/png`,
  ];
}
