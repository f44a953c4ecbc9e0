import { DatasetId } from '@almanac/domain';
import { type Static, Type } from 'typebox';
import { generic } from './generic/index.ts';
import type { Profile } from './profile.ts';
import { profileIds, profileNamed } from './registry.ts';
import { type Edition, editions } from './route.ts';

/** What the services that speak the course dialect read of their environment. */
export const CourseEnv = Type.Object({
  ALMANAC_PROFILE: Type.Optional(
    Type.Enum(profileIds, {
      description: 'run as this course application: its data set is the default one, and loaded at start where its clients expect that',
    }),
  ),
  ALMANAC_DEFAULT_DATASET: Type.Optional({
    ...DatasetId,
    description: 'the data set of /data, /jobs and /image (default: ALMANAC_PROFILE, else meteorites)',
  } as typeof DatasetId),
  COURSE_EDITION: Type.Enum([...editions], {
    default: 'seed',
    description: '2024: shapes as the later editions’ clients expect them (/epochs objects, /location flat, /jobs a list of ids)',
  }),
});
export type CourseEnv = Static<typeof CourseEnv>;

export interface CourseSettings {
  defaultDataset: string;
  /** what the default data set is while nothing is in it */
  defaultProfile: Profile;
  edition: Edition;
  /** whether this runs as one course application, whose data are then loaded at start if its clients expect that */
  isApplication: boolean;
}

export function courseSettings({ ALMANAC_PROFILE, ALMANAC_DEFAULT_DATASET, COURSE_EDITION }: CourseEnv): CourseSettings {
  const defaultDataset = ALMANAC_DEFAULT_DATASET ?? ALMANAC_PROFILE ?? 'meteorites';
  const defaultProfile = profileNamed(ALMANAC_PROFILE ?? defaultDataset);
  return { defaultDataset, defaultProfile, edition: COURSE_EDITION, isApplication: ALMANAC_PROFILE !== undefined };
}

/** What a data set of this name is of while nothing is in it. */
export const expectedProfile = (id: string, { defaultDataset, defaultProfile }: CourseSettings): Profile =>
  id === defaultDataset && defaultProfile !== generic ? defaultProfile : profileNamed(id);
