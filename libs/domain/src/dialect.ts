import { type Static, Type } from 'typebox';

/** The API proper and the pages of the process itself; every other path belongs to the course dialect (design api.md, part 2). */
const proper = /^\/(v1|docs|help|problems|openapi\.json|livez|readyz|metrics)(?=[/?#]|$)/;

/** Whether a URL's path belongs to the course dialect, whose responses and errors have their own form. */
export const isCoursePath = (url: string): boolean => url.startsWith('/') && !proper.test(url);

/** An error in the course dialect: clients of either edition find the member they read. */
export const CourseError = Type.Object(
  { status: Type.Literal('Error'), message: Type.String(), error: Type.String() },
  { $id: 'CourseError', description: 'The error; `message` and `error` have the same text' },
);
export type CourseError = Static<typeof CourseError>;

export const courseError = (message: string): CourseError => ({ status: 'Error', message, error: message });
