import { problemResponse } from '@almanac/service';
import { Type } from 'typebox';
import { readByRoute } from '../v1/schemas.ts';

export { readByRoute };

export const DatasetParameter = Type.Optional(
  Type.String({ description: 'the data set asked, in place of the default one', examples: ['meteorites'] }),
);

const CourseError = Type.Object(
  { status: Type.Literal('Error'), message: Type.String(), error: Type.String() },
  { description: 'What is wrong, for readers of either member' },
);

/** Answers of the course dialect: what they hold is the data set's affair. */
export const courseResponses = { 200: Type.Any(), default: CourseError };

/** Answers of a profile's route under /v1. */
export const properResponses = { 200: Type.Any(), default: problemResponse };
