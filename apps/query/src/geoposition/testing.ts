/** Places spread evenly over the Earth, the same ones for the same seed: latitude and longitude in degrees. */
export function* placesOnEarth(count: number, seed: number): Generator<[latitudeDeg: number, longitudeDeg: number]> {
  let state = seed;
  const next = () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
  for (let i = 0; i < count; i++) yield [(Math.asin(2 * next() - 1) * 180) / Math.PI, 360 * next() - 180];
}
