/** The replacement for a secret in a log line. */
export const REDACTED = '[redacted]';

/** Shorter values are not redacted: they would match ordinary words, and as passwords they are easily guessed. */
const LEAST_LENGTH = 6;
const secretName = /(?:TOKEN|PASSWORD|PASSWD|SECRET)S?$/i;

/** The secrets in an environment, longest first: variables with such names, and the login in every address, even a malformed one. */
export function secretsIn(env: NodeJS.ProcessEnv): string[] {
  const found = Object.entries(env).flatMap(([name, value = '']) => [
    ...(secretName.test(name) ? [value, ...value.split(/[\s,]+/)] : []),
    ...(/_(?:URL|IP|SOURCES|PROXY)$/i.test(name) ? loginsIn(value) : []),
  ]);
  const forms = found.flatMap((text) => [text, decoded(text), encodeURIComponent(text)]).map((text) => JSON.stringify(text).slice(1, -1));
  return [...new Set(forms)].filter((text) => text.length >= LEAST_LENGTH).sort((a, b) => b.length - a.length);
}

/** `u:secret@host` -> `u:secret`, `secret`. Without an `@`, the text after a colon may be a password too, unless it is a port. */
function loginsIn(value: string): string[] {
  return value.split(/[\s,]+/).flatMap((word) => {
    const text = word.replace(/^.*?:\/\//, '');
    const at = text.lastIndexOf('@');
    const login = at < 0 ? text : text.slice(0, at);
    const password = /^[^/:[]*:(.*)$/.exec(login)?.[1] ?? '';
    const isPort = /^\d{1,5}(?:\/.*)?$/.test(password);
    return at < 0 ? (isPort || word.startsWith('unix:') ? [] : [password]) : [login, password];
  });
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** A word of JSON text; escapes are part of a word. */
const words = /(?:\\.|[^\s"\\])+/g;
const names = 'token|password|passwd|secret|authorization|cookie';
const quoted = new RegExp(`(${names})(\\\\?"\\s*:\\s*\\\\?")((?:\\\\[^"]|[^"\\\\])*)`, 'gi');
const assigned = /(token|password|passwd|secret)=([^&\s"#\\]+)/gi;
const scheme = /\b(bearer|basic)(\s+)[\w.~+/=-]+/gi;
const header = /\b(authorization|[\w-]{0,32}-token|cookie)(:\s*)(?!\[redacted\]|bearer|basic)[^\s"\\,]+/gi;

/** A line of JSON without secrets: the given ones, logins in URLs, tokens in queries, and headers and members with secret names. */
export function redacted(line: string, secrets: readonly string[]): string {
  let text = line;
  for (const secret of secrets) text = text.replaceAll(secret, REDACTED);
  if (text.includes('://') && text.includes('@')) text = text.replace(words, withoutLogin);
  if (!/token|passw|secret|authorization|cookie|bearer|basic/i.test(text)) return text;
  return text
    .replace(scheme, `$1$2${REDACTED}`)
    .replace(header, `$1$2${REDACTED}`)
    .replace(assigned, `$1=${REDACTED}`)
    .replace(quoted, `$1$2${REDACTED}`);
}

function withoutLogin(word: string): string {
  const [start, end] = [word.indexOf('://'), word.lastIndexOf('@')];
  return start < 0 || end < start ? word : `${word.slice(0, start + 3)}${REDACTED}${word.slice(end)}`;
}
