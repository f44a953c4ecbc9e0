import { chmodSync, mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { OURS } from './account.ts';
import type { Admin } from './kubernetes/admin.ts';

export const STORAGE_CLASS = 'almanac-test';
/** Each install with new data uses a volume for the store, and each backup uses one. */
const COUNT = 12;

const storageClass = {
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: { name: STORAGE_CLASS, labels: OURS },
  provisioner: 'kubernetes.io/no-provisioner',
  volumeBindingMode: 'WaitForFirstConsumer',
};

const volume = (n: number, path: string) => ({
  apiVersion: 'v1',
  kind: 'PersistentVolume',
  metadata: { name: `almanac-test-${n}`, labels: OURS },
  spec: {
    capacity: { storage: '20Gi' },
    accessModes: ['ReadWriteOnce'],
    persistentVolumeReclaimPolicy: 'Retain',
    storageClassName: STORAGE_CLASS,
    hostPath: { path, type: 'Directory' },
  },
});

/** Creates empty volumes from local folders, for a cluster without a provisioner whose node is this machine. */
export async function makeLocalVolumes(admin: Admin, folder: string): Promise<void> {
  await admin.apply([storageClass]);
  for (let n = 0; n < COUNT; n++) {
    const path = join(resolve(folder), `volume-${n}`);
    const phase = await admin.volumePhase(volume(n, path).metadata.name);
    if (phase === 'Available' || phase === 'Bound') continue;
    // A released volume is not bound again automatically.
    if (phase !== undefined) await admin.remove(volume(n, path));
    rmSync(path, { recursive: true, force: true });
    mkdirSync(path, { recursive: true });
    // hostPath volumes do not support fsGroup, and the store has its own user.
    chmodSync(path, 0o777);
    await admin.apply([volume(n, path)]);
  }
}

export async function removeLocalVolumes(admin: Admin, folder: string): Promise<void> {
  for (let n = 0; n < COUNT; n++) {
    const path = join(resolve(folder), `volume-${n}`);
    await admin.remove(volume(n, path));
    rmSync(path, { recursive: true, force: true });
  }
  await admin.remove(storageClass);
}
