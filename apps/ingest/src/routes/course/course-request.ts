import type { CourseSettings } from '@almanac/profiles';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { checkId } from '../v1/dataset-id.ts';

export const Query = Type.Object({
  dataset: Type.Optional(Type.String({ description: 'in place of the default data set', examples: ['meteorites'] })),
});

export const courseResponses = {
  default: Type.Object({ status: Type.Literal('Error'), message: Type.String(), error: Type.String() }),
};

/** Compiles a route's schema for the API's documents alone: clients of this dialect send what they like, and what is not known is passed over. */
export const anythingGoes = () => () => true;

/** The data set a request is about: `?dataset=`, else the default one. Throws 400 for what cannot be a name. */
export function datasetOf(request: FastifyRequest, { defaultDataset }: Pick<CourseSettings, 'defaultDataset'>): string {
  const asked = [(request.query as { dataset?: string | string[] }).dataset].flat().at(-1);
  return asked === undefined || asked === '' ? defaultDataset : checkId(asked);
}

/** Whether the caller sent something: clients of this dialect mostly post nothing at all. */
export const hasBody = ({ headers }: FastifyRequest): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
