import type { Step } from '../step.ts';
import { makeAccount } from './account.ts';
import { backup } from './backup.ts';
import { badImage } from './bad-image.ts';
import { baseline } from './baseline.ts';
import { control } from './control.ts';
import { install } from './install.ts';
import { kill } from './kill.ts';
import { page } from './page.ts';
import { redisTls } from './redis-tls.ts';
import { starve } from './starve.ts';
import { store } from './store.ts';
import { uids } from './uids.ts';
import { upgrades } from './upgrades.ts';
import { values } from './values.ts';

/** Every step, in the order of execution. Each leaves the release as it found it. */
export const steps: readonly Step[] = [
  makeAccount,
  install,
  baseline,
  upgrades,
  badImage,
  kill,
  store,
  starve,
  control,
  backup,
  values,
  uids,
  redisTls,
  page,
];
