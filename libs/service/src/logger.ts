import { hostname } from 'node:os';
import { type DestinationStream, type Logger, pino } from 'pino';
import { readDebugSwitch } from './debug-switch.ts';
import { callerOf, TextLines } from './text-lines.ts';
import { TurnLines } from './turn-lines.ts';

export type { Logger };

export interface LoggerOptions {
  /** json: a JSON object a line; text: the course's line */
  format?: 'json' | 'text' | undefined;
  /** where lines go, standard output unless a test wants them */
  destination?: DestinationStream | undefined;
}

/**
 * Lines on standard output: time (RFC 3339), level in words, service, host, and what the call adds; as JSON, or in the form of the course
 * (`[time host] file:function:line - LEVEL: message`).
 */
export function createLogger(service: string, level = 'info', { format = 'json', destination }: LoggerOptions = {}): Logger {
  const options = {
    level,
    base: { service, host: hostname() },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: ['req.headers.authorization', 'headers.authorization'],
  };
  if (format === 'text') return pino({ ...options, mixin: () => ({ caller: callerOf() }) }, new TextLines(destination ?? standardOutput()));
  return pino(options, destination ?? standardOutput());
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
