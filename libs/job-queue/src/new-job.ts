import { Job } from '@almanac/domain';
import { type Static, Type } from 'typebox';

/** A job before it is accepted. A whole Job is one too. */
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

/** The members of a job that never change: the payload of its record (queue schema 1). */
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
