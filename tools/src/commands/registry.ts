import type { Command } from '../command.ts';
import { auditCommand } from './audit.ts';
import { backupCommand } from './backup.ts';
import { benchCommand } from './bench.ts';
import { chaosCommand } from './chaos.ts';
import { clusterCommand } from './cluster.ts';
import { composeCommand } from './compose.ts';
import { deployCommand } from './deploy.ts';
import { devCommand } from './dev.ts';
import { downCommand } from './down.ts';
import { fuzzCommand } from './fuzz.ts';
import { helpCommand } from './help.ts';
import { imagesCommand } from './images.ts';
import { logsCommand } from './logs.ts';
import { plotCommand } from './plot.ts';
import { restoreCommand } from './restore.ts';
import { samplesCommand } from './samples.ts';
import { statusCommand } from './status.ts';
import { testCommand } from './test.ts';
import { upCommand } from './up.ts';

/** Every command, in the order help shows them. */
export const commands: readonly Command[] = [
  upCommand,
  plotCommand,
  samplesCommand,
  statusCommand,
  logsCommand,
  auditCommand,
  downCommand,
  backupCommand,
  restoreCommand,
  devCommand,
  testCommand,
  benchCommand,
  imagesCommand,
  composeCommand,
  chaosCommand,
  fuzzCommand,
  deployCommand,
  clusterCommand,
  helpCommand(() => commands),
];
