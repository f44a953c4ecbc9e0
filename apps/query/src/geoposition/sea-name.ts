/** Names that Natural Earth has shortened or with letters lost, as its own sources spell them. */
const repaired: ReadonlyMap<string, string> = new Map([
  ['B. Inutil', 'Bahía Inútil'],
  ['Bransfield Str.', 'Bransfield Strait'],
  ['Cumberland Sd.', 'Cumberland Sound'],
  ['Golfo San Mat’as', 'Golfo San Matías'],
  ['Gulf of Olen‘k', 'Gulf of Olenëk'],
  ['Prince ALbert Sound', 'Prince Albert Sound'],
]);

/** A water's name as people write it: oceans come in capitals, some names with two spaces. "SOUTH PACIFIC OCEAN" is "South Pacific Ocean". */
export function seaName(name: string): string {
  const spaced = name.trim().replace(/\s+/g, ' ');
  const isShouted = spaced === spaced.toUpperCase();
  return isShouted
    ? spaced.toLowerCase().replace(/(?<=^|[ -])\p{L}/gu, (letter) => letter.toUpperCase())
    : (repaired.get(spaced) ?? spaced);
}
