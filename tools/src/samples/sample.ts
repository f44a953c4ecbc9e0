/** A generated data set, labelled as simulated in its title, the same on every machine. */
export interface Sample {
  id: string;
  title: string;
  /** the key column, if there is one */
  key?: string;
  /** name of its file, with the extension of its format */
  file: string;
  mediaType: string;
  /** `today`: midnight UTC of the current day, for samples about the present */
  text(today: Date): string;
  /** inputs of an instructive plot of the file for the same day */
  plot(today: Date): Readonly<Record<string, unknown>>;
}

/** A number with at most `digits` decimals, without a tail of zeros. */
export const rounded = (value: number, digits: number): string => String(Number(value.toFixed(digits)));

/** Midnight UTC of the day of `now`: a sample that is about now is the same all day. */
export const midnight = (now: Date): Date => new Date(Math.floor(now.getTime() / 86_400_000) * 86_400_000);
