// Finds where tokens of JSON text end, without parsing them.

const QUOTE = 34;
const COMMA = 44;
const OPEN_LIST = 91;
const BACKSLASH = 92;
const CLOSE_LIST = 93;
const OPEN = 123;
const CLOSE = 125;

/** The offset after the string whose opening quote is at `at`; -1 if the text ends first. */
export function stringEnd(text: string, at: number): number {
  for (let quote = text.indexOf('"', at + 1); quote >= 0; quote = text.indexOf('"', quote + 1)) {
    let before = quote - 1;
    while (text.charCodeAt(before) === BACKSLASH) before--;
    if ((quote - before) % 2 === 1) return quote + 1;
  }
  return -1;
}

/** The offset after the value that begins at `at`, in valid JSON without white space, in which an object or a list contains the value. */
export function valueEnd(text: string, at: number): number {
  const first = text.charCodeAt(at);
  if (first === QUOTE) return stringEnd(text, at);
  if (first === OPEN || first === OPEN_LIST) return nestedEnd(text, at);
  let i = at;
  for (let code = first; code !== COMMA && code !== CLOSE && code !== CLOSE_LIST; code = text.charCodeAt(++i));
  return i;
}

function nestedEnd(text: string, at: number): number {
  let depth = 0;
  for (let i = at; ; i++) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) i = stringEnd(text, i) - 1;
    else if (code === OPEN || code === OPEN_LIST) depth++;
    else if ((code === CLOSE || code === CLOSE_LIST) && --depth === 0) return i + 1;
  }
}
