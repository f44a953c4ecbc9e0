/** A word as a POSIX shell takes it literally: bare where that is safe, else in single quotes. */
export const quote = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);

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
 * The curl line for a request, to be pasted into any POSIX shell. `-g` keeps curl from reading [ and { in addresses and file names as
 * patterns; `--fail-with-body` turns a refusal into an exit code without hiding what it says.
 */
export function curl({ url, method, headers = {}, file, json, output }: CurlRequest): string {
  const words = [
    ...(method === undefined ? [] : ['-X', method]),
    ...(file === undefined ? [] : ['-T', /^(\/|\.\.?\/)/.test(file) ? file : `./${file}`]),
    ...Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]),
    ...(json === undefined ? [] : ['-d', JSON.stringify(json)]),
    ...(output === undefined ? [] : ['-o', output]),
    url,
  ];
  return ['curl -gsS --fail-with-body', ...words.map(quote)].join(' ');
}
