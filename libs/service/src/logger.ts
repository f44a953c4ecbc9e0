import { hostname } from 'node:os';
import { type Logger, pino } from 'pino';

export type { Logger };

/** JSON lines on standard output: time (RFC 3339), level in words, service, host, and what the call adds. */
export function createLogger(service: string, level = 'info'): Logger {
  return pino({
    level,
    base: { service, host: hostname() },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: ['req.headers.authorization', 'headers.authorization'],
  });
}
