import { running, type State } from '../supervisor/state.ts';
import { environmentOf } from '../system/processes.ts';

/** Returns the address of the store of the running instance, with its password, or undefined if nothing runs. */
export function storeHere(state: State | undefined = running()): string | undefined {
  if (state === undefined || state.store.own !== undefined) return state?.store.url;
  // The state file has no password; the environment of the services has.
  const pids = state.services.flatMap(({ process }) => process?.pid ?? []);
  return pids.map((pid) => environmentOf(pid).REDIS_URL).find((url) => url !== undefined) ?? state.store.url;
}
