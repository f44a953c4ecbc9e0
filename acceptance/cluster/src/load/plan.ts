/** Whether a client keeps its connection between requests, or makes a new one for each. */
export type Connection = 'keep-alive' | 'new';

/** What a client does repeatedly. */
export type Doing = 'read' | 'submit' | 'submit and wait' | 'put';

/** Clients that do the same, each one request after another. */
export interface Group {
  doing: Doing;
  connection: Connection;
  clients: number;
  /** from the start of one request of a client to the start of its next, if the response has arrived by then */
  everyMs: number;
}

/** A load: the input of the generator process. */
export interface LoadPlan {
  url: string;
  token?: string | undefined;
  /** a data set of `records` records, keys 0, 1, ..., each with the column `value` = 2 x key: see baseCsv */
  dataset: string;
  records: number;
  groups: readonly Group[];
  timeoutMs: number;
}

/** A constant load on every service: reads with shared and separate connections, jobs and small data sets. */
export const constantLoad: readonly Group[] = [
  { doing: 'read', connection: 'keep-alive', clients: 10, everyMs: 40 },
  { doing: 'read', connection: 'new', clients: 4, everyMs: 80 },
  { doing: 'submit', connection: 'keep-alive', clients: 1, everyMs: 700 },
  { doing: 'submit', connection: 'new', clients: 1, everyMs: 700 },
  { doing: 'submit and wait', connection: 'keep-alive', clients: 1, everyMs: 500 },
  { doing: 'put', connection: 'keep-alive', clients: 2, everyMs: 200 },
  { doing: 'put', connection: 'new', clients: 1, everyMs: 300 },
];

/** The data set to read: the value of record 7 is 14. */
export const baseCsv = (records: number): string =>
  `key,value\n${Array.from({ length: records }, (_, key) => `${key},${2 * key}`).join('\n')}\n`;
