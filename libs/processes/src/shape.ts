import { jobLimits, type Limit, limitExceeded, shown } from '@almanac/domain';
import { invalidInput, pointer } from './invalid-input.ts';

interface Step {
  value: unknown;
  /** last step of the pointer, which is built only for an error */
  name: string | number | undefined;
  above: Step | undefined;
  depth: number;
}

/**
 * Checks that a JSON value is within the limits of levels, values, entries of a list, members of an object, and characters of names and
 * texts. Numbers must be finite (JSON.parse reads 1e999 as infinity). It does not recurse, so it is safe for values of any depth.
 * Throws ProblemError 400 with the pointer, the value and the limit.
 */
export function checkShape(root: unknown): void {
  const open: Step[] = [{ value: root, name: undefined, above: undefined, depth: 1 }];
  let values = 0;
  for (let step = open.pop(); step !== undefined; step = open.pop()) {
    if (++values > jobLimits.values.value) throw exceeded(jobLimits.values, values, 'The body holds too many values');
    check(step);
    const { value } = step;
    if (typeof value !== 'object' || value === null) continue;
    const entries: [string | number, unknown][] = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
    for (const [name, each] of entries) open.push({ value: each, name, above: step, depth: step.depth + 1 });
  }
}

function check(step: Step): void {
  const { value, name, depth } = step;
  if (typeof name === 'string' && name.length > jobLimits.nameCharacters.value)
    throw exceeded(jobLimits.nameCharacters, name.length, `The name ${shown(name)} is too long`);
  if (typeof value === 'number' && !Number.isFinite(value)) throw invalidInput(pathOf(step), 'the number is too large');
  if (typeof value === 'string') within(jobLimits.textCharacters, value.length, 'The text', step);
  if (typeof value !== 'object' || value === null) return;
  if (depth > jobLimits.depth.value) throw exceeded(jobLimits.depth, depth, 'The body is nested too deeply');
  if (Array.isArray(value)) within(jobLimits.listEntries, value.length, 'The list', step);
  else within(jobLimits.members, Object.keys(value).length, 'The object', step);
}

function within(limit: Limit, value: number, what: string, step: Step): void {
  if (value > limit.value) throw exceeded(limit, value, `${what} at ${pathOf(step) || 'the top of the body'} is too large`);
}

const exceeded = (limit: Limit, value: number, detail: string) => limitExceeded('invalid-body', limit, value, { detail });

function pathOf(step: Step): string {
  const names: (string | number)[] = [];
  for (let at: Step | undefined = step; at?.name !== undefined; at = at.above) names.unshift(at.name);
  return pointer(...names);
}
