import type { Axis } from '../figure.ts';
import type { SegmentsItem, TextItem } from '../scene.ts';
import { LINE, lengths } from '../theme.ts';
import { position } from './axis.ts';
import { type Context, say, sizes, tickToText } from './context.ts';
import type { Frame, Slot } from './frame.ts';
import type { Ticks } from './ticks/ticks.ts';

/** Where the ticks of a number axis lie; bands have none. */
const places = (axis: Axis, { major }: Ticks): number[] => (axis.scale.kind === 'band' ? [] : major.map((tick) => tick.at));

/** Lines behind the marks, one for each labelled tick. */
export function gridItem({ panel }: Slot, { box, x, y }: Frame, { theme, unit }: Context): SegmentsItem {
  const [px, py] = [position(panel.x, box.w), position(panel.y, box.h)];
  const [right, bottom] = [box.x + box.w, box.y + box.h];
  const upright = places(panel.x, x).flatMap((at) => [box.x + px(at), box.y, box.x + px(at), bottom]);
  const level = places(panel.y, y).flatMap((at) => [box.x, bottom - py(at), right, bottom - py(at)]);
  return { item: 'segments', xy: Float64Array.from([...upright, ...level]), stroke: theme.grid, width: lengths.grid * unit };
}

/** The frame of a box with its ticks, which point outwards. */
export function frameItem({ panel }: Slot, { box, x, y }: Frame, { theme, unit }: Context): SegmentsItem {
  const [px, py] = [position(panel.x, box.w), position(panel.y, box.h)];
  const [right, bottom] = [box.x + box.w, box.y + box.h];
  const below = (at: number, length: number) => [box.x + px(at), bottom, box.x + px(at), bottom + length * unit];
  const beside = (at: number, length: number) => [box.x - length * unit, bottom - py(at), box.x, bottom - py(at)];
  const xy = [
    ...places(panel.x, x).flatMap((at) => below(at, lengths.tick)),
    ...x.minor.flatMap((at) => below(at, lengths.minorTick)),
    ...places(panel.y, y).flatMap((at) => beside(at, lengths.tick)),
    ...y.minor.flatMap((at) => beside(at, lengths.minorTick)),
    ...[box.x, box.y, right, box.y, right, box.y, right, bottom, box.x, bottom, right, bottom, box.x, box.y, box.x, bottom],
  ];
  return { item: 'segments', xy: Float64Array.from(xy), stroke: theme.frame, width: lengths.frame * unit };
}

/** Labels of ticks and axes. */
export function axisTexts(slot: Slot, frame: Frame, context: Context): TextItem[] {
  const { box, y } = frame;
  const { tick, label } = sizes(context);
  const { theme, unit } = context;
  const away = tickToText(context);
  const bottom = box.y + box.h;
  const py = position(slot.panel.y, box.h);
  const gap = lengths.gap.textToLabel * unit;
  const centred = { role: 'label', align: 'middle', colour: theme.ink } as const;
  const beside = y.major.map(({ at, label: [text = ''] }) =>
    say(context, { text, x: box.x - away, y: bottom - py(at) + tick * 0.35, role: 'tick', align: 'end' }),
  );
  const below = frame.xLabel.map((text, i) =>
    say(context, { text, x: box.x + box.w / 2, y: bottom + away + frame.xDepth + gap + label * (0.82 + i * LINE), ...centred }),
  );
  const upright = frame.yLabel.map((text, i) => {
    const x = box.x - away - frame.yWidth - gap - label * (0.25 + (frame.yLabel.length - 1 - i) * LINE);
    return say(context, { text, x, y: box.y + box.h / 2, angle: -90, ...centred });
  });
  return [...(slot.hidesX ? [] : xTexts(slot.panel.x, frame, context)), ...beside, ...below, ...upright];
}

function xTexts(axis: Axis, { box, x }: Frame, context: Context): TextItem[] {
  const { tick } = sizes(context);
  const px = position(axis, box.w);
  // A band has no ticks, so its names may stand nearer.
  const top = box.y + box.h + tickToText(context) - (axis.scale.kind === 'band' ? lengths.tick * context.unit * 0.6 : 0);
  return x.major.flatMap(({ at, label }) => {
    const middle = box.x + px(at);
    if (x.angle === 0) {
      return label.map((text, i) => say(context, { text, x: middle, y: top + tick * (0.82 + i * 1.2), role: 'tick', align: 'middle' }));
    }
    const y = x.angle === -45 ? top + tick * 0.55 : top;
    return [say(context, { text: label[0]!, x: middle + tick * 0.35, y, role: 'tick', align: 'end', angle: x.angle })];
  });
}
