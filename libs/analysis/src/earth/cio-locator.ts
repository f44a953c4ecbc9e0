import { arcsecond, polynomial } from './angles.ts';
import type { DelaunayArguments } from './delaunay-arguments.ts';

/** A term of the series: power of t, multiples of l', F, D and Omega, coefficients of sin and cos in microarcseconds. */
type Term = readonly [power: number, lPrime: number, f: number, d: number, omega: number, sin: number, cos: number];

/** The terms that reach a microarcsecond (0.03 mm at the ISS) between 1950 and 2050; the other 49 together stay below six. */
const terms: readonly Term[] = [
  [0, 0, 0, 0, 1, -2640.73, 0.39],
  [0, 0, 0, 0, 2, -63.53, 0.02],
  [0, 0, 2, -2, 3, -11.75, -0.01],
  [0, 0, 2, -2, 1, -11.21, -0.01],
  [0, 0, 2, -2, 2, 4.57, 0],
  [0, 0, 2, 0, 3, -2.02, 0],
  [0, 0, 2, 0, 1, -1.98, 0],
  [0, 0, 0, 0, 3, 1.72, 0],
  [0, 1, 0, 0, 1, 1.41, 0.01],
  [0, 1, 0, 0, -1, 1.26, 0.01],
  [1, 0, 0, 0, 2, -0.07, 3.57],
  [1, 0, 0, 0, 1, 1.73, -0.03],
  [2, 0, 0, 0, 1, 743.52, -0.17],
  [2, 0, 2, -2, 2, 56.91, 0.06],
  [2, 0, 2, 0, 2, 9.84, -0.01],
  [2, 0, 0, 0, 2, -8.85, 0.01],
  [2, 1, 0, 0, 0, -6.38, -0.05],
];

/**
 * The CIO locator s in radians: where on the moving equator the point lies from which the Earth rotation angle is counted; t Julian
 * centuries TT since J2000.0, x and y of the pole's unit vector in the GCRS (Capitaine, Wallace & Chapront 2003, Astron. Astrophys. 412,
 * 567; the series for s + xy/2 of IERS Conventions 2010, table 5.2d).
 */
export function cioLocator(t: number, { sunAnomaly, moonFromNode, moonFromSun, node }: DelaunayArguments, x: number, y: number): number {
  let sum = polynomial(t, [94, 3808.65, -122.68, -72_574.11, 27.98, 15.62]);
  for (const [power, lPrime, f, d, omega, sin, cos] of terms) {
    const angle = lPrime * sunAnomaly + f * moonFromNode + d * moonFromSun + omega * node;
    sum += t ** power * (sin * Math.sin(angle) + cos * Math.cos(angle));
  }
  return sum * 1e-6 * arcsecond - (x * y) / 2;
}
