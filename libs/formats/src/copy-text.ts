/** Shorter slices are copies already. */
const SLICED = 13;

/** A copy of text to keep: a slice of a string keeps the whole piece of the source in memory that it was cut from. */
export const copyText = (text: string): string => (text.length < SLICED ? text : Buffer.from(text, 'utf16le').toString('utf16le'));
