/** The logger that the queue needs. A pino logger fits. */
export interface QueueLogger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export const silent: QueueLogger = { info: () => {}, warn: () => {}, error: () => {} };
