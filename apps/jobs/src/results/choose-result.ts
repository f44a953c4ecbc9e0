import { type Job, ProblemError, shown } from '@almanac/domain';
import { bareType, preferredType } from '@almanac/service';

/** Stands for the links to all results. */
export const LINKS = Symbol('links');

/**
 * The name of the result that the Accept header prefers, or LINKS. Without a preference: the only result, or the links to several.
 * Throws 406.
 */
export function chooseResult({ results }: Job, accept: string | undefined): string | typeof LINKS {
  const named = Object.entries(results).map(([name, { type }]) => ({ name, type: bareType(type) }));
  const links = { name: LINKS, type: 'application/json' } as const;
  const choices = named.length === 1 ? [...named, links] : [links, ...named];
  const types = choices.map(({ type }) => type);
  const type = preferredType(accept, types);
  const chosen = choices.find((one) => one.type === type);
  if (chosen === undefined) throw notAcceptable(accept, types);
  return chosen.name;
}

const notAcceptable = (accept: string | undefined, available: readonly string[]) =>
  new ProblemError('not-acceptable', `Accept: ${shown(accept)} is not a media type of this job. Available: ${available.join(', ')}.`, {
    extra: { available },
  });
