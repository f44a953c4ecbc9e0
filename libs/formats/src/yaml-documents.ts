import { giveWay } from './turns.ts';

/** The lines that end a document or begin one: in YAML nothing but them may begin a line so, not even a text. */
const marker = /(?:---|\.\.\.)(?=[ \t\r\n]|$)/y;

/** A line with something on it besides a comment; a % begins a directive, which is not of the document. */
const content = /^[ \t]*[^\s#%]/m;

/** Characters that are looked at before others get their turn. */
const PIECE = 1 << 16;

/** Whether YAML text has more than one document that is not empty. */
export async function isSeveral(text: string): Promise<boolean> {
  let count = 0;
  let from = 0;
  for (let at = nextMarker(text, 0); at !== -1; at = nextMarker(text, at + 1)) {
    if ((await hasContent(text, from, at)) && ++count > 1) return true;
    from = at + '---'.length;
  }
  return count === 1 && (await hasContent(text, from, text.length));
}

/** The next line that begins as a marker does at or after `from`, or -1. */
function nextMarker(text: string, from: number): number {
  for (let at = from; at !== -1; at = nextLine(text, at)) {
    marker.lastIndex = at;
    if ((at === 0 || text[at - 1] === '\n') && marker.test(text)) return at;
  }
  return -1;
}

/** The next line that begins with - or with a point. */
function nextLine(text: string, from: number): number {
  const dashes = text.indexOf('\n---', from);
  const points = text.indexOf('\n...', from);
  return dashes === -1 && points === -1 ? -1 : 1 + Math.min(dashes === -1 ? points : dashes, points === -1 ? dashes : points);
}

async function hasContent(text: string, from: number, to: number): Promise<boolean> {
  for (let at = from; at < to; ) {
    const newline = text.indexOf('\n', at + PIECE);
    const end = newline === -1 || newline > to ? to : newline;
    if (content.test(text.slice(at, end))) return true;
    at = end;
    await giveWay();
  }
  return false;
}
