import { hostname } from 'node:os';
import { type DestinationStream, type Logger, pino } from 'pino';
import { readDebugSwitch } from './debug-switch.ts';
import { SafeLines } from './safe-lines.ts';
import { callerOf, TextLines } from './text-lines.ts';
import { TurnLines } from './turn-lines.ts';

export type { Logger };

export interface LoggerOptions {
  /** json: one JSON object per line; text: the format of the course */
  format?: 'json' | 'text' | undefined;
  /** the destination (default: standard output) */
  destination?: DestinationStream | undefined;
  /** the environment whose secrets are redacted (default: that of the process) */
  env?: NodeJS.ProcessEnv | undefined;
}

/**
 * A logger whose lines have the time (RFC 3339), level, service, host and the fields of the call, as JSON or in the format of the course
 * (`[time host] file:function:line - LEVEL: message`). Secrets are redacted, and long lines are shortened.
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

/** Serializes an error without the arguments of its Redis command, which may be a login or data of callers. */
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
 * The logger of a service, configured by LOG_LEVEL, LOG_FORMAT and CONFIG_FILE (the `debug` of the course). These are read before all other
 * settings, because problems with the others are logged.
 */
export function loggerFromEnv(service: string, env: NodeJS.ProcessEnv = process.env): Logger {
  const format = env.LOG_FORMAT === 'text' ? 'text' : 'json';
  const config = env.CONFIG_FILE ? readDebugSwitch(env.CONFIG_FILE) : undefined;
  const logger = createLogger(service, config?.isOn ? 'debug' : env.LOG_LEVEL || 'info', { format });
  if (config !== undefined) logger.info({ configFile: env.CONFIG_FILE }, config.words);
  return logger;
}
