import { usageError } from '../system/failure.ts';
import type { Options, ParsedArgs } from '../system/options.ts';
import { parseWhere } from './where.ts';

export const plotOptions = {
  x: { value: 'COLUMN', help: 'along the horizontal axis' },
  y: { value: 'COLUMN', many: true, help: 'along the vertical axis; several times for several lines' },
  type: { value: 'TYPE', help: 'plot type, e.g. histogram (GET /v1/processes/plot lists them); if omitted, chosen from the columns' },
  color: { value: 'COLUMN', help: 'colours by this column' },
  size: { value: 'COLUMN', help: 'the area of a dot grows with this column' },
  where: { value: 'FILTER', many: true, help: "which records: 'recclass=L6', 'mass (g)>=1000', 'name~Aba*'; all must hold" },
  title: { value: 'TEXT', help: 'above the plot' },
  bins: { value: 'N', help: 'how many bins a histogram has' },
  width: { value: 'PIXELS', help: 'of the picture' },
  height: { value: 'PIXELS', help: 'of the picture' },
  set: { value: 'NAME=VALUE', many: true, help: 'any other parameter of the plot type, e.g. logX=true' },
  id: { value: 'ID', help: "the data set's name in the service (from the file's name)" },
  key: { value: 'COLUMN', help: 'the column that names records' },
  url: { value: 'URL', help: 'the service (what runs here, else http://127.0.0.1:5000); also ALMANAC_URL' },
  output: { value: 'FILE', short: 'o', help: 'the picture, .png or .svg (the name of the data with .png)' },
} satisfies Options;

/** The job's inputs for what was asked, over the columns that the service understood. */
export function plotInputs(
  given: ParsedArgs,
  dataset: string,
  columns: readonly { name: string; type: string }[],
): Record<string, unknown> {
  const y = given.all('y');
  const where = given.all('where');
  const texts = ['type', 'x', 'color', 'size', 'title'].flatMap((name) =>
    given.text(name) === undefined ? [] : [[name, given.text(name)] as const],
  );
  const numbers = ['bins', 'width', 'height'].flatMap((name) => {
    const value = given.integer(name, 1, 100_000);
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    dataset,
    ...(where.length === 0 ? {} : { where: parseWhere(where, columns) }),
    ...Object.fromEntries(texts),
    ...(y.length === 0 ? {} : { y: y.length === 1 ? y[0] : y }),
    ...Object.fromEntries(numbers),
    ...Object.fromEntries(given.all('set').map(readSetting)),
  };
}

/** `logX=true` -> ['logX', true]; what is JSON is taken as such, the rest as text. */
function readSetting(text: string): [string, unknown] {
  const [, name, value] = /^([A-Za-z]\w*)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) throw usageError(`--set ${text}: write NAME=VALUE`);
  try {
    return [name, JSON.parse(value) as unknown];
  } catch {
    return [name, value];
  }
}
