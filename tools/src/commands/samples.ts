import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from '../command.ts';
import { samples } from '../samples/registry.ts';
import { midnight } from '../samples/sample.ts';
import { places, shownPath } from '../system/places.ts';

export const samplesCommand: Command = {
  name: 'samples',
  summary: 'Writes the sample data sets as files: a simulated ISS ephemeris, water quality, landings, degrees, sites on Mars',
  usage: '[FOLDER]',
  words: 1,
  more: 'The samples are generated without a network; their titles say that they are simulated. The default FOLDER is .almanac/samples.',
  run: async (args) => {
    const folder = args.words[0] ?? places.samples();
    mkdirSync(folder, { recursive: true });
    for (const { file, title, text } of samples) {
      writeFileSync(join(folder, file), text(midnight(new Date())));
      console.log(`${shownPath(join(folder, file))}: ${title}`);
    }
    return 0;
  },
};
