import { arcsecond } from './angles.ts';

/** The angles in radians that the Moon's and the Sun's pull on the Earth's bulge goes by. */
export interface DelaunayArguments {
  /** l: mean anomaly of the Moon */
  moonAnomaly: number;
  /** l': mean anomaly of the Sun */
  sunAnomaly: number;
  /** F: mean longitude of the Moon less that of its node */
  moonFromNode: number;
  /** D: mean elongation of the Moon from the Sun */
  moonFromSun: number;
  /** Omega: mean longitude of the Moon's ascending node */
  node: number;
}

const turnArcsec = 1_296_000;

const angle = (atJ2000Arcsec: number, rateArcsecPerCentury: number, t: number): number =>
  ((atJ2000Arcsec + rateArcsecPerCentury * t) % turnArcsec) * arcsecond;

/**
 * The Delaunay arguments at t Julian centuries TT since J2000.0. Linear in time, as IAU 2000B wants them
 * (Simon et al. 1994, Astron. Astrophys. 282, 663; McCarthy & Luzum 2003).
 */
export const delaunayArguments = (t: number): DelaunayArguments => ({
  moonAnomaly: angle(485_868.249036, 1_717_915_923.2178, t),
  sunAnomaly: angle(1_287_104.79305, 129_596_581.0481, t),
  moonFromNode: angle(335_779.526232, 1_739_527_262.8478, t),
  moonFromSun: angle(1_072_260.70369, 1_602_961_601.209, t),
  node: angle(450_160.398036, -6_962_890.5431, t),
});
