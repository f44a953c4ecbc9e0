import { type Static, Type } from 'typebox';

/** The API proper and the pages of the process itself; every other path belongs to the course dialect (design api.md, part 2). */
const proper = /^\/(v1|docs|help|problems|openapi\.json|livez|readyz|metrics)(?=[/?#]|$)/;

/** Whether a URL's path is spoken of in the course's words, in what answers it and in how it fails. */
export const isCoursePath = (url: string): boolean => url.startsWith('/') && !proper.test(url);

/** How the course dialect tells a failure: readers of either edition find their member. */
export const CourseError = Type.Object(
  { status: Type.Literal('Error'), message: Type.String(), error: Type.String() },
  { $id: 'CourseError', description: 'What is wrong, for readers of either member' },
);
export type CourseError = Static<typeof CourseError>;

export const courseError = (message: string): CourseError => ({ status: 'Error', message, error: message });
