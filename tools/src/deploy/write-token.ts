import type { Cluster } from './cluster.ts';

export const TOKEN = 'ALMANAC_WRITE_TOKEN';

/** What the gateway wants for a change: from the environment, else from where its pods get it. */
export async function writeToken(cluster: Cluster, env: NodeJS.ProcessEnv = process.env): Promise<string | undefined> {
  if (env[TOKEN]) return env[TOKEN];
  for (const { spec } of await cluster.pods()) {
    for (const container of spec?.containers ?? []) {
      const given = container.env?.find(({ name }) => name === TOKEN);
      const from = given?.valueFrom?.secretKeyRef;
      if (given?.value !== undefined) return given.value;
      if (from?.name !== undefined) return (await cluster.secret(from.name))?.[from.key];
    }
  }
  return undefined;
}
