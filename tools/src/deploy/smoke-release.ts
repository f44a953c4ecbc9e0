import type { Voice } from '../system/say.ts';
import type { Cluster } from './cluster.ts';
import { forward } from './forward.ts';
import { smoke } from './smoke.ts';
import { writeToken } from './write-token.ts';

/** The smoke job through a release's public door: at its address where that is known, else through the Kubernetes API. */
export async function smokeRelease(cluster: Cluster, url: string | undefined, voice: Voice): Promise<void> {
  const token = await writeToken(cluster);
  if (url !== undefined) return await smoke(url, token, voice);
  const door = await forward(cluster, 'gateway');
  try {
    await smoke(door.url, token, voice);
  } finally {
    door.close();
  }
}
