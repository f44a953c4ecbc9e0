import { PROCESS_ID } from '@almanac/processes';
import { Type } from 'typebox';
import { JOB } from '../describe.ts';

/** A job's id in a path. Any text: one that cannot be an id gets 404, not 400. */
export const JobParams = Type.Object({ id: Type.String({ description: 'id of the job', examples: [JOB] }) });

export const ResultParams = Type.Object({
  ...JobParams.properties,
  name: Type.String({ description: 'name of the result', examples: ['png'] }),
});

/** The id of a process in a path, registered or not. */
export const ProcessParams = Type.Object({ id: Type.String({ description: 'id of the process', examples: ['plot'] }) });

/** The id under which a process is registered. */
export const RegistrationParams = Type.Object({
  id: Type.String({ pattern: PROCESS_ID, description: 'id of the process', examples: ['density'] }),
});

/** A filter by process, for lists and streams of jobs. */
export const processFilter = { process: Type.Optional(Type.String({ description: 'only jobs of this process', examples: ['plot'] })) };
/** A filter by data set. */
export const datasetFilter = {
  dataset: Type.Optional(Type.String({ description: 'only jobs for this data set', examples: ['meteorites'] })),
};
