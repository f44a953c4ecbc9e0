/** Texts that stay as they are, although a pattern matches. */
export interface Exemption {
  file: string;
  /** what stands around the words; absent: the whole file */
  text?: string;
  why: string;
}

const COURSE = 'part of a response body that clients of the course read';

export const exemptions: readonly Exemption[] = [
  { file: 'docs/style.md', why: 'it quotes the wording that it replaces' },
  { file: 'docs/course/jobs.md', text: 'is no kind of plot', why: COURSE },
  { file: 'apps/ingest/src/source/load-source.ts', text: 'it broke off', why: COURSE },
  { file: 'apps/ingest/src/source/open-source.ts', text: 'no answer within', why: COURSE },
  { file: 'apps/ingest/src/source/open-source.ts', text: 'it answered', why: COURSE },
  { file: 'apps/jobs/src/dialect/plot-inputs.ts', text: 'is no kind of plot', why: COURSE },
  { file: 'docs/course/mars.md', text: 'is not a whole number from', why: COURSE },
  { file: 'libs/profiles/src/iss/place.ts', text: 'The records are no orbit', why: COURSE },
  { file: 'libs/profiles/src/iss/track.ts', text: 'The records are no ephemeris', why: COURSE },
  { file: 'libs/profiles/src/mars/routes.ts', text: 'is not a whole number from', why: COURSE },
];
