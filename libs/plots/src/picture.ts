import { type Static, Type } from 'typebox';

export const themes = ['paper', 'night'] as const;

/** What every plot takes beside the parameters of its type: how the picture is to be. */
export const Picture = Type.Object({
  title: Type.Optional(
    Type.String({ maxLength: 300, title: 'Title', description: 'above the plot, at most three lines', examples: ['L6 landings'] }),
  ),
  width: Type.Optional(
    Type.Integer({ minimum: 200, maximum: 4096, default: 640, title: 'Width', description: 'of the picture, in CSS pixels' }),
  ),
  height: Type.Optional(
    Type.Integer({ minimum: 150, maximum: 4096, default: 480, title: 'Height', description: 'of the picture, in CSS pixels' }),
  ),
  scale: Type.Optional(
    Type.Number({
      minimum: 1,
      maximum: 3,
      default: 1,
      title: 'Scale',
      description: 'pixels of the PNG for each CSS pixel: 2 for screens of double density and for print',
    }),
  ),
  subplot: Type.Optional(
    Type.Array(Type.Integer({ minimum: 1, maximum: 20 }), {
      minItems: 3,
      maxItems: 3,
      title: 'Subplot',
      description: 'draw into one cell of the picture: rows, columns, and the number of the cell, counted along the rows from 1',
      examples: [[2, 1, 1]],
    }),
  ),
  theme: Type.Optional(
    Type.Enum([...themes], { default: 'paper', title: 'Theme', description: 'paper: dark on white; night: light on dark' }),
  ),
});
export type Picture = Static<typeof Picture>;
