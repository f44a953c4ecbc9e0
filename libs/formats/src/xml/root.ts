/** Whether text begins with a tag, a declaration or a comment of XML. */
export const beginsAsXml = (text: string): boolean => /^<[?!:_\p{L}]/u.test(text);

/** Whether text that begins as XML does is an HTML page. */
export const isHtml = (text: string): boolean => beginsAsXml(text) && /^<(!doctype\s+html|html)\b/i.test(fromRoot(text));

/** The text from its first tag or DOCTYPE on, without the declaration and comments before it. */
export function fromRoot(text: string): string {
  let at = 0;
  for (;;) {
    while (/\s/.test(text.charAt(at))) at++;
    const end = text.startsWith('<?', at) ? '?>' : text.startsWith('<!--', at) ? '-->' : undefined;
    const found = end === undefined ? -1 : text.indexOf(end, at);
    if (end === undefined || found === -1) return text.slice(at);
    at = found + end.length;
  }
}
