import { Type } from 'typebox';

export const CourseError = Type.Object({ status: Type.Literal('Error'), message: Type.String(), error: Type.String() });

export const DatasetQuery = Type.Object({
  dataset: Type.Optional(Type.String({ description: 'in place of the default data set', examples: ['meteorites'] })),
});

export const JobParams = Type.Object({
  id: Type.String({ description: 'the job’s id', examples: ['8e03978e-40d5-43e8-bc93-6894a57f9324'] }),
});

/** The answers' shapes are the clients' own; nothing of them is left out by a serialiser. */
export const courseResponses = { 200: Type.Any(), default: CourseError };

/** Of a name that was given several times, the last value counts. */
export const last = (value: unknown): string | undefined => {
  const one = [value].flat().at(-1);
  return typeof one === 'string' ? one : undefined;
};

/** Parameters are read leniently in this dialect: the schema is documentation. */
export const readByRoute = () => () => true;
