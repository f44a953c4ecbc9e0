import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KubeObject } from '@almanac/tools/chart/objects.ts';
import { makeCertificates } from '../certificates.ts';
import type { Step } from '../step.ts';
import { runTrial } from '../trial.ts';

const [NAME, SECRET] = ['tls', 'redis-tls'];

async function secretFor(host: string): Promise<KubeObject> {
  const folder = mkdtempSync(join(tmpdir(), 'almanac-tls-'));
  try {
    await makeCertificates(folder, host);
    const read = (name: string) => readFileSync(join(folder, name)).toString('base64');
    const data = Object.fromEntries(['ca.crt', 'tls.crt', 'tls.key'].map((name) => [name, read(name)]));
    return { apiVersion: 'v1', kind: 'Secret', metadata: { name: SECRET }, data };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export const redisTls: Step = {
  name: 'redis-tls',
  title: 'Redis with TLS only: every service, the probes and a backup connect with a private certificate authority',
  needs: 'account',
  run: async (testbed) => {
    const objects = [await secretFor(`${NAME}-redis`)];
    const set = ['redis.tls.enabled=true', `redis.tls.existingSecret=${SECRET}`];
    const { secondsToReady, wrong } = await runTrial(testbed, { name: NAME, set, objects });
    return { figures: { secondsToReady }, wrong };
  },
};
