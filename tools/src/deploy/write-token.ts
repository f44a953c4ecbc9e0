import type { Cluster } from './cluster.ts';

export const TOKEN = 'ALMANAC_WRITE_TOKEN';

/** Returns the write token from the environment, else from the pods or secrets of the release. */
export async function writeToken(cluster: Cluster, env: NodeJS.ProcessEnv = process.env): Promise<string | undefined> {
  if (env[TOKEN]) return env[TOKEN];
  for (const { spec } of await cluster.pods()) {
    for (const container of spec?.containers ?? []) {
      const variable = container.env?.find(({ name }) => name === TOKEN);
      const from = variable?.valueFrom?.secretKeyRef;
      if (variable?.value !== undefined) return variable.value;
      if (from?.name !== undefined) return (await cluster.secret(from.name))?.[from.key];
    }
  }
  return undefined;
}
