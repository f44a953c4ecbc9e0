import { Job } from '@almanac/domain';
import { type Static, Type } from 'typebox';

/** What a job is before anything happened to it. A whole Job is one too. */
export const NewJob = Type.Object({
  id: Job.properties.id,
  process: Type.String(),
  inputs: Job.properties.inputs,
  outputs: Job.properties.outputs,
  dataset: Job.properties.dataset,
  message: Type.Optional(Job.properties.message),
  requestId: Job.properties.requestId,
  asked: Job.properties.asked,
});
export type NewJob = Static<typeof NewJob>;

/** What stays the same all through a job's life: the payload of its record (queue schema 1). */
export const Payload = Type.Omit(NewJob, ['id']);
export type Payload = Static<typeof Payload>;

export const payloadOf = ({ process, inputs, outputs, dataset, message, requestId, asked }: NewJob): Payload => ({
  process,
  inputs,
  outputs,
  dataset,
  message: message ?? null,
  ...(requestId === undefined ? {} : { requestId }),
  ...(asked === undefined ? {} : { asked }),
});
