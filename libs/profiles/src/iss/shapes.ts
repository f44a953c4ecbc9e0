import { type Column, members, type RowView, textOf } from '@almanac/domain';
import type { RecordSet } from '../record-set.ts';
import { sourceMetadataOf } from './source-metadata.ts';
import { units as usual } from './units.ts';

/** A state vector as xmltodict reads the file: `{"EPOCH": .., "X": {"#text": "..", "@units": "km"}, ..}`, the digits as they are written. */
export function stateVectorView({ schema }: RecordSet): RowView {
  const units = new Map(schema.columns.map(({ name, unit }: Column) => [name, unit ?? usual[name]]));
  return (row) => {
    const tokens = new Map(Array.from(members(row), ({ name, from, to }) => [name, row.slice(from, to)]));
    // The files order position before velocity; the course's clients know X, X_DOT, Y, Y_DOT, Z, Z_DOT.
    const names = [...new Set(['EPOCH', 'X', 'X_DOT', 'Y', 'Y_DOT', 'Z', 'Z_DOT', ...tokens.keys()])];
    const shown = names.flatMap((name) => {
      const token = tokens.get(name);
      if (token === undefined) return [];
      const unit = units.get(name);
      const text = JSON.stringify(textOf(token));
      return [`${JSON.stringify(name)}:${unit === undefined ? text : `{"#text":${text},"@units":${JSON.stringify(unit)}}`}`];
    });
    return `{${shown.join(',')}}`;
  };
}

/** The whole file as xmltodict reads it. */
export function wholeFile(set: RecordSet): string {
  if (set.rows === 0) return '{}';
  const { id = 'CCSDS_OEM_VERS', version = '2.0', header, metadata, comments } = sourceMetadataOf(set);
  const view = stateVectorView(set);
  const states: string[] = [];
  for (const text of set.texts()) states.push(view(text));
  // xmltodict reads an empty element as None.
  const comment = comments.map((line) => (line === '' ? null : line));
  const data = `{"COMMENT":${JSON.stringify(comment)},"stateVector":[${states.join(',')}]}`;
  const body = `{"segment":{"metadata":${JSON.stringify(metadata)},"data":${data}}}`;
  return `{"ndm":{"oem":{"@id":${JSON.stringify(id)},"@version":${JSON.stringify(version)},"header":${JSON.stringify(header)},"body":${body}}}}`;
}
