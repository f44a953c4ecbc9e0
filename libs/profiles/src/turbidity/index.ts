import { tokenView } from '@almanac/domain';
import { type Profile, profileDefaults } from '../profile.ts';
import { routes } from './routes.ts';
import { TURBIDITY } from './treatment.ts';

/** `GET /data` shows the records as the source had them: without the column, unless it has one of its own. */
const withoutTurbidity = tokenView((name, token) => (name === TURBIDITY ? undefined : token));

/** Water quality, hour by hour: the course's homework on a water treatment lab. */
export const turbidity: Profile = {
  ...profileDefaults,
  id: 'turbidity',
  title: 'Water quality: turbidity by the hour',
  source: { url: 'https://raw.githubusercontent.com/wjallen/turbidity/main/turbidity_data.json' },
  key: 'datetime',
  derived: [
    {
      name: TURBIDITY,
      unit: 'NTU',
      from: ['calibration_constant', 'detector_current'],
      value: ([a0, i90]) => (a0 as number) * (i90 as number),
      note: `'${TURBIDITY}' was computed for every record: T = a0 * I90, calibration_constant times detector_current.`,
    },
  ],
  matches: (names) => ['datetime', 'calibration_constant', 'detector_current'].every((name) => names.has(name)),
  timeColumn: 'datetime',
  defaultPlot: { type: 'line', x: 'datetime', y: TURBIDITY, title: 'Turbidity' },
  view: ({ schema }) => (schema.columns.some(({ name, derived }) => name === TURBIDITY && derived) ? withoutTurbidity : undefined),
  routes,
};
