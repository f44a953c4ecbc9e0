import { type Profile, profileDefaults } from '../profile.ts';

/** Records of any kind: they can be loaded, read and plotted, and nothing else is known of them. */
export const generic: Profile = {
  ...profileDefaults,
  id: 'generic',
  title: 'Records of any kind',
  source: { records: () => [] },
  matches: () => false,
};
