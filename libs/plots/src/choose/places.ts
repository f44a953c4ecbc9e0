/** Columns with places on Earth, detected by their names. */
const longitude = /^(rec|geo|pos_?|start_?|end_?)?(lon|long|lng|longitude)(_?deg(rees)?|_?dd)?$/i;
const latitude = /^(rec|geo|pos_?|start_?|end_?)?(lat|latitude)(_?deg(rees)?|_?dd)?$/i;

export const isLongitude = (name: string): boolean => longitude.test(name.trim());
export const isLatitude = (name: string): boolean => latitude.test(name.trim());
