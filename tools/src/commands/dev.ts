import type { Command } from '../command.ts';
import { upOptions, upSettings } from '../up/up-options.ts';
import { start } from './up.ts';

const { detach: _, ...options } = upOptions;

export const devCommand: Command = {
  name: 'dev',
  isForDevelopers: true,
  needsPackages: true,
  summary: 'Starts everything like up, and restarts a service when its files or its libraries change',
  usage: '[options]',
  options,
  run: async (args) => start({ ...upSettings(args), isWatching: true }),
};
