import { rampColours } from '../channels/ramp.ts';
import type { Colourbar } from '../figure.ts';
import type { Item } from '../scene.ts';
import { LINE, lengths } from '../theme.ts';
import { position } from './axis.ts';
import { type Context, say, sizes } from './context.ts';
import { colourbarAxis, type Frame } from './frame.ts';

/** The colour bar right of a box, as tall as the box. */
export function colourbarItems(colourbar: Colourbar, { box, bar, barLabel, barWidth }: Frame, context: Context): Item[] {
  const { unit, theme } = context;
  const { tick, label } = sizes(context);
  const at = position(colourbarAxis(colourbar), box.h);
  const area = { x: Math.round(box.x + box.w + lengths.gap.colourbar * unit), y: box.y, w: Math.round(lengths.colourbar * unit), h: box.h };
  const [right, bottom] = [area.x + area.w, box.y + box.h];
  const stroke = (value: number, length: number) => [right, bottom - at(value), right + length * unit, bottom - at(value)];
  const xy = [
    ...[area.x, area.y, right, area.y, right, area.y, right, bottom, area.x, bottom, right, bottom, area.x, area.y, area.x, bottom],
    ...bar.major.flatMap((place) => stroke(place.at, lengths.gap.tickToText)),
    ...bar.minor.flatMap((value) => stroke(value, lengths.gap.tickToText / 2)),
  ];
  const textX = right + lengths.gap.tickToText * 2 * unit;
  const labelX = textX + barWidth + lengths.gap.textToLabel * unit;
  const centred = { role: 'label', align: 'middle', angle: -90, colour: theme.ink } as const;
  return [
    { item: 'gradient', box: area, colours: rampColours(theme).slice(0, -1) },
    { item: 'segments', xy: Float64Array.from(xy), stroke: theme.frame, width: lengths.frame * unit },
    ...bar.major.map((place) => say(context, { text: place.label[0]!, x: textX, y: bottom - at(place.at) + tick * 0.35, role: 'tick' })),
    ...barLabel.map((text, i) => say(context, { text, x: labelX + label * (0.95 + i * LINE), y: box.y + box.h / 2, ...centred })),
  ];
}
