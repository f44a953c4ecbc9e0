import type { DelaunayArguments } from './delaunay-arguments.ts';
import { nutation } from './nutation.ts';
import { precessionAngles } from './precession.ts';
import { product, type Rotation, rotationAboutX, rotationAboutZ } from './rotation.ts';

/**
 * The rotation from the GCRS to the true equator and equinox of date, t Julian centuries TT since J2000.0: frame bias, precession
 * IAU 2006 and nutation IAU 2000B (Wallace & Capitaine 2006, Astron. Astrophys. 459, 981, section 5.1).
 */
export function celestialToTrue(t: number, delaunay: DelaunayArguments): Rotation {
  const { gammaBar, phiBar, psiBar, obliquity } = precessionAngles(t);
  const nodding = nutation(t, delaunay);
  return product(
    rotationAboutX(-(obliquity + nodding.obliquity)),
    rotationAboutZ(-(psiBar + nodding.longitude)),
    rotationAboutX(phiBar),
    rotationAboutZ(gammaBar),
  );
}
