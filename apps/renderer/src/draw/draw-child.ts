import { ProblemError } from '@almanac/domain';
import { compute } from './compute.ts';
import { registerFonts } from './fonts.ts';
import type { ChildRequest, FromChild, ToChild } from './protocol.ts';

/**
 * The process that draws, apart from the service: if its heap is full, a native library crashes or a drawing never ends, one job fails and
 * nothing else. It exits when its parent does.
 */
let request: ChildRequest | undefined;
let pieces: Uint8Array[] = [];

const send = (message: FromChild): void => {
  process.send?.(message);
};

async function computeAll(): Promise<void> {
  const [complete, rows] = [request as ChildRequest, Buffer.concat(pieces)];
  [request, pieces] = [undefined, []];
  try {
    send({ kind: 'done', computed: await compute(complete, rows) });
  } catch (error) {
    send(failureOf(error));
  }
}

function failureOf(error: unknown): FromChild {
  if (error instanceof ProblemError) return { kind: 'failed', type: error.type, detail: error.message, errors: error.errors };
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  return { kind: 'broken', message, stack };
}

process.on('message', (message: ToChild) => {
  if (message.kind === 'begin') [request, pieces] = [message.request, []];
  else if (message.kind === 'rows') pieces.push(message.bytes);
  else if (message.kind === 'forget') [request, pieces] = [undefined, []];
  else void computeAll();
});
process.on('disconnect', () => process.exit(0));
// The service decides when its children end. Ctrl-C in the terminal reaches them too and must not interrupt a drawing.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});

try {
  registerFonts();
  send({ kind: 'ready' });
} catch (error) {
  send({ kind: 'unfit', reason: error instanceof Error ? error.message : String(error) });
}
