import { parse } from 'content-disposition';

/** The file name in a Content-Disposition header (RFC 6266), decoded; undefined if it has none. */
export const dispositionFilename = (header: string | undefined): string | undefined =>
  header === undefined ? undefined : parse(header).parameters.filename || undefined;
