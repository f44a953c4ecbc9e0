import { ProblemError } from '@almanac/domain';
import { draw, summarise } from './draw.ts';
import { registerFonts } from './fonts.ts';
import type { DrawRequest, FromChild, SummaryRequest, ToChild } from './protocol.ts';

/**
 * The process that draws. It lives and dies apart from the service: a heap that is full, a crash in a native library or a drawing that
 * never ends takes one job with it and nothing else. It ends with its parent.
 */
let request: DrawRequest | SummaryRequest | undefined;
let pieces: Uint8Array[] = [];

const answer = (message: FromChild): void => {
  process.send?.(message);
};

async function drawAll(): Promise<void> {
  const [wanted, rows] = [request as DrawRequest | SummaryRequest, Buffer.concat(pieces)];
  [request, pieces] = [undefined, []];
  try {
    answer({ kind: 'done', drawing: 'isSummary' in wanted ? summarise(wanted, rows) : await draw(wanted, rows) });
  } catch (error) {
    answer(failureOf(error));
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
  else void drawAll();
});
process.on('disconnect', () => process.exit(0));
// The service decides when its children end; a Ctrl-C in the terminal reaches them too and must not cut a drawing short.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});

try {
  registerFonts();
  answer({ kind: 'ready' });
} catch (error) {
  answer({ kind: 'unfit', reason: error instanceof Error ? error.message : String(error) });
}
