import type { RowView } from '@almanac/domain';

/** The response of a route: a text, finished JSON, a list of values as JSON, or a list of the set's rows in a view. */
export type RouteResponse =
  | { kind: 'text'; status: number; text: string }
  | { kind: 'json'; status: number; text: string | Buffer }
  | { kind: 'list'; items: readonly unknown[]; from: number; to: number }
  | { kind: 'rows'; view: { name: string; of: RowView | undefined }; from: number; to: number };

export const text = (words: string, status = 200): RouteResponse => ({ kind: 'text', status, text: words });

/** A value as JSON, with a line end for terminals. */
export const json = (value: unknown, status = 200): RouteResponse => ({ kind: 'json', status, text: `${JSON.stringify(value)}\n` });

/** Values `from` up to `to` as a JSON list, made as it is sent: it may be long. */
export const list = (items: readonly unknown[], from = 0, to = items.length): RouteResponse => ({ kind: 'list', items, from, to });

/** JSON that must not go through a JavaScript number: a stored row, for one. */
export const jsonText = (made: string): RouteResponse => ({ kind: 'json', status: 200, text: `${made}\n` });

/** JSON that is given again and again, kept with its version: its bytes are made once. */
export const asBytes = (made: string): RouteResponse => ({ kind: 'json', status: 200, text: Buffer.from(`${made}\n`) });

/** Rows `from` up to `to` as a JSON list. `name` stands for the view: equal names mean equal views of one version. */
export const rows = (name: string, of: RowView | undefined, from: number, to: number): RouteResponse => ({
  kind: 'rows',
  view: { name, of },
  from,
  to,
});
