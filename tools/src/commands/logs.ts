import type { Command } from '../command.ts';
import { followLogs, loggedServices, readLogs } from '../supervisor/read-logs.ts';
import { usageError } from '../system/failure.ts';
import { didYouMean } from '../system/nearest.ts';

export const logsCommand: Command = {
  name: 'logs',
  summary: 'Shows the logs of all services, or of one',
  usage: '[SERVICE] [options]',
  words: 1,
  options: {
    follow: { short: 'f', help: 'keeps running and shows new lines' },
    lines: { value: 'N', short: 'n', help: 'number of last lines to show (100)' },
    json: { help: 'shows the lines as written, in JSON' },
  },
  run: async (args) => {
    const services = chosen(args.words[0]);
    const isRaw = args.has('json');
    process.stdout.on('error', () => process.exit(0));
    const marks = readLogs(services, args.integer('lines', 0, 1_000_000) ?? 100, isRaw);
    if (args.has('follow')) await followLogs(services, marks, isRaw);
    return 0;
  },
};

function chosen(wanted: string | undefined): string[] {
  const services = loggedServices();
  if (services.length === 0) throw usageError('no logs yet: ./almanac up writes them');
  if (wanted === undefined) return services;
  if (!services.includes(wanted))
    throw usageError(`unknown service '${wanted}' (services with logs: ${services.join(', ')})${didYouMean(wanted, services)}`);
  return [wanted];
}
