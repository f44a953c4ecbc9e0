import { type Profile, profileDefaults } from '../profile.ts';
import { routes } from './routes.ts';
import { geneShapes, geneView, prepareGeneView } from './shapes.ts';

/** The HGNC complete set of human genes: the course's homeworks 6 to 8. */
export const genes: Profile = {
  ...profileDefaults,
  id: 'genes',
  title: 'Human genes (HGNC complete set)',
  source: { url: 'https://storage.googleapis.com/public-download-files/hgnc/json/json/hgnc_complete_set.json' },
  key: 'hgnc_id',
  matches: (names) => ['hgnc_id', 'symbol', 'locus_group'].every((name) => names.has(name)),
  timeColumn: 'date_approved_reserved',
  defaultPlot: { type: 'bar', x: 'locus_group', title: 'Genes by locus group' },
  shapes: geneShapes,
  view: geneView,
  prepare: prepareGeneView,
  routes,
};
