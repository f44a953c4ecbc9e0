import { type Limit, limitExceeded, ProblemError } from '@almanac/domain';

/** 400: the data is invalid in its format. `detail` is a sentence with the place and what was expected. */
export const malformed = (detail: string): ProblemError => new ProblemError('malformed-data', detail);

/** The offset of a Fault at the reader's current place, for readers that know that place. */
export const HERE = -1;

/** Thrown by a scanner, with an offset into the text it was given. The driver, which counts lines, turns it into a problem. */
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

/** A Fault for a source that exceeds a limit. `what` is a sentence without its full stop: 'row 3 is too large'. */
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
