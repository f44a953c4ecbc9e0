/** What text that begins as XML does looks like: an HTML page, an OEM (CCSDS 502.0-B), or XML of any other kind. */
export function xmlKind(start: string): 'html' | 'oem' | 'xml' {
  const root = afterProlog(start);
  if (/^<(!doctype\s+html|html)\b/i.test(root)) return 'html';
  const name = /^<(?:[^\s<>/:]+:)?(oem|ndm)[\s/>]/.exec(root)?.[1];
  // An ndm may hold messages of other kinds.
  return name === 'oem' || (name === 'ndm' && /<(?:[^\s<>/:]+:)?oem[\s/>]/.test(root)) ? 'oem' : 'xml';
}

/** From the first tag or DOCTYPE on. */
function afterProlog(text: string): string {
  let at = 0;
  for (;;) {
    while (/\s/.test(text.charAt(at))) at++;
    const end = text.startsWith('<?', at) ? '?>' : text.startsWith('<!--', at) ? '-->' : undefined;
    const found = end === undefined ? -1 : text.indexOf(end, at);
    if (end === undefined || found === -1) return text.slice(at);
    at = found + end.length;
  }
}
