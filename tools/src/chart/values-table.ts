import { isMap, isScalar, type Node, type Pair, parseDocument } from 'yaml';

interface Row {
  path: string;
  standard: string;
  about: string;
}

const comment = (node: Node | null | undefined): string => (node?.commentBefore ?? '').replace(/\s*\n\s*/g, ' ').trim();

/** Returns the table of every value with its default and the comment above it. A map whose members have no comments is one row. */
export function valuesTable(text: string): string {
  const document = parseDocument(text);
  const rows: Row[] = [];
  if (isMap(document.contents)) for (const pair of document.contents.items) collect(pair as Pair<Node, Node>, '', '', rows);
  const cell = (words: string) => words.replace(/\|/g, '\\|');
  return [
    '| value | default | what it is |',
    '|---|---|---|',
    ...rows.map(({ path, standard, about }) => `| \`${path}\` | ${standard === '' ? '' : `\`${cell(standard)}\``} | ${cell(about)} |`),
  ].join('\n');
}

/** For the parser, the comment above the first member of a map belongs to the map. */
function collect({ key, value }: Pair<Node, Node>, parent: string, above: string, rows: Row[]): void {
  const path = `${parent}${isScalar(key) ? String(key.value) : ''}`;
  const about = comment(key) || above;
  if (!isMap(value) || value.flow === true || value.items.length === 0) {
    rows.push({ path, standard: JSON.stringify(value?.toJSON()), about });
    return;
  }
  if (about !== '') rows.push({ path, standard: '', about });
  for (const [i, pair] of value.items.entries()) collect(pair as Pair<Node, Node>, `${path}.`, i === 0 ? comment(value) : '', rows);
}

const between = /(<!-- values -->\n)[\s\S]*?(\n<!-- \/values -->)/;
export const withValuesTable = (readme: string, table: string): string =>
  readme.replace(between, (_, begin: string, end: string) => `${begin}${table}${end}`);
export const hasValuesTable = (readme: string): boolean => between.test(readme);
