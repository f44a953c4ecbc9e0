import { hostname } from 'node:os';
import { type DestinationStream, type Logger, pino } from 'pino';
import { readDebugSwitch } from './debug-switch.ts';
import { SafeLines } from './safe-lines.ts';
import { callerOf, TextLines } from './text-lines.ts';
import { TurnLines } from './turn-lines.ts';

export type { Logger };

export interface LoggerOptions {
  /** json: a JSON object a line; text: the course's line */
  format?: 'json' | 'text' | undefined;
  /** where lines go, standard output unless a test wants them */
  destination?: DestinationStream | undefined;
  /** the environment whose secrets no line may hold, that of the process unless a test says otherwise */
  env?: NodeJS.ProcessEnv | undefined;
}

/**
 * Lines on standard output: time (RFC 3339), level in words, service, host, and what the call adds; as JSON, or in the form of the course
 * (`[time host] file:function:line - LEVEL: message`). No line holds a configured secret, and none is longer than the limit.
 */
export function createLogger(service: string, level = 'info', { format = 'json', destination, env }: LoggerOptions = {}): Logger {
  const options = {
    level,
    base: { service, host: hostname() },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: errorOf },
  };
  const end = destination ?? standardOutput();
  if (format === 'text') return pino({ ...options, mixin: () => ({ caller: callerOf() }) }, new SafeLines(new TextLines(end), env));
  return pino(options, new SafeLines(end, env));
}

/** An error without the arguments of the Redis command it comes from: a login, or what callers sent. */
function errorOf(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { command, ...rest } = pino.stdSerializers.err(error) as { command?: { name?: string } };
  return command?.name === undefined ? rest : { ...rest, command: command.name };
}

let lines: TurnLines | undefined;
function standardOutput(): TurnLines {
  lines ??= new TurnLines();
  return lines;
}

/**
 * The logger of a service's process, as its environment says: LOG_LEVEL, LOG_FORMAT, and CONFIG_FILE for the course's `debug`. These are
 * read before all other settings, because what is wrong with those is logged.
 */
export function loggerFromEnv(service: string, env: NodeJS.ProcessEnv = process.env): Logger {
  const format = env.LOG_FORMAT === 'text' ? 'text' : 'json';
  const config = env.CONFIG_FILE ? readDebugSwitch(env.CONFIG_FILE) : undefined;
  const logger = createLogger(service, config?.isOn ? 'debug' : env.LOG_LEVEL || 'info', { format });
  if (config !== undefined) logger.info({ configFile: env.CONFIG_FILE }, config.words);
  return logger;
}
