import { once } from 'node:events';
import { createWriteStream, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

const folder = process.env.ALMANAC_SHARED_DATA ?? join(import.meta.dirname, '../../../shared/data');

/** A real file by its name in the folder of real data. */
export const realFile = (name: string): string => join(folder, name);
export const hasRealData = (): boolean => existsSync(folder);

/**
 * The gene table as the JSON its publisher serves: empty fields left out, a field in which any row holds `|` always a list.
 * Real rows if the real file exists; else generated rows of the same shape, which the output reports.
 */
export function genesJson(): { body: Buffer; keys: string[]; source: string } {
  const path = realFile('hgnc_complete_set.2024-10.txt.gz');
  const rows = existsSync(path) ? realGenes(path) : madeGenes();
  return {
    body: Buffer.from(JSON.stringify(rows)),
    keys: rows.map((row) => String(row.hgnc_id)),
    source: existsSync(path) ? 'HGNC complete set 2024-10' : 'made rows (the real gene table is not beside this checkout)',
  };
}

type Row = Record<string, unknown>;

function realGenes(path: string): Row[] {
  const [header = '', ...lines] = gunzipSync(readFileSync(path)).toString().trimEnd().split(/\r?\n/);
  const names = header.split('\t');
  const table = lines.map((line) => line.split('\t').map((field) => field.replace(/^"(.*)"$/s, '$1')));
  const isList = names.map((_, i) => table.some((fields) => fields[i]?.includes('|')));
  return table.map((fields) => {
    const row: Row = {};
    for (const [i, name] of names.entries()) {
      const field = fields[i];
      if (field !== undefined && field !== '') row[name] = isList[i] ? field.split('|') : field;
    }
    return row;
  });
}

const madeGenes = (): Row[] =>
  Array.from({ length: 43_882 }, (_, i) => ({
    hgnc_id: `HGNC:${i + 5}`,
    symbol: `GENE${i}`,
    name: `gene number ${i} of a made table`,
    locus_group: ['protein-coding gene', 'pseudogene', 'non-coding RNA'][i % 3],
    location: `${(i % 22) + 1}q${i % 40}.${i % 4}`,
    alias_symbol: [`A${i}`, `B${i}`],
    ...Object.fromEntries(Array.from({ length: 16 }, (_, k) => [`field_${k}`, `${(i * 7919 + k * 104_729) % 1_000_003}`])),
  }));

/** A CSV of `rows` x 10 columns, about 80 bytes a row, the same every time (mulberry32, seed 1). */
export async function writeCsv(path: string, rows: number): Promise<void> {
  const file = createWriteStream(path);
  let state = 1;
  const random = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  file.write('id,class,station,a,b,c,lat,lon,when,note\n');
  for (let i = 0; i < rows; i += 1000) {
    let block = '';
    for (let j = i; j < Math.min(rows, i + 1000); j++) {
      const when = new Date(1.6e12 + j * 60_000).toISOString();
      block += `${j},${'ABCDEFGH'[Math.floor(random() * 8)]},S${Math.floor(random() * 400)},${random().toFixed(5)},${(random() * 1000).toFixed(2)},${Math.floor(random() * 1e6)},${(random() * 180 - 90).toFixed(4)},${(random() * 360 - 180).toFixed(4)},${when},n${j % 97}\n`;
    }
    if (!file.write(block)) await once(file, 'drain');
  }
  file.end();
  await once(file, 'close');
}

type Landing = Record<string, string>;

/** Meteorites in the forms of the course's samples: JSON under one name, XML with `mass_g`, YAML with its names in order. */
export const inForm: Record<'json' | 'xml' | 'yaml', (landings: readonly Landing[]) => string> = {
  json: (landings) => JSON.stringify({ meteorite_landings: landings }, null, 2),
  xml: (landings) => `<?xml version="1.0" encoding="utf-8"?>\n<data>\n${landings.map(xmlOf).join('')}</data>\n`,
  yaml: (landings) => `---\nmeteorite_landings:\n${landings.map(yamlOf).join('')}`,
};

function xmlOf(landing: Landing): string {
  const fields = Object.entries(landing).map(([name, value]) => {
    const tag = name === 'mass (g)' ? 'mass_g' : name;
    return `\t\t<${tag}>${value.replace(/[&<>]/g, (mark) => `&#${mark.charCodeAt(0)};`)}</${tag}>\n`;
  });
  return `\t<meteorite_landings>\n${fields.join('')}\t</meteorite_landings>\n`;
}

function yamlOf(landing: Landing): string {
  const fields = Object.entries(landing).sort(([a], [b]) => (a < b ? -1 : 1));
  const written = (value: string) => (/^-?(0|[1-9]\d*)(\.\d+)?$/.test(value) ? value : JSON.stringify(value));
  return `- ${fields.map(([name, value]) => `${name}: ${written(value)}`).join('\n  ')}\n`;
}
