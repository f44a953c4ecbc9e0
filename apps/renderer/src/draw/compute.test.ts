import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, test } from 'node:test';
import { fontFiles } from '@almanac/plots';
import sharp from 'sharp';
import { arrowOf, requestOf, waves } from '../testing.ts';
import { readColumns } from './arrow-columns.ts';
import { compute } from './compute.ts';
import { encodePng } from './encode.ts';
import { drawsText, registerFonts, withoutSubstitutions } from './fonts.ts';

before(() => registerFonts());

/** How many pixels are darker than paper, and of a series' colour. */
async function inkOf(png: Buffer): Promise<{ width: number; height: number; dark: number; blue: number }> {
  const { data, info } = await sharp(png).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  let [dark, blue] = [0, 0];
  for (let i = 0; i < data.length; i += 3) {
    const [red, green, azure] = [data[i]!, data[i + 1]!, data[i + 2]!];
    if (red + green + azure < 300) dark++;
    if (azure > 150 && red < 120) blue++;
  }
  return { width: info.width, height: info.height, dark, blue };
}

test('a drawing is a PNG of the size asked for, with text, axes and marks in it', async () => {
  const { results, description, notes } = await compute(requestOf({ picture: { width: 500, height: 300 } }), waves(1000));
  const ink = await inkOf(results.png!);
  assert.deepEqual([ink.width, ink.height], [500, 300]);
  assert.ok(ink.dark > 500, `${ink.dark} dark pixels: labels and frame`);
  assert.ok(ink.blue > 5000, `${ink.blue} blue pixels: dots`);
  assert.deepEqual(notes, []);
  assert.match(description, /^Scatter plot of y against x, 1,000 points/);
});

test('part of the rows, or none, is no drawing and no fault of the caller', async () => {
  for (const bytes of [waves(1000), Buffer.from([0, 0, 0, 0])]) {
    await assert.rejects(compute(requestOf({ records: 1001 }), bytes), { type: 'bad-gateway', message: /of 1001 records/ });
  }
});

test('a process without a computation is refused', async () => {
  await assert.rejects(compute({ ...requestOf(), process: 'constructor' }, waves(2)), { type: 'unknown-process' });
});

test('scale gives more pixels for the same picture', async () => {
  const { results } = await compute(requestOf({ picture: { width: 320, height: 240, scale: 2 } }), waves(50));
  const { width, height } = await inkOf(results.png!);
  assert.deepEqual([width, height], [640, 480]);
});

for (const type of ['line', 'scatter', 'histogram', 'bar'] as const) {
  test(`${type}: the same job drawn twice is the same to the byte, as PNG and as SVG`, async () => {
    const columns = arrowOf({
      x: Float64Array.from({ length: 400 }, (_, i) => (i % 97 === 0 ? Number.NaN : i)),
      y: Float64Array.from({ length: 400 }, (_, i) => (i * 7919) % 101),
      kind: Array.from({ length: 400 }, (_, i) => (i % 13 === 0 ? null : `k${i % 4}`)),
    });
    const params = {
      line: { x: 'x', y: 'y' },
      scatter: { x: 'x', y: 'y', color: 'kind', size: 'y' },
      histogram: { x: 'y' },
      bar: { x: 'kind' },
    };
    const request = requestOf({ type, params: params[type], outputs: ['png', 'svg'] });
    const [first, second] = [await compute(request, columns), await compute(request, columns)];
    assert.deepEqual(second, first);
    assert.ok(first.results.svg!.toString().startsWith('<svg '));
    assert.ok((await inkOf(first.results.png!)).dark > 500);
  });
}

test('a file carries its title, its words and what it was made from', async () => {
  const { results } = await compute(requestOf({ outputs: ['png', 'svg'] }), waves(60));
  const png = results.png!.toString('latin1');
  for (const text of [
    'Title\0\0\0\0\0Waves',
    'Software\0\0\0\0\0Almanac',
    'Almanac\0\0\0\0\0{"dataset":"waves"}',
    'Description\0\0\0\0\0Scatter',
  ]) {
    assert.ok(png.includes(text), text);
  }
  assert.match(results.svg!.toString(), /<metadata>{&quot;dataset&quot;:&quot;waves&quot;}<\/metadata>/);
});

test('pixels come back exactly, by palette and with many colours', async () => {
  for (const step of [1, 40]) {
    const [width, height] = [61, 47];
    const data = new Uint8ClampedArray(width * height * 4);
    for (let i = 0; i < width * height; i++) data.set([(i * 7) % 256, Math.floor(i / step) % 256, (i >> 3) % 4, 255], i * 4);
    const few = step === 1 ? data : data.map((value, i) => (i % 4 === 3 ? 255 : value & 0xc0));
    const png = await encodePng({ data: few, width, height }, { Title: 'x' });
    const back = await sharp(png).ensureAlpha().raw().toBuffer();
    assert.ok(back.equals(Buffer.from(few)));
  }
});

test('very many dots: the SVG embeds a picture and says so', async () => {
  const { results, notes } = await compute(requestOf({ outputs: ['svg'] }), waves(20_001));
  assert.match(results.svg!.toString(), /<image [^>]*href="data:image\/png;base64,iVBOR/);
  assert.match(notes.join(), /embedded picture/);
});

test('columns come as query writes them: missing values, units, dictionaries', () => {
  const bytes = arrowOf(
    { t: Float64Array.of(0, Number.NaN), kind: ['b', null], flag: Float64Array.of(1, 0) },
    { t: { type: 'time', title: 'seen', unit: 'UTC' }, flag: { type: 'boolean' } },
  );
  const { columns, rows } = readColumns(bytes);
  assert.equal(rows, 2);
  assert.deepEqual(columns.t, { name: 't', type: 'time', title: 'seen', unit: 'UTC', values: Float64Array.of(0, Number.NaN) });
  assert.deepEqual([columns.kind!.type, columns.kind!.names, [...columns.kind!.values]], ['string', ['b'], [0, -1]]);
  assert.equal(columns.flag!.type, 'boolean');
});

test('fonts that draw nothing are refused, because plots would have no text', () => {
  assert.equal(drawsText('Inter'), true);
  assert.equal(drawsText('No Such Font'), false);
  assert.throws(() => registerFonts([{ family: 'Nowhere', path: import.meta.filename }]), /draws nothing/);
});

test('digits keep their own minus and brackets, so that text is as wide as the layout measured', () => {
  for (const { family, path } of fontFiles) {
    const plain = withoutSubstitutions(readFileSync(path));
    assert.equal(plain.includes('GSUB'), false, family);
    assert.equal(plain.length, readFileSync(path).length);
  }
});
