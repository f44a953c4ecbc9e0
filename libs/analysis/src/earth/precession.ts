import { arcsecond, polynomial } from './angles.ts';

/** The four angles in radians that lead from the GCRS to the mean equator and equinox of date, frame bias within. */
export interface PrecessionAngles {
  gammaBar: number;
  phiBar: number;
  psiBar: number;
  obliquity: number;
}

/**
 * Precession IAU 2006 (P03) as Fukushima-Williams angles at t Julian centuries TT since J2000.0: Capitaine, Wallace & Chapront 2003,
 * Astron. Astrophys. 412, 567; with frame bias Hilton et al. 2006, Celest. Mech. Dyn. Astron. 94, 351; IERS Conventions 2010, eq. 5.40.
 */
export const precessionAngles = (t: number): PrecessionAngles => ({
  gammaBar: polynomial(t, [-0.052928, 10.556378, 0.4932044, -0.00031238, -0.000002788, 0.000000026]) * arcsecond,
  phiBar: polynomial(t, [84_381.412819, -46.811016, 0.0511268, 0.00053289, -0.00000044, -0.0000000176]) * arcsecond,
  psiBar: polynomial(t, [-0.041775, 5038.481484, 1.5584175, -0.00018522, -0.000026452, -0.0000000148]) * arcsecond,
  obliquity: polynomial(t, [84_381.406, -46.836769, -0.0001831, 0.0020034, -0.000000576, -0.0000000434]) * arcsecond,
});
