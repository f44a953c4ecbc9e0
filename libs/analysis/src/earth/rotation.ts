import { dot, type Vector } from './vector.ts';

/** A rotation of the axes as its three rows: each row is an axis of the new frame, seen in the old one. */
export type Rotation = readonly [Vector, Vector, Vector];

/** Turns the axes by an angle in radians about x, right-handed: R1 of the astronomers' papers. */
export function rotationAboutX(angle: number): Rotation {
  const c = Math.cos(angle);
  const s = Math.sin(angle);
  return [
    [1, 0, 0],
    [0, c, s],
    [0, -s, c],
  ];
}

/** Turns the axes by an angle in radians about y, right-handed: R2. */
export function rotationAboutY(angle: number): Rotation {
  const c = Math.cos(angle);
  const s = Math.sin(angle);
  return [
    [c, 0, -s],
    [0, 1, 0],
    [s, 0, c],
  ];
}

/** Turns the axes by an angle in radians about z, right-handed: R3. */
export function rotationAboutZ(angle: number): Rotation {
  const c = Math.cos(angle);
  const s = Math.sin(angle);
  return [
    [c, s, 0],
    [-s, c, 0],
    [0, 0, 1],
  ];
}

/** A vector of the old frame in the new one. */
export const rotate = (rotation: Rotation, v: Vector): Vector => [dot(rotation[0], v), dot(rotation[1], v), dot(rotation[2], v)];

/** The rotation back. */
export const inverse = ([[a, b, c], [d, e, f], [g, h, i]]: Rotation): Rotation => [
  [a, d, g],
  [b, e, h],
  [c, f, i],
];

/** The rotations one after the other; as in the papers' formulae the last one written is done first. */
export function product(...rotations: readonly [Rotation, ...Rotation[]]): Rotation {
  return rotations.reduce(times);
}

function times(after: Rotation, before: Rotation): Rotation {
  const columns = inverse(before);
  return [rotate(columns, after[0]), rotate(columns, after[1]), rotate(columns, after[2])];
}
