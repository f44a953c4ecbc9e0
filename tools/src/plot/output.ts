import { existsSync, realpathSync } from 'node:fs';
import { extname } from 'node:path';
import { usageError } from '../system/failure.ts';

/** Returns the path and the format of the picture. Throws a usage error instead of overwriting the input. */
export function outputFor(wanted: string | undefined, file: string, stem: string): { path: string; format: 'png' | 'svg' } {
  const path = wanted ?? `${stem === '' ? 'plot' : stem}.png`;
  const extension = extname(path).toLowerCase();
  if (extension !== '.png' && extension !== '.svg') throw usageError(`-o ${path}: must end with .png or .svg`);
  if (existsSync(path) && realpathSync(path) === realpathSync(file)) throw usageError(`-o ${path}: is the input file; use another name`);
  return { path, format: extension === '.svg' ? 'svg' : 'png' };
}
