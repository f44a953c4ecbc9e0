/** What the numbers of a state are measured in by the standard (CCSDS 502.0-B), for sources that do not write it. */
export const units: Readonly<Record<string, string>> = { X: 'km', Y: 'km', Z: 'km', X_DOT: 'km/s', Y_DOT: 'km/s', Z_DOT: 'km/s' };
