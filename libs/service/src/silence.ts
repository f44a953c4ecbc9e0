import type { Redis } from 'ioredis';

/** The checks without progress before a connection is replaced. Checks are counted, not time: a blocked process may still have replies to read. */
const CHECKS = 5;

/** The queue of ioredis with the commands that wait for a reply, oldest first. */
interface Sent {
  commandQueue: { peekFront(): { command: object } | undefined };
}

/**
 * Reconnects a connection whose oldest command waits and that has received nothing for `afterMs`; all waiting commands fail. One periodic
 * check serves all commands: the `commandTimeout` of ioredis sets a timer for each, a fifth of the cost of a command.
 */
export function renewWhenSilent(redis: Redis, afterMs: number): void {
  let timer: NodeJS.Timeout | undefined;
  let oldest: object | undefined;
  let checks = 0;
  let bytes = 0;
  const check = () => {
    const waits = (redis as unknown as Sent).commandQueue.peekFront()?.command;
    const bytesRead = redis.stream?.bytesRead ?? 0;
    checks = waits !== undefined && waits === oldest && bytesRead === bytes ? checks + 1 : 0;
    oldest = waits;
    bytes = bytesRead;
    if (checks < CHECKS) return;
    redis.disconnect(true);
    // A graceful end would wait for the other side, which does not respond.
    redis.stream?.destroy();
  };
  const begin = () => {
    timer ??= setInterval(check, afterMs / CHECKS).unref();
  };
  redis.on('connecting', begin).on('end', () => {
    clearInterval(timer);
    timer = undefined;
  });
  begin();
}
