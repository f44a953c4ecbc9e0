import { accessSync, constants, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { MultiPolygon, Polygon } from 'geojson';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { TimeSlice } from '../time-slice.ts';
import { Areas } from './areas.ts';
import { seaName } from './sea-name.ts';

const SeaFile = Type.Object({
  features: Type.Array(
    Type.Object({
      properties: Type.Object({
        name: Type.Union([Type.String(), Type.Null()]),
        /** 0 for oceans, the more the smaller the water */
        scalerank: Type.Number(),
      }),
      geometry: Type.Object({ type: Type.Enum(['Polygon', 'MultiPolygon']), coordinates: Type.Array(Type.Unknown()) }),
    }),
    { minItems: 1 },
  ),
});

interface Sea {
  properties: { name: string | null; scalerank: number };
  geometry: Polygon | MultiPolygon;
}

/** Throws, naming the path, if there is no file that can be read. */
export function checkReadable(path: string): void {
  try {
    if (!statSync(path).isFile()) throw new Error('it is not a file');
    accessSync(path, constants.R_OK);
  } catch (error) {
    throw unusable(path, error);
  }
}

/** Named waters, the smallest first, so that a strait is found before its ocean. Throws, naming the path and what is wrong. */
export async function loadSeas(path: string): Promise<Areas<string>> {
  const features = await readSeas(path);
  const seas = new Areas<string>();
  const timeSlice = new TimeSlice();
  for (const { properties, geometry } of features.sort((a, b) => b.properties.scalerank - a.properties.scalerank)) {
    if (timeSlice.isSpent()) await timeSlice.yield();
    if (properties.name !== null) seas.add(seaName(properties.name), geometry, { isRound: false });
  }
  return seas;
}

async function readSeas(path: string): Promise<Sea[]> {
  try {
    const content: unknown = JSON.parse(await readFile(path, 'utf8'));
    const [wrong] = Value.Check(SeaFile, content) ? [] : Value.Errors(SeaFile, content);
    if (wrong !== undefined) throw new Error(`${wrong.instancePath || 'it'} ${wrong.message}`);
    const { features } = content as Static<typeof SeaFile>;
    const odd = features.findIndex(({ geometry }) => !holdsPositions(geometry.coordinates, geometry.type === 'Polygon' ? 2 : 3));
    if (odd >= 0) throw new Error(`/features/${odd}/geometry/coordinates must hold longitudes and latitudes`);
    return features as Sea[];
  } catch (error) {
    throw unusable(path, error);
  }
}

/** Whether lists, `depth` deep, hold positions. By hand: a schema takes 0.2 s for 60,000 of them. */
function holdsPositions(value: unknown, depth: number): boolean {
  if (!Array.isArray(value)) return false;
  if (depth > 0) return value.every((one) => holdsPositions(one, depth - 1));
  return Number.isFinite(value[0]) && Number.isFinite(value[1]);
}

const unusable = (path: string, cause: unknown): Error =>
  new Error(
    `The file of marine areas ${path} cannot be used (${cause instanceof Error ? cause.message : String(cause)}): ` +
      "give the path of Natural Earth's ne_10m_geography_marine_polys as GeoJSON, whose features have name and scalerank, " +
      'or none, and water has no name.',
    { cause },
  );
