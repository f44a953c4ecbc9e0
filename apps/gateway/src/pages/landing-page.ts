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
  /** which results there are */
  png: boolean;
  svg: boolean;
  /** the picture in words */
  description: string;
  dataset: string;
  width: number;
  height: number;
}

export interface LandingData {
  /** undefined: the service that knows is away, which a note says */
  datasets: readonly LandingDataset[] | undefined;
  plots: readonly LandingPlot[] | undefined;
  /** what could not be asked */
  notes: readonly string[];
  commands: readonly string[];
  /** in front of every path; '' where there is none */
  prefix: string;
}

/** The page a browser gets at /: what there is, and what to type next. */
export const landingPage = ({ datasets, plots, notes, commands, prefix }: LandingData): string =>
  page(
    'Almanac',
    html`<header>
<h1>Almanac</h1>
<p>Turns a data set into a service: load a table, query it over HTTP, and have it plotted by jobs.</p>
<nav><a href="${prefix}/docs">API in the browser</a><a href="${prefix}/help">Help as text</a><a href="${prefix}/openapi.json">OpenAPI</a><a href="${prefix}/problems">Errors</a></nav>
</header>
<main>
${notes.map((note) => html`<p class="note" role="status">${note}</p>`)}
<h2>Data sets</h2>
${listed(datasets, (items) => datasetTable(items, prefix), 'There are none yet. Load one: the first command below, with a file of yours.')}
<h2>Latest plots</h2>
${listed(plots, (items) => plotGrid(items, prefix), 'There are none yet. The fourth command below asks for one, and chooses what to draw if you do not say.')}
<h2>From a file to a picture</h2>
<p class="soft">A click selects a line. JOB is the id that the fourth command responses.</p>
${commands.map((command) => html`<pre>${command}</pre>`)}
</main>
<footer class="soft">Every route with an example: <code>/help</code></footer>`,
  );

/** A list; a line that says what to type where it is empty; nothing where it is not known. */
function listed<T>(items: readonly T[] | undefined, show: (items: readonly T[]) => Html, emptyState: string): Html | undefined {
  if (items === undefined) return undefined;
  return items.length > 0 ? show(items) : html`<p>${emptyState}</p>`;
}

const plotGrid = (plots: readonly LandingPlot[], prefix: string): Html =>
  html`<div class="plots">${plots.map((plot) => plotFigure(plot, prefix))}</div>`;

const datasetTable = (datasets: readonly LandingDataset[], prefix: string): Html =>
  html`<div class="scroll"><table>
<thead><tr><th>Name</th><th class="n">Records</th><th class="n">Columns</th><th>Version</th><th>All of it as</th></tr></thead>
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
