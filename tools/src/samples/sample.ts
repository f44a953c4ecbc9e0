/** A data set that comes with the checkout: made up, said to be so in its title, the same on every machine. */
export interface Sample {
  id: string;
  title: string;
  /** column that names records, where there is one */
  key?: string;
  /** name of its file, with the extension of its format */
  file: string;
  mediaType: string;
  /** `today`: midnight UTC of the day it is made, for samples that are about now */
  text(today: Date): string;
  /** the inputs of a plot that shows what is in it, of the file made for that same day */
  plot(today: Date): Readonly<Record<string, unknown>>;
}

/** A number with at most `digits` decimals, without a tail of zeros. */
export const rounded = (value: number, digits: number): string => String(Number(value.toFixed(digits)));

/** Midnight UTC of the day of `now`: a sample that is about now is the same all day. */
export const midnight = (now: Date): Date => new Date(Math.floor(now.getTime() / 86_400_000) * 86_400_000);
