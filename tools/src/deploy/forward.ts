import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { PortForward, type V1Pod } from '@kubernetes/client-node';
import { Failure } from '../system/failure.ts';
import type { Cluster } from './cluster.ts';
import { COMPONENT } from './progress.ts';

/** A local port that is forwarded to a pod through the Kubernetes API. */
export interface Forwarded {
  url: string;
  close(): void;
}

/** Forwards to one ready pod of a component. */
export async function forward(cluster: Cluster, component: string): Promise<Forwarded> {
  const pod = readyPod(await cluster.pods(), component);
  if (pod === undefined) throw new Failure(`No pod of ${component} is ready to forward a port to`);
  const port = portOf(pod);
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    void connect(cluster, pod.metadata?.name as string, port, socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
}

async function connect({ config, namespace }: Cluster, pod: string, port: number, socket: Socket): Promise<void> {
  // Data that the client sends before the tunnel is open would be lost. The socket stays paused until then.
  socket.pause();
  socket.on('error', () => {});
  try {
    const tunnel = await new PortForward(config).portForward(namespace, pod, [port], socket, null, socket);
    if (typeof tunnel === 'function') return;
    socket.resume();
    tunnel.onclose = () => socket.destroySoon();
    socket.once('close', () => tunnel.close());
  } catch {
    socket.destroy();
  }
}

function readyPod(pods: readonly V1Pod[], component: string): V1Pod | undefined {
  return pods
    .filter(({ metadata }) => metadata?.labels?.[COMPONENT] === component && metadata.deletionTimestamp === undefined)
    .filter(({ status }) => status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True'))
    .sort((a, b) => Number(b.metadata?.creationTimestamp ?? 0) - Number(a.metadata?.creationTimestamp ?? 0))[0];
}

function portOf({ spec }: V1Pod): number {
  const ports = spec?.containers.flatMap(({ ports = [] }) => ports) ?? [];
  const port = ports.find(({ name }) => name === 'http') ?? ports[0];
  if (port === undefined) throw new Failure('The pod has no port');
  return port.containerPort;
}
