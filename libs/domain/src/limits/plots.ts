import { section } from './limit.ts';

/** What one picture may take of a drawing process. */
export const plotLimits = section({
  pixels: {
    value: 16_000_000,
    unit: 'pixels',
    title: 'pixels of one picture: width × height × scale²',
    outcome: '400 when the job is submitted',
  },
});
