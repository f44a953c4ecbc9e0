export const turn = 2 * Math.PI;
/** Radians in a degree and in an arcsecond. */
export const degree = Math.PI / 180;
export const arcsecond = degree / 3600;

/** An angle in radians brought into [0, 2 pi). */
export function positiveAngle(angle: number): number {
  const rest = angle % turn;
  return rest < 0 ? rest + turn : rest;
}

/** An angle in degrees brought into (-180, 180], as longitudes are written. */
export function longitudeInRange(angleDeg: number): number {
  const rest = angleDeg % 360;
  if (rest > 180) return rest - 360;
  return rest <= -180 ? rest + 360 : rest;
}

/** c0 + c1 t + c2 t^2 + ... */
export const polynomial = (t: number, coefficients: readonly number[]): number => coefficients.reduceRight((sum, c) => sum * t + c, 0);
