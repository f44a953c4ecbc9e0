import type { Command } from '../command.ts';
import { parseAddress, ping } from '../store/ping.ts';
import { running, type ServiceState } from '../supervisor/state.ts';
import { bold, duration } from '../system/output.ts';
import { memoryOf } from '../system/processes.ts';
import { table } from '../system/table.ts';
import { isOk } from '../up/is-ok.ts';

export const statusCommand: Command = {
  name: 'status',
  summary: 'Shows what runs: service, pid, port, uptime, restarts, memory, readiness',
  more: 'Exit code 0 if everything is ready, 1 if something is not ready or nothing runs.',
  run: async () => {
    const state = running();
    if (state === undefined) {
      console.log('Nothing runs in this checkout. Start it with:  ./almanac up');
      return 1;
    }
    const services: ServiceState[] = [
      ...state.services,
      { name: 'supervisor', process: state.supervisor, since: state.since, restarts: 0 },
    ];
    const ready = await Promise.all(services.map((service) => service.name === 'supervisor' || isReady(service)));
    const memories = services.map(({ process }) => (process === undefined ? undefined : memoryOf(process.pid)));
    const total = memories.reduce<number>((sum, bytes) => sum + (bytes ?? 0), 0);
    const rows = services.map((service, i) => describe(service, memories[i], ready[i] === true));
    console.log(
      bold(`${state.url}  ${state.phase}, up for ${duration(Date.now() - Date.parse(state.since))}, ${megabytes(total)} MB in total`),
    );
    console.log(table([['service', 'pid', 'port', 'uptime', 'restarts', 'MB', 'ready'], ...rows], [1, 2, 3, 4, 5]));
    return ready.every((r) => r) ? 0 : 1;
  },
};

const describe = ({ name, process, port, since, restarts }: ServiceState, bytes: number | undefined, ready: boolean): string[] => [
  name,
  process === undefined ? '-' : String(process.pid),
  port === undefined ? '-' : String(port),
  process === undefined ? '-' : duration(Date.now() - Date.parse(since)),
  String(restarts),
  megabytes(bytes),
  ready ? 'yes' : 'no',
];

async function isReady({ port, socket }: ServiceState): Promise<boolean> {
  if (port !== undefined) return await isOk(`http://127.0.0.1:${port}/readyz`);
  const address = socket === undefined ? undefined : parseAddress(`unix:${socket}`);
  return address !== undefined && (await ping(address)) === 'PONG';
}

const megabytes = (bytes: number | undefined): string => (bytes === undefined ? '-' : String(Math.round(bytes / 1e6)));
