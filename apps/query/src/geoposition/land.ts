import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { feature } from 'topojson-client';
import type { GeometryCollection, Topology } from 'topojson-specification';
import { TimeSlice } from '../time-slice.ts';
import { Areas } from './areas.ts';

/** One country's land as Natural Earth draws it. */
export interface LandArea {
  /** may be shortened: "Dem. Rep. Congo" */
  name: string;
  /** ISO 3166-1 numeric; Kosovo, Somaliland and a few more have none */
  isoNumeric: string | undefined;
}

/** Countries at 1:50 million. Lakes count as land of the countries around them, the Caspian Sea as water. */
export async function loadLand(): Promise<Areas<LandArea>> {
  // Read rather than imported: modules stay in memory as they were parsed.
  const path = fileURLToPath(import.meta.resolve('world-atlas/countries-50m.json'));
  const topology = JSON.parse(await readFile(path, 'utf8')) as Topology<{ countries: GeometryCollection<{ name: string }> }>;
  const land = new Areas<LandArea>();
  const timeSlice = new TimeSlice();
  for (const country of topology.objects.countries.geometries) {
    if (timeSlice.isSpent()) await timeSlice.yield();
    const found = feature<{ name: string }>(topology, country);
    if (found.type !== 'Feature') continue;
    const isoNumeric = found.id === undefined ? undefined : String(found.id);
    land.add({ name: found.properties.name, isoNumeric }, found.geometry, { isRound: true });
  }
  return land;
}
