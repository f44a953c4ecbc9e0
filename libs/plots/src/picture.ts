import { limitExceeded, plotLimits } from '@almanac/domain';
import { type Static, Type } from 'typebox';

export const themes = ['paper', 'night'] as const;

/** The parameters that every plot type takes beside its own. */
export const Picture = Type.Object({
  title: Type.Optional(
    Type.String({
      maxLength: plotLimits.titleCharacters.value,
      title: 'Title',
      description: 'title above the plot, at most three lines',
      examples: ['L6 landings'],
    }),
  ),
  width: Type.Optional(
    Type.Integer({ minimum: 200, maximum: 4096, default: 640, title: 'Width', description: 'width of the picture in CSS pixels' }),
  ),
  height: Type.Optional(
    Type.Integer({ minimum: 150, maximum: 4096, default: 480, title: 'Height', description: 'height of the picture in CSS pixels' }),
  ),
  scale: Type.Optional(
    Type.Number({
      minimum: 1,
      maximum: 3,
      default: 1,
      title: 'Scale',
      description: 'pixels of the PNG per CSS pixel: 2 for high-density screens and for print',
    }),
  ),
  subplot: Type.Optional(
    Type.Array(Type.Integer({ minimum: 1, maximum: 20 }), {
      minItems: 3,
      maxItems: 3,
      title: 'Subplot',
      description: 'draws into one cell of a grid: rows, columns, and the number of the cell, counted along the rows from 1',
      examples: [[2, 1, 1]],
    }),
  ),
  theme: Type.Optional(
    Type.Enum([...themes], { default: 'paper', title: 'Theme', description: 'paper: dark on white; night: light on dark' }),
  ),
});
export type Picture = Static<typeof Picture>;

/** Size and density of a picture, with the defaults. */
export const pictureSize = ({ width = 640, height = 480, scale = 1 }: Picture) => ({ width, height, scale });

/** Throws 'invalid-body' with limit and value if the PNG would have too many pixels: each side alone may be within its bounds. */
export function checkPixels(picture: Picture): void {
  const { width, height, scale } = pictureSize(picture);
  const pixels = Math.ceil(width * height * scale ** 2);
  if (pixels <= plotLimits.pixels.value) return;
  throw limitExceeded('invalid-body', plotLimits.pixels, pixels, {
    detail: `A picture of width ${width} and height ${height} at scale ${scale} is too large`,
    advice: 'Choose a smaller width, height or scale.',
  });
}
