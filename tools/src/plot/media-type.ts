import { usageError } from '../system/failure.ts';

export interface Kind {
  /** the headers that declare the format */
  headers: Record<string, string>;
  /** the file's name without its extensions */
  stem: string;
  /** the id of a data set of that name */
  dataset: string;
}

/** The kind of a file by its name: `x.csv.gz` is gzipped CSV. The service detects the format of `.txt`. Throws a usage error for other names. */
export async function kindOf(file: string): Promise<Kind> {
  const { datasetIdFromFile, formats, readFileName } = await import('@almanac/formats');
  const { format, isGzipped, stem } = readFileName(file);
  const type = format?.mediaTypes[0] ?? (/\.txt(\.gz)?$/i.test(file) ? 'text/plain' : undefined);
  if (type === undefined) {
    const extensions = [...formats.flatMap(({ extensions }) => extensions), '.txt'].join(', ');
    throw usageError(`${file}: the extension must be one of ${extensions}; .gz may follow`);
  }
  return {
    headers: { 'Content-Type': type, ...(isGzipped ? { 'Content-Encoding': 'gzip' } : {}) },
    stem,
    dataset: datasetIdFromFile(file),
  };
}
