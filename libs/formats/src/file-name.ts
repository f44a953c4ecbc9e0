import { datasetIdFrom } from '@almanac/domain';
import type { Format } from './format.ts';
import { formats } from './registry.ts';

export interface FileName {
  /** undefined if the extension belongs to no format */
  format: Format | undefined;
  isGzipped: boolean;
  /** the name without folders and without its extensions */
  stem: string;
}

/** Extensions of text in any format. */
const vague = ['.txt'];

/** Reads what a file's name says about its content: `data/x.csv.gz` is gzipped CSV. */
export function readFileName(path: string): FileName {
  const name = path.replace(/^.*[\\/]/, '');
  const unpacked = name.replace(/\.gz$/i, '');
  const extension = /\.[^.]*$/.exec(unpacked)?.[0].toLowerCase() ?? '';
  const format = formats.find(({ extensions }) => extensions.includes(extension));
  const isKnown = format !== undefined || vague.includes(extension);
  return { format, isGzipped: unpacked !== name, stem: isKnown ? unpacked.slice(0, -extension.length) : unpacked };
}

/** A data set id made from a file name or a title: 'Meteorite Landings.csv' -> 'meteorite-landings'. */
export const datasetIdFromFile = (name: string): string => datasetIdFrom(readFileName(name).stem);
