import { type Limit, limitExceeded, ProblemError } from '@almanac/domain';

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

  /** `place`: 'Line 2, column 1: '. */
  problem(place: string): ProblemError {
    return malformed(place + this.message);
  }
}

/** A Fault because the source exceeds a limit. `what` is a sentence without its end: 'row 3 is too large'. */
export class LimitFault extends Fault {
  readonly limit: Limit;
  readonly value: number;
  readonly advice: string | undefined;

  constructor(offset: number, limit: Limit, value: number, what: string, advice?: string) {
    super(offset, what);
    this.limit = limit;
    this.value = value;
    this.advice = advice;
  }

  /** The same Fault at another place. */
  at(offset: number): LimitFault {
    return new LimitFault(offset, this.limit, this.value, this.message, this.advice);
  }

  override problem(place: string): ProblemError {
    const detail = place + this.message;
    return limitExceeded(
      'malformed-data',
      this.limit,
      this.value,
      this.advice === undefined ? { detail } : { detail, advice: this.advice },
    );
  }
}
