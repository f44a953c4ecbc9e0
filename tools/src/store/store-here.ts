import { running, type State } from '../supervisor/state.ts';
import { environmentOf } from '../system/processes.ts';

/** The address of the store of what runs in this checkout, with its password; undefined where nothing runs. */
export function storeHere(state: State | undefined = running()): string | undefined {
  if (state === undefined || state.store.own !== undefined) return state?.store.url;
  // The state file does not hold the password; the processes that log in with it do.
  const pids = state.services.flatMap(({ process }) => process?.pid ?? []);
  return pids.map((pid) => environmentOf(pid).REDIS_URL).find((url) => url !== undefined) ?? state.store.url;
}
