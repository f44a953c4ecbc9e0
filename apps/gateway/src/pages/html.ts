import { createHash } from 'node:crypto';
import { preferredType } from '@almanac/service';
import type { FastifyReply } from 'fastify';

/** Text that is already HTML. All other values are escaped. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Part = string | number | Html | readonly (string | number | Html)[] | undefined;

/** html`<p>${text}</p>`: escapes values unless they are Html, joins lists, and leaves out undefined. */
export function html(strings: TemplateStringsArray, ...parts: Part[]): Html {
  let text = strings[0] as string;
  parts.forEach((part, i) => {
    text += shownPart(part) + strings[i + 1];
  });
  return new Html(text);
}

function shownPart(part: Part): string {
  if (part === undefined) return '';
  if (part instanceof Html) return part.text;
  if (typeof part === 'object') return part.map(shownPart).join('');
  return String(part).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

const css = `
:root{color-scheme:light dark;--ink:#1d2733;--soft:#5b6875;--paper:#fbfaf7;--card:#fff;--line:#e2ded5;--accent:#0b6e8f}
@media (prefers-color-scheme:dark){:root{--ink:#e6e9ec;--soft:#9aa7b3;--paper:#14181d;--card:#1c2229;--line:#2d3640;--accent:#62c1de}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:17px/1.55 system-ui,sans-serif}
main,header,footer{max-width:68rem;margin:0 auto;padding:0 1.25rem}
header{padding-top:2.5rem}h1{font-size:2.2rem;line-height:1.1;margin:0 0 .4rem;letter-spacing:-.02em}
h2{font-size:1.2rem;margin:2.4rem 0 .8rem}p{margin:.4rem 0;max-width:46rem}.soft{color:var(--soft)}
a{color:var(--accent);text-decoration-thickness:1px;text-underline-offset:2px}nav a{margin-right:1.2rem}
.note{border-left:3px solid #c9822b;background:var(--card);padding:.5rem .9rem;margin:1rem 0}
.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%;background:var(--card);border:1px solid var(--line)}
th,td{text-align:left;padding:.45rem .8rem;border-top:1px solid var(--line);white-space:nowrap}th{font-weight:600;color:var(--soft);font-size:.85rem;border-top:0}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}td a{margin-right:.7rem}
.plots{display:grid;gap:1.2rem;grid-template-columns:repeat(auto-fill,minmax(18rem,1fr))}
figure{margin:0;background:var(--card);border:1px solid var(--line)}figure img{display:block;width:100%;height:auto;background:#fff}
figcaption{padding:.6rem .8rem;font-size:.88rem;color:var(--soft)}figcaption a{margin-right:.8rem}
pre{margin:.5rem 0;padding:.6rem .9rem;background:var(--card);border:1px solid var(--line);overflow-x:auto;user-select:all;font:.84rem/1.5 ui-monospace,monospace}
code{font:.9em ui-monospace,monospace}footer{padding-top:2.5rem;padding-bottom:2.5rem;font-size:.88rem}
`;

const styleHash = createHash('sha256').update(css).digest('base64');

/** Allows the page's own style and images of the same origin: no scripts, frames or forms. */
export const CSP = `default-src 'none'; style-src 'sha256-${styleHash}'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

/** A whole page with the common style. */
export function page(title: string, body: Html): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>${title}</title>
<link rel="icon" href="data:,">
<style>${new Html(css)}</style>
</head>
<body>
${body}
</body>
</html>
`.text;
}

export const sendPage = (reply: FastifyReply, text: string): FastifyReply =>
  reply
    .type('text/html; charset=utf-8')
    .header('content-security-policy', CSP)
    .header('x-content-type-options', 'nosniff')
    .header('referrer-policy', 'no-referrer')
    .header('vary', 'accept')
    .header('cache-control', 'no-cache')
    .serializer((payload) => payload as string)
    .send(text);

/** Whether the Accept header prefers a page to JSON, as those of browsers do. */
export const wantsHtml = (accept: string | undefined): boolean => preferredType(accept, ['application/json', 'text/html']) === 'text/html';

/** Whether the caller accepts JSON but no text. Most clients of the course accept anything and expect text. */
export const wantsJsonAlone = (accept: string | undefined): boolean =>
  /application\/json/i.test(accept ?? '') && !/text\/|\*\/\*/.test(accept ?? '');
