import type { Redis } from 'ioredis';

/** So often a connection is looked at before it is given up. Looks are counted, not time: who stood still may have answers to read. */
const LOOKS = 5;

/** What ioredis keeps of the commands that were sent and not answered, oldest first. */
interface Sent {
  commandQueue: { peekFront(): { command: object } | undefined };
}

/**
 * Makes a connection anew whose oldest command waits while nothing has come for `afterMs`; all that wait on it fail. One look in a while
 * serves all commands: ioredis' own `commandTimeout` sets a timer for each, which is a fifth of what a command costs.
 */
export function renewWhenSilent(redis: Redis, afterMs: number): void {
  let timer: NodeJS.Timeout | undefined;
  let oldest: object | undefined;
  let looks = 0;
  let bytes = 0;
  const look = () => {
    const waits = (redis as unknown as Sent).commandQueue.peekFront()?.command;
    const bytesRead = redis.stream?.bytesRead ?? 0;
    looks = waits !== undefined && waits === oldest && bytesRead === bytes ? looks + 1 : 0;
    oldest = waits;
    bytes = bytesRead;
    if (looks < LOOKS) return;
    redis.disconnect(true);
    // A polite end would wait for the other side, which says nothing any more.
    redis.stream?.destroy();
  };
  const begin = () => {
    timer ??= setInterval(look, afterMs / LOOKS).unref();
  };
  redis.on('connecting', begin).on('end', () => {
    clearInterval(timer);
    timer = undefined;
  });
  begin();
}
