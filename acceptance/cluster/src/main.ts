import { clusterOptions } from '@almanac/tools/commands/cluster.ts';
import { exitWith } from '@almanac/tools/system/exit.ts';
import { readOptions } from '@almanac/tools/system/options.ts';
import { StreamOutput } from '@almanac/tools/system/output.ts';
import { runClusterTest } from './run.ts';
import { settingsOf } from './settings.ts';

// The program behind `./almanac cluster test`: it reads the same words as the command.
await exitWith(() => runClusterTest(settingsOf(readOptions(process.argv.slice(2), clusterOptions, 1)), new StreamOutput()));
