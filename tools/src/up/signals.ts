/** Resolves at the first SIGINT, SIGTERM or SIGHUP. Each later signal calls `again`. */
export function untilStopped(again: () => void): Promise<void> {
  return new Promise((resolve) => {
    let count = 0;
    const onSignal = () => (count++ === 0 ? resolve() : again());
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
  });
}
