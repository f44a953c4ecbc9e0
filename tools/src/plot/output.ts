import { existsSync, realpathSync } from 'node:fs';
import { extname } from 'node:path';
import { usageError } from '../system/failure.ts';

/** Where the picture goes and which kind it is. The file that was read is never written over. */
export function outputFor(wanted: string | undefined, file: string, stem: string): { path: string; format: 'png' | 'svg' } {
  const path = wanted ?? `${stem === '' ? 'plot' : stem}.png`;
  const extension = extname(path).toLowerCase();
  if (extension !== '.png' && extension !== '.svg') throw usageError(`-o ${path}: the name should end with .png or .svg`);
  if (existsSync(path) && realpathSync(path) === realpathSync(file)) throw usageError(`-o ${path}: that is the file to be read`);
  return { path, format: extension === '.svg' ? 'svg' : 'png' };
}
