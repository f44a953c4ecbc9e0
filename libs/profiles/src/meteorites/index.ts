import { type RowView, tokenView } from '@almanac/domain';
import { type Profile, profileDefaults } from '../profile.ts';
import type { RecordSet } from '../record-set.ts';
import { routes } from './routes.ts';

/** Formats in which every value is a text. */
const textual = new Set(['csv', 'tsv', 'xml']);

/** A token as readers of such formats get it in Python: a text, the empty one if there is none. */
const asText: RowView = tokenView((_, token) => (token === 'null' ? '""' : token.startsWith('"') ? token : JSON.stringify(token)));

/** Meteorite landings, as in the course's unit 6 and its homework on data formats. */
export const meteorites: Profile = {
  ...profileDefaults,
  id: 'meteorites',
  title: 'Meteorite landings',
  source: { url: 'https://raw.githubusercontent.com/TACC/coe-332-sp24/main/docs/unit02/sample-data/Meteorite_Landings.json' },
  key: 'id',
  columns: [
    { name: 'mass (g)', otherNames: ['mass_g'], unit: 'g' },
    { name: 'reclat', unit: '°' },
    { name: 'reclong', unit: '°' },
  ],
  matches: (names) => ['recclass', 'reclat', 'reclong'].every((name) => names.has(name)),
  timeColumn: 'year',
  defaultPlot: { type: 'scatter', x: 'reclong', y: 'reclat', title: 'Meteorite landings' },
  view: ({ schema }: RecordSet) => (textual.has(schema.format ?? '') ? asText : undefined),
  routes,
};
