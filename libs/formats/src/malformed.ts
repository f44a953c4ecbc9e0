import { ProblemError } from '@almanac/domain';

/** The data cannot be read as what they should be: 400. `detail` is a whole sentence that says where and what was expected. */
export const malformed = (detail: string): ProblemError => new ProblemError('malformed-data', detail);

/** The place of a Fault that lies where reading is, for readers that know the place themselves. */
export const HERE = -1;

/** What a scanner throws: the place is an offset into the text it was given; the driver, which knows lines, makes the problem of it. */
export class Fault extends Error {
  readonly offset: number;

  constructor(offset: number, what: string) {
    super(what);
    this.name = 'Fault';
    this.offset = offset;
  }
}
