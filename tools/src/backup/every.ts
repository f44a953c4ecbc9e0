/** Runs `work` now and then every `ms`, from start to start, until `stopped`. Work that takes longer delays the next run. */
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
