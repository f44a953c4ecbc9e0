import { type Html, html, page } from './html.ts';

export interface LandingDataset {
  id: string;
  title: string | undefined;
  rows: number | undefined;
  columns: number | undefined;
  version: string | undefined;
}

export interface LandingPlot {
  job: string;
  /** whether this result exists */
  png: boolean;
  svg: boolean;
  /** text for those who cannot see the picture */
  description: string;
  dataset: string;
  width: number;
  height: number;
}

export interface LandingData {
  /** undefined: the service is unavailable, and a note reports it */
  datasets: readonly LandingDataset[] | undefined;
  plots: readonly LandingPlot[] | undefined;
  /** services that are unavailable */
  notes: readonly string[];
  commands: readonly string[];
  /** the path in front of every link; '' if there is none */
  prefix: string;
}

/** The page that a browser gets at /: data sets, latest plots, and commands to try. */
export const landingPage = ({ datasets, plots, notes, commands, prefix }: LandingData): string =>
  page(
    'Almanac',
    html`<header>
<h1>Almanac</h1>
<p>Almanac turns a data set into a web service: load a file, query it over HTTP, and plot it with jobs.</p>
<nav><a href="${prefix}/docs">API in the browser</a><a href="${prefix}/help">Help as text</a><a href="${prefix}/openapi.json">OpenAPI</a><a href="${prefix}/problems">Errors</a></nav>
</header>
<main>
${notes.map((note) => html`<p class="note" role="status">${note}</p>`)}
<h2>Data sets</h2>
${listed(datasets, (items) => datasetTable(items, prefix), 'No data sets yet. Load one with the first command below.')}
<h2>Latest plots</h2>
${listed(plots, (items) => plotGrid(items, prefix), 'No plots yet. Submit one with the fourth command below; Almanac chooses the plot type.')}
<h2>From a file to a picture</h2>
<p class="soft">Click a line to select it. Replace JOB by the id that the fourth command returns.</p>
${commands.map((command) => html`<pre>${command}</pre>`)}
</main>
<footer class="soft">All routes with examples: <code>/help</code></footer>`,
  );

/** The list; if it is empty, `emptyState`; if it is unknown, nothing. */
function listed<T>(items: readonly T[] | undefined, show: (items: readonly T[]) => Html, emptyState: string): Html | undefined {
  if (items === undefined) return undefined;
  return items.length > 0 ? show(items) : html`<p>${emptyState}</p>`;
}

const plotGrid = (plots: readonly LandingPlot[], prefix: string): Html =>
  html`<div class="plots">${plots.map((plot) => plotFigure(plot, prefix))}</div>`;

const datasetTable = (datasets: readonly LandingDataset[], prefix: string): Html =>
  html`<div class="scroll"><table>
<thead><tr><th>Name</th><th class="n">Records</th><th class="n">Columns</th><th>Version</th><th>Download</th></tr></thead>
<tbody>${datasets.map((dataset) => datasetRow(dataset, prefix))}</tbody>
</table></div>`;

function datasetRow({ id, title, rows, columns, version }: LandingDataset, prefix: string): Html {
  const path = `${prefix}/v1/datasets/${encodeURIComponent(id)}`;
  return html`<tr><td><a href="${path}">${id}</a>${title === undefined || title === id ? undefined : html` <span class="soft">${title}</span>`}</td>
<td class="n">${rows?.toLocaleString('en') ?? '?'}</td><td class="n">${columns ?? '?'}</td><td><code>${version ?? '?'}</code></td>
<td><a href="${path}/records">records</a><a href="${path}.csv">CSV</a><a href="${path}.json">JSON</a></td></tr>
`;
}

function plotFigure({ job, png, svg, description, dataset, width, height }: LandingPlot, prefix: string): Html {
  const path = `${prefix}/v1/jobs/${encodeURIComponent(job)}`;
  const [best] = [...(png ? ['png'] : []), ...(svg ? ['svg'] : [])];
  const links = [png ? html`<a href="${path}/results/png">PNG</a>` : '', svg ? html`<a href="${path}/results/svg">SVG</a>` : ''];
  return html`<figure><a href="${path}/results/${best}"><img src="${path}/results/${best}" alt="${description}" width="${width}" height="${height}" loading="lazy"></a>
<figcaption>${dataset}: ${links}<a href="${path}">job</a></figcaption></figure>
`;
}
