export * from './hot-queue.ts';
export * from './keys.ts';
export { LostReply } from './link.ts';
export * from './observer.ts';
export * from './queue-logger.ts';
export * from './record.ts';
export * from './reliable-queue.ts';
export * from './worker.ts';
export * from './worker-options.ts';
