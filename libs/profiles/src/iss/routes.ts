import { Type } from 'typebox';
import { Count, noData, pageOf, shapeOf } from '../parameters.ts';
import type { RecordSet } from '../record-set.ts';
import { asBytes, json, jsonText, type RouteResponse, rows } from '../response.ts';
import type { ReadingRoute } from '../route.ts';
import { stationAt } from './at.ts';
import { epochNamed, speedOf } from './epoch.ts';
import { stationNow } from './now.ts';
import { orientationNote, placedEpoch } from './place.ts';
import { stateVectorView, wholeFile } from './shapes.ts';
import { sourceMetadataOf } from './source-metadata.ts';
import { epochsOf } from './track.ts';

const get = (route: Omit<ReadingRoute, 'service' | 'method'>): ReadingRoute => ({ service: 'query', method: 'GET', ...route });

const shape = (names: readonly string[], description: string) => Type.Optional(Type.Enum([...names], { description }));

const listShapes = ['list', 'objects', 'plain'];
const nowParameter = Type.Object({
  now: Type.Optional(Type.String({ description: 'time to use instead of the current time', examples: ['2024-02-21T12:34:56Z'] })),
});

export const routes: readonly ReadingRoute[] = [
  get({
    path: '/',
    isSharedPath: true,
    summary: 'The whole ephemeris, in the form of the file',
    example: '$BASE/',
    respond: ({ set }) => set.memoize('whole file', () => asBytes(wholeFile(set))),
  }),
  get({
    path: '/epochs',
    summary: 'All epochs; limit, offset, shape=objects for whole state vectors',
    example: '"$BASE/epochs?limit=20&offset=50"',
    query: Type.Object({
      limit: Count('the most epochs to return'),
      offset: Count('how many epochs to skip'),
      shape: shape(
        listShapes,
        'list: the epochs as strings; objects: state vectors as xmltodict parses them; plain: state vectors with numbers',
      ),
    }),
    respond({ set, query, edition }) {
      const asked = shapeOf(query, listShapes) ?? (edition === '2024' ? 'objects' : 'list');
      const { from, to } = pageOf(query, set.rows);
      if (asked === 'objects') return rows('state vectors', stateVectorView(set), from, to);
      if (asked === 'plain') return rows('stored', undefined, from, to);
      return epochList(set, from, to);
    },
  }),
  get({
    path: '/epochs/:epoch',
    quick: true,
    summary: 'The state vector at an epoch',
    example: '$BASE/epochs/2024-052T12:00:00.000Z',
    description: 'The epoch as in the file, or the same time as a calendar date.',
    query: Type.Object({ shape: shape(['objects', 'plain'], 'plain: numbers instead of strings with units') }),
    respond({ set, params, query }) {
      const { row } = epochNamed(set, params.epoch ?? '');
      const [text = '{}'] = [...set.texts(row, row + 1)];
      return jsonText(shapeOf(query, ['objects', 'plain']) === 'plain' ? text : stateVectorView(set)(text));
    },
  }),
  get({
    path: '/epochs/:epoch/speed',
    quick: true,
    summary: 'The speed at an epoch',
    example: '$BASE/epochs/2024-052T12:00:00.000Z/speed',
    description: 'The length of the velocity in the inertial frame of the ephemeris.',
    respond: ({ set, params }) => json({ speed: speedOf(epochNamed(set, params.epoch ?? '').state), units: 'km/s' }),
  }),
  get({
    path: '/epochs/:epoch/location',
    summary: 'Latitude, longitude, altitude and the place below',
    example: '$BASE/epochs/2024-052T12:00:00.000Z/location',
    description:
      'Geodetic coordinates on WGS84, accurate to 1.5 m if the Earth’s orientation is known. shape=flat: the altitude as a number in km.',
    query: Type.Object({ shape: shape(['nested', 'flat'], 'flat: the altitude as a number') }),
    async respond(request) {
      const { set, params, query, edition } = request;
      const asked = shapeOf(query, ['nested', 'flat']) ?? (edition === '2024' ? 'flat' : 'nested');
      const { location, place } = await placedEpoch(request, epochNamed(set, params.epoch ?? ''));
      const { latitudeDeg: latitude, longitudeDeg: longitude, heightKm } = location;
      const altitude = asked === 'flat' ? heightKm : { value: heightKm, units: 'km' };
      return json({ latitude, longitude, altitude, geoposition: place.text, geo: place.geo, ...orientationNote(location) });
    },
  }),
  get({
    path: '/now',
    summary: 'Where the station is now: at the closest epoch, and interpolated',
    example: '$BASE/now',
    description: 'seconds_from_now is the current time minus the epoch. now= replaces the current time.',
    query: nowParameter,
    respond: async (request) => json(await stationNow(request)),
  }),
  get({
    path: '/comment',
    summary: 'The comments of the file',
    example: '$BASE/comment',
    respond: ({ set }) => json(sourceMetadataOf(set).comments),
  }),
  get({
    path: '/header',
    summary: 'The header of the file',
    example: '$BASE/header',
    respond: ({ set }) => json(sourceMetadataOf(set).header),
  }),
  get({
    path: '/metadata',
    summary: 'The metadata of the file',
    example: '$BASE/metadata',
    respond: ({ set }) => json(sourceMetadataOf(set).metadata),
  }),
  get({
    path: '/v1/datasets/:id/iss/at',
    summary: 'Where the station is at any time within the ephemeris, interpolated',
    example: '"$BASE/v1/datasets/iss/iss/at?time=2024-02-21T12:34:56Z"',
    description:
      'Hermite interpolation of degree 7 (accurate to 1 cm at steps of four minutes), of lower degree beside manoeuvres. Times outside the file return 400: nothing is extrapolated.',
    query: Type.Object({ time: Type.String({ description: 'ISO 8601 or day of the year, UTC', examples: ['2024-02-21T12:34:56Z'] }) }),
    async respond(request) {
      if (request.set.rows === 0) throw noData('state vectors', request.set);
      return json(await stationAt(request));
    },
  }),
];

function epochList(set: RecordSet, from: number, to: number): RouteResponse {
  const epochs = epochsOf(set);
  if (from > 0 || to < epochs.length) return json(epochs.slice(from, to));
  return set.memoize('epoch list', () => asBytes(JSON.stringify(epochs)));
}
