import { members, type RowView, type Schema, textOf, tokenView } from '@almanac/domain';
import { type Pass, passOver, type RecordSet } from '../record-set.ts';
import { columns } from './columns.ts';

/**
 * HGNC publishes its table in two forms. As TSV a gene has all columns, with an empty text for a missing value, and several values joined by |.
 * As JSON it has only members with values, and lists for columns that can have several.
 */
export const geneShapes = ['tsv', 'json'] as const;

/** The form of the source, unless the other form is requested. A row is stored as its source wrote it. */
export function geneView(set: RecordSet, shape: string | undefined): RowView | undefined {
  const wanted = shape ?? (isTable(set.schema) ? 'tsv' : 'json');
  if (wanted === 'tsv') return isTable(set.schema) ? withEmptyTexts : asTable;
  return isTable(set.schema) ? asDocument(listColumns(set)) : undefined;
}

const isTable = ({ format }: Schema): boolean => format === 'tsv' || format === 'csv';

const withEmptyTexts = tokenView((_, token) => (token === 'null' ? '""' : token));

/** Columns that stand as bare numbers in the table, as the course shows them. */
const tableNumbers = new Set(['gene_group_id', 'entrez_id', 'pubmed_id', 'omim_id']);
/** Columns that HGNC's JSON has numbers in; all others are texts, also those that look like numbers. */
const documentNumbers = new Set(['gene_group_id', 'pubmed_id']);
const isWhole = (text: string): boolean => /^(0|[1-9]\d*)$/.test(text);

/** A document as a row of the table. */
const asTable: RowView = (row) => {
  const tokens = new Map(Array.from(members(row), ({ name, from, to }) => [name, row.slice(from, to)]));
  return `{${columns.map((name) => `${JSON.stringify(name)}:${tableToken(name, tokens.get(name))}`).join(',')}}`;
};

function tableToken(name: string, token: string | undefined): string {
  if (token === undefined || token === 'null') return '""';
  const text = token.startsWith('[') ? (JSON.parse(token) as unknown[]).join('|') : textOf(token);
  return tableNumbers.has(name) && isWhole(text) ? text : JSON.stringify(text);
}

/** A row of the table as a document. `lists`: the columns in which any gene has several values. */
const asDocument = (lists: ReadonlySet<string>): RowView =>
  tokenView((name, token) => {
    if (token === 'null') return undefined;
    const values = lists.has(name) ? textOf(token).split('|') : [textOf(token)];
    const shown = values.map((value) => (documentNumbers.has(name) && isWhole(value) ? value : JSON.stringify(value)));
    return lists.has(name) ? `[${shown.join(',')}]` : (shown[0] as string);
  });

const LIST_COLUMNS = 'list columns';

const listColumns = (set: RecordSet): ReadonlySet<string> => set.memoize(LIST_COLUMNS, () => passOver(set, listColumnsPass()));

/** Prepares what a view needs from all genes, and lets other requests run meanwhile. */
export async function prepareGeneView(set: RecordSet, shape: string | undefined): Promise<void> {
  if (shape === 'json' && isTable(set.schema)) await set.computed(LIST_COLUMNS, listColumnsPass);
}

function listColumnsPass(): Pass<ReadonlySet<string>> {
  const lists = new Set<string>();
  return {
    row: (row) => {
      if (!row.includes('|')) return;
      for (const { name, from, to } of members(row)) if (!lists.has(name) && row.slice(from, to).includes('|')) lists.add(name);
    },
    done: () => lists,
  };
}
