import { DatasetId } from '@almanac/domain';
import { type Static, Type } from 'typebox';
import { generic } from './generic/index.ts';
import type { Profile } from './profile.ts';
import { profileIds, profileNamed } from './registry.ts';
import { type Edition, editions } from './route.ts';

/** The environment variables of services with course routes. */
export const CourseEnv = Type.Object({
  ALMANAC_PROFILE: Type.Optional(
    Type.Enum(profileIds, {
      description: 'run as this course application: its data set becomes the default, and is loaded at start if its clients expect that',
    }),
  ),
  ALMANAC_DEFAULT_DATASET: Type.Optional({
    ...DatasetId,
    description: 'the data set of /data, /jobs and /image (default: ALMANAC_PROFILE, else meteorites)',
  } as typeof DatasetId),
  COURSE_EDITION: Type.Enum([...editions], {
    default: 'seed',
    description: '2024: response shapes of the later editions (/epochs returns objects, /location is flat, /jobs returns a list of ids)',
  }),
});
export type CourseEnv = Static<typeof CourseEnv>;

export interface CourseSettings {
  defaultDataset: string;
  /** the profile of the default data set while it is empty */
  defaultProfile: Profile;
  edition: Edition;
  /** true if this runs as one course application, whose data is then loaded at start if its clients expect that */
  isApplication: boolean;
}

export function courseSettings({ ALMANAC_PROFILE, ALMANAC_DEFAULT_DATASET, COURSE_EDITION }: CourseEnv): CourseSettings {
  const defaultDataset = ALMANAC_DEFAULT_DATASET ?? ALMANAC_PROFILE ?? 'meteorites';
  const defaultProfile = profileNamed(ALMANAC_PROFILE ?? defaultDataset);
  return { defaultDataset, defaultProfile, edition: COURSE_EDITION, isApplication: ALMANAC_PROFILE !== undefined };
}

/** The profile of the data set with this id while it is empty. */
export const expectedProfile = (id: string, { defaultDataset, defaultProfile }: CourseSettings): Profile =>
  id === defaultDataset && defaultProfile !== generic ? defaultProfile : profileNamed(id);
