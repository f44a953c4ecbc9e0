import { section } from './limit.ts';

/** What one job, one registration and all job records may take. */
export const jobLimits = section({
  inputsBytes: {
    value: 64 * 1024,
    unit: 'bytes',
    title: 'bytes of the inputs of one job, as JSON',
    outcome: '413',
  },
  depth: { value: 32, unit: 'levels', title: 'levels of lists and objects in the body of a job or a registration', outcome: '400' },
  values: { value: 10_000, unit: 'values', title: 'values in the body of a job or a registration', outcome: '400' },
  listEntries: { value: 1000, unit: 'values', title: 'entries of one list in the body of a job or a registration', outcome: '400' },
  members: { value: 1000, unit: 'names', title: 'members of one object in the body of a job or a registration', outcome: '400' },
  nameCharacters: {
    value: 1000,
    unit: 'characters',
    title: 'characters of one member name in the body of a job or a registration',
    outcome: '400',
  },
  textCharacters: {
    value: 16_384,
    unit: 'characters',
    title: 'characters of one text in the body of a job or a registration',
    outcome: '400',
  },
  titleCharacters: { value: 300, unit: 'characters', title: 'characters of the title of a plot', outcome: '400' },
  echoBytes: {
    value: 4096,
    unit: 'bytes',
    title: 'bytes that a client of the course dialect sends with a job, which its record keeps and lists show',
    outcome: '413',
  },
  registrationBytes: { value: 64 * 1024, unit: 'bytes', title: 'bytes of one registration of a process, as JSON', outcome: '413' },
  registrations: { value: 200, unit: 'registrations', title: 'registered processes', outcome: '507' },
  queues: {
    value: 400,
    unit: 'registrations',
    title: 'queues that one jobs service knows, those of processes that were removed included',
    outcome: '507 for a registration with another queue, until the service starts anew',
  },
  registeredBytes: { value: 4 * 1024 * 1024, unit: 'bytes', title: 'bytes of all registrations together', outcome: '507' },
  subschemas: { value: 500, unit: 'values', title: 'subschemas of the inputs of a registered process', outcome: '400' },
  schemaDepth: { value: 20, unit: 'levels', title: 'levels of the schema of the inputs of a registered process', outcome: '400' },
  schemaChecks: {
    value: 5000,
    unit: 'times',
    title: 'checks of a value against a subschema that the inputs of one job may take',
    outcome: '400 when the job is submitted',
  },
  resultBytes: { value: 64 * 1024 * 1024, unit: 'bytes', title: 'bytes of one result that a worker hands in', outcome: '413' },
  waitMs: {
    value: 600_000,
    unit: 'ms',
    title: 'time a job waits for a service or store that is away, over all its waits',
    outcome: 'the job fails with the reason',
  },
});
