import type { Command } from '../command.ts';
import { upOptions, upSettings } from '../up/up-options.ts';
import { start } from './up.ts';

const { detach: _, ...options } = upOptions;

export const devCommand: Command = {
  name: 'dev',
  isForDevelopers: true,
  needsPackages: true,
  summary: 'like up, and restarts a service when its files or those of its libs change',
  usage: '[options]',
  options,
  run: async (args) => start({ ...upSettings(args), isWatching: true }),
};
