/** A knot of an interpolation: a time and, there, the value, its first derivative and so on, as many as are known. */
export interface Knot {
  time: number;
  derivatives: readonly number[];
}

/**
 * Value and derivative at time 0 of the polynomial of least degree that has every knot's value and derivatives: Hermite's, by Newton's
 * divided differences with a knot repeated for each derivative (e.g. Burden & Faires, Numerical Analysis, 3.4). Two knots with values
 * and velocities make a cubic, with accelerations a quintic; four with velocities degree 7. Times must differ and should be about 1.
 */
export function hermiteAtZero(knots: readonly Knot[]): { value: number; derivative: number } {
  const repeated = knots.flatMap((knot) => knot.derivatives.map(() => knot));
  const differences = repeated.map(({ derivatives }) => derivatives[0] as number);
  let factorial = 1;
  for (let order = 1; order < repeated.length; order++) {
    factorial *= order;
    for (let i = repeated.length - 1; i >= order; i--) {
      const to = repeated[i] as Knot;
      const from = repeated[i - order] as Knot;
      differences[i] =
        to === from
          ? (to.derivatives[order] as number) / factorial
          : ((differences[i] as number) - (differences[i - 1] as number)) / (to.time - from.time);
    }
  }
  let value = 0;
  let derivative = 0;
  for (let i = repeated.length - 1; i >= 0; i--) {
    const { time } = repeated[i] as Knot;
    derivative = value - derivative * time;
    value = (differences[i] as number) - value * time;
  }
  return { value, derivative };
}
