/** Markers of matplotlib that we draw as another of the same kind. */
const markers: Readonly<Record<string, string>> = {
  o: 'o',
  '.': 'o',
  ',': 'o',
  '8': 'o',
  s: 's',
  D: 's',
  d: 's',
  p: 's',
  P: 's',
  h: 's',
  H: 's',
  '^': '^',
  v: '^',
  '<': '^',
  '>': '^',
  '1': '^',
  '2': '^',
  '3': '^',
  '4': '^',
  x: 'x',
  X: 'x',
  '+': 'x',
  '*': 'x',
  '|': 'x',
  _: 'x',
};
const strokes: Readonly<Record<string, string>> = { '--': '--', '-.': '--', '-': '-', ':': ':' };
const colours = 'rgbkcmy';

/**
 * A format string as matplotlib reads it, colour, marker and stroke in any order (`r-o`, `g--`, `k^:`), in the form that plots take;
 * undefined where it is none.
 */
export function styleOf(format: string): string | undefined {
  let [colour, marker, stroke, rest] = ['', '', '', format.trim()];
  while (rest !== '') {
    const two = strokes[rest.slice(0, 2)];
    const one = rest[0] as string;
    if (two !== undefined && stroke === '') [stroke, rest] = [two, rest.slice(2)];
    else if (strokes[one] !== undefined && stroke === '') [stroke, rest] = [strokes[one] as string, rest.slice(1)];
    else if ((colours.includes(one) || one === 'w') && colour === '') [colour, rest] = [one, rest.slice(1)];
    else if (Object.hasOwn(markers, one) && marker === '') [marker, rest] = [markers[one] as string, rest.slice(1)];
    else return undefined;
  }
  // White lines on white paper: the theme's own colour is what can be seen.
  return `${colour === 'w' ? '' : colour}${marker}${stroke}`;
}
