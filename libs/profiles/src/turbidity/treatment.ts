/** The column that a load computes. */
export const TURBIDITY = 'turbidity';

/** The course's constants; each can be given in the query. */
export const courseTreatment = { measurements: 5, thresholdNtu: 1, decayPercentPerHour: 2 };
export type Treatment = typeof courseTreatment;

/** The mean of the latest measurements. */
export function latestMean(turbidities: Float64Array, measurements: number): { meanNtu: number; measurements: number } {
  const latest = turbidities.filter((value) => !Number.isNaN(value)).slice(-measurements);
  return { meanNtu: latest.reduce((sum, value) => sum + value, 0) / latest.length, measurements: latest.length };
}

/** Hours until turbidity that falls by a share of itself each hour is at the threshold: Ts = T0 (1 - d)^b. Zero if it is below already. */
export function hoursUntilSafe(turbidityNtu: number, { thresholdNtu, decayPercentPerHour }: Treatment): number {
  if (turbidityNtu <= thresholdNtu) return 0;
  return Math.log(thresholdNtu / turbidityNtu) / Math.log(1 - decayPercentPerHour / 100);
}

/** The course's three lines. */
export function treatmentLines(meanNtu: number, measurements: number, hours: number): string {
  const count = numberWords[measurements] ?? String(measurements);
  const state = hours > 0 ? 'Warning: Turbidity is above threshold for safe use' : 'Info: Turbidity is below threshold for safe use';
  return [
    `Average turbidity based on most recent ${count} measurements = ${meanNtu.toFixed(4)} NTU`,
    state,
    `Minimum time required to return below a safe threshold = ${hours > 0 ? hours.toFixed(2) : 0} hours`,
    '',
  ].join('\n');
}

const numberWords = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];
