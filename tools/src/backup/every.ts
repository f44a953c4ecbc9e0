import { misuse } from '../system/failure.ts';

const units: Readonly<Record<string, number>> = { s: 1e3, m: 60e3, h: 3_600e3, d: 86_400e3 };

/** `30s`, `15m`, `1h`, `1d` in milliseconds. */
export function readInterval(text: string): number {
  const [, count, unit] = /^(\d{1,5})([smhd])$/.exec(text) ?? [];
  const ms = Number(count) * (units[unit ?? ''] ?? Number.NaN);
  // The longest that a timer can wait is 24.8 days.
  if (!(ms > 0 && ms < 2 ** 31)) throw misuse(`--every ${text}: write a number with s, m, h or d, up to 24d, for example 1h`);
  return ms;
}

/** Does it now and then every `ms`, counted from one beginning to the next, until `stopped`. What takes longer than that delays the next. */
export async function repeat(ms: number, stopped: Promise<void>, work: () => Promise<void>): Promise<void> {
  let isOver = false;
  let wake = () => {};
  void stopped.then(() => {
    isOver = true;
    wake();
  });
  while (!isOver) {
    const began = Date.now();
    await work();
    if (isOver) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, Math.max(0, ms - (Date.now() - began)));
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
