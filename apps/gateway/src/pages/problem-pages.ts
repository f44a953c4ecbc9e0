import { type ProblemType, problemTypes } from '@almanac/domain';
import { type Static, type TSchema, Type } from 'typebox';
import { html, page } from './html.ts';

export const ProblemEntry = Type.Object({ type: Type.String(), status: Type.Integer(), title: Type.String(), meaning: Type.String() });
export type ProblemEntry = Static<typeof ProblemEntry>;

/** The response of the /problems routes: JSON, or a page for a browser. */
export const jsonOrPage = <T extends TSchema>(schema: T) =>
  ({
    description: 'As JSON, or as a page',
    content: { 'application/json': { schema }, 'text/html': { schema: Type.String() } },
  }) as unknown as T;

/** Every problem type, under the `type` that an error's body has. */
export const problemEntries: readonly ProblemEntry[] = (Object.keys(problemTypes) as ProblemType[]).map((name) => {
  const [status, title] = problemTypes[name];
  return { type: `/problems/${name}`, status, title, meaning: meaningOf(status) };
});

function meaningOf(status: number): string {
  if (status === 502)
    return 'The connection to a service broke before its response was complete. Retry a read. After a write, check whether it took effect.';
  if (status === 503 || status === 429)
    return 'The request itself is valid. Retry it after the number of seconds in the Retry-After header.';
  if (status === 507) return 'The store is full. Nothing was changed. Delete data sets, or give the store more memory.';
  if (status >= 500)
    return 'The service failed; the request is not the cause. The service log has the cause under the request id in `instance`.';
  if (status === 404 || status === 410) return 'The requested resource does not exist. `detail` suggests the closest name if there is one.';
  if (status === 408) return 'The request arrived too slowly. Retry it over a faster connection.';
  if (status === 403)
    return 'The request came from a web page of another site, or its Host header is not a known name. `detail` names the setting that allows it.';
  if (status === 412 || status === 409) return 'The stored state differs from what the request expects. Read it again, then decide.';
  return 'The request is invalid. Correct it before you retry: `detail` names the wrong value and the rule.';
}

const table = (entries: readonly ProblemEntry[], prefix: string) =>
  html`<div class="scroll"><table><thead><tr><th class="n">Status</th><th>Type</th><th>Title</th></tr></thead>
<tbody>${entries.map(({ type, status, title }) => html`<tr><td class="n">${status}</td><td><a href="${prefix}${type}"><code>${type}</code></a></td><td>${title}</td></tr>`)}</tbody></table></div>`;

export const problemsPage = (prefix: string): string =>
  page(
    'Problem types',
    html`<header><h1>Problem types</h1><p>Every error has a body of type <code>application/problem+json</code> (RFC 9457). Its <code>type</code> is one of these.</p>
<nav><a href="${prefix}/">Almanac</a><a href="${prefix}/help">Help as text</a></nav></header>
<main>${table(problemEntries, prefix)}</main>`,
  );

export const problemPage = ({ type, status, title, meaning }: ProblemEntry, prefix: string): string =>
  page(
    title,
    html`<header><h1>${title}</h1><p class="soft"><code>${type}</code>, HTTP status ${status}</p></header>
<main><p>${meaning}</p><p><a href="${prefix}/problems">All problem types</a></p></main>`,
  );
