import { type ProblemType, problemTypes } from '@almanac/domain';
import { html, page } from './html.ts';

export interface ProblemEntry {
  type: string;
  status: number;
  title: string;
  meaning: string;
}

/** Every type of problem, as `type` in an error's body names it. */
export const problemEntries: readonly ProblemEntry[] = (Object.keys(problemTypes) as ProblemType[]).map((name) => {
  const [status, title] = problemTypes[name];
  return { type: `/problems/${name}`, status, title, meaning: meaningOf(status) };
});

function meaningOf(status: number): string {
  if (status === 502)
    return 'A service broke off while it answered. A read may be repeated; whether a write took effect has to be looked up.';
  if (status === 503 || status === 429)
    return 'Nothing is wrong with the request: it can be repeated after the seconds that Retry-After names.';
  if (status === 507) return 'The store has no room for this. Nothing was changed; delete data sets or give the store more memory.';
  if (status >= 500) return 'The service failed, not the request. The log has the cause under the request id that `instance` names.';
  if (status === 404 || status === 410)
    return 'What the request names is not there; `detail` names the nearest that is, where one is near.';
  if (status === 408) return 'The request arrived too slowly. It can be sent again.';
  if (status === 403)
    return 'A browser sent the request for a page of another site, or under a host name that is not known here; `detail` names the setting that allows it.';
  if (status === 412 || status === 409) return 'What is stored is not what the request expected. Read it again, then decide.';
  return 'The request has to be changed before it is sent again: `detail` names the value at fault and what would be right.';
}

const table = (entries: readonly ProblemEntry[], prefix: string) =>
  html`<div class="scroll"><table><thead><tr><th class="n">Status</th><th>Type</th><th>Title</th></tr></thead>
<tbody>${entries.map(({ type, status, title }) => html`<tr><td class="n">${status}</td><td><a href="${prefix}${type}"><code>${type}</code></a></td><td>${title}</td></tr>`)}</tbody></table></div>`;

export const problemsPage = (prefix: string): string =>
  page(
    'Errors of the API',
    html`<header><h1>Errors of the API</h1><p>Every failure answers as <code>application/problem+json</code> (RFC 9457); its <code>type</code> is one of these.</p>
<nav><a href="${prefix}/">Almanac</a><a href="${prefix}/help">Help as text</a></nav></header>
<main>${table(problemEntries, prefix)}</main>`,
  );

export const problemPage = ({ type, status, title, meaning }: ProblemEntry, prefix: string): string =>
  page(
    title,
    html`<header><h1>${title}</h1><p class="soft"><code>${type}</code>, HTTP status ${status}</p></header>
<main><p>${meaning}</p><p><a href="${prefix}/problems">All types of errors</a></p></main>`,
  );
