// node libs/analysis/verify/main.ts [folder of the CSV files]: how far libs/analysis/src/earth is from astropy, NASA and the states themselves.
import { issFiles, readOem } from '../src/earth/testing/oem.ts';
import { betweenErrors, betweenHead } from './between-epochs.ts';
import { printTable } from './errors.ts';
import { leftOutErrors, leftOutHead, withEvenEnd } from './left-out.ts';
import { locationErrors, locationHead, nodeErrors, nodeHead } from './locations.ts';
import { speeds } from './speed.ts';

const folder = process.argv[2] ?? '/tmp/almanac-verify';
const files = issFiles.filter(({ skip }) => !skip).map(({ day, path }) => ({ day, ...readOem(path) }));
const [first] = files;
if (first === undefined) throw new Error(`nothing to compare: ${issFiles[0]?.skip}`);

printTable('The files’ own epochs in the Earth’s axes, against astropy (IAU 2006/2000A, daily finals2000A)', [
  locationHead,
  ...files.flatMap(({ day, ephemeris }) => locationErrors(day, ephemeris, folder)),
]);
printTable('Ascending nodes, against the LAN lines of the files', [
  nodeHead,
  ...files.flatMap(({ day, ephemeris, comments }) => nodeErrors(day, ephemeris, comments)),
]);
for (const { day, ephemeris } of files) {
  printTable(`${day}: states left out one by one and found again`, [leftOutHead, ...leftOutErrors(ephemeris)]);
  const even = withEvenEnd(ephemeris);
  if (even !== undefined) printTable(`${day} with the epochs of its 30.6-s steps made even again`, [leftOutHead, ...leftOutErrors(even)]);
}
printTable('Between the epochs of all files, against degree 15', [betweenHead, ...betweenErrors(files.map(({ ephemeris }) => ephemeris))]);
printTable('Time of one call, once warm', [['', 'us'], ...speeds(first.ephemeris)]);
