import { withPrefix } from '@almanac/service';

/** A description with the caller's path prefix in front of its links. Descriptions are kept as JSON without one, which most callers use. */
export const underPrefix = (json: Buffer, prefix: string): Buffer =>
  prefix === '' ? json : Buffer.from(JSON.stringify(withPrefix(JSON.parse(json.toString()), prefix)));
