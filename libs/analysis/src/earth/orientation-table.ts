/** How the Earth was turned at two or more times an even step apart, as the IERS publishes it for 00:00 UTC. */
export interface EarthOrientationTable {
  source: string;
  /** Modified Julian Date (UTC) of the first row */
  firstMjd: number;
  stepDays: number;
  /** from this row on values are the rapid service's, not final */
  rapidFromMjd: number;
  /** from this row on values are predictions */
  predictedFromMjd: number;
  ut1MinusUtcSeconds: readonly number[];
  poleXArcsec: readonly number[];
  poleYArcsec: readonly number[];
}
