/** Quotes a word for a POSIX shell: unchanged if that is safe, else in single quotes. */
export const quote = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);

/** The curl option that sends the write token, the first of several. */
const TOKEN_OPTION = `--oauth2-bearer "$\{ALMANAC_WRITE_TOKEN%%,*}"`;

const hasWriteToken = (): boolean => (process.env.ALMANAC_WRITE_TOKEN ?? '') !== '';

/** Adds the token to a curl command that changes something, if the caller has one. */
export const withToken = (line: string, hasToken = hasWriteToken()): string =>
  hasToken && / -(X|d|T) |--(json|data)/.test(line) ? line.replace(/^curl/, `curl ${TOKEN_OPTION}`) : line;

export interface CurlRequest {
  url: string;
  method?: string;
  headers?: Readonly<Record<string, string>>;
  /** a file to upload as the body */
  file?: string;
  json?: unknown;
  output?: string;
}

/**
 * Returns the curl command for a request, to be pasted into any POSIX shell. `-g` keeps curl from reading [ and { in addresses and file names as
 * patterns; `--fail-with-body` sets an exit code for an error without hiding its body. If the caller has a write token, a
 * command that changes something names the variable, never the token itself.
 */
export function curl({ url, method, headers = {}, file, json, output }: CurlRequest, hasToken = hasWriteToken()): string {
  const isWrite = method !== undefined || file !== undefined || json !== undefined;
  const token = hasToken && isWrite ? [TOKEN_OPTION] : [];
  const words = [
    ...(method === undefined ? [] : ['-X', method]),
    ...(file === undefined ? [] : ['-T', /^(\/|\.\.?\/)/.test(file) ? file : `./${file}`]),
    ...Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]),
    ...(json === undefined ? [] : ['-d', JSON.stringify(json)]),
    ...(output === undefined ? [] : ['-o', output]),
    url,
  ];
  return ['curl -gsS --fail-with-body', ...token, ...words.map(quote)].join(' ');
}
