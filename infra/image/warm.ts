// Starts the service once during the build of its image and stops it, so that Node writes its compile cache (NODE_COMPILE_CACHE).
import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

const port = 20_000 + (process.pid % 20_000);
const child = spawn('./start', {
  // There is no store during the build, and /livez does not need one.
  env: { ...process.env, PORT: String(port), HOST: '127.0.0.1', REDIS_URL: 'redis://127.0.0.1:1', DRAIN_SECONDS: '0', LOG_LEVEL: 'error' },
  stdio: 'inherit',
});
const ended = new Promise<number>((resolve) => child.once('exit', (code) => resolve(code ?? 1)));
const isAlive = () =>
  fetch(`http://127.0.0.1:${port}/livez`).then(
    ({ ok }) => ok,
    () => false,
  );
for (const until = Date.now() + 60_000; !(await isAlive()); await sleep(50)) {
  if (child.exitCode !== null || Date.now() > until) throw new Error('the service did not start');
}
child.kill('SIGTERM');
const code = await ended;
if (code !== 0) throw new Error(`the service exited with code ${code}`);
