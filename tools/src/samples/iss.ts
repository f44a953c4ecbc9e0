import { advanced, circularOrbit, type OrbitState } from './orbit.ts';
import type { Sample } from './sample.ts';

const DAYS = 15;
const STEP_S = 240;
/** The burn of a simulated reboost: when it begins, how long it lasts, how strongly it pushes forward; its states are 2 s apart. */
const BURN = { afterS: 7 * 86_400 + 21 * 60, seconds: 120, kmPerS2: 4e-6, stepS: 2 };

/** A made-up ephemeris of a station on the ISS' orbit, around today, in the form of NASA's file (CCSDS OEM 2.0 as XML). */
export const iss: Sample = {
  id: 'iss',
  title: 'ISS ephemeris (simulated)',
  key: 'EPOCH',
  file: 'iss.xml',
  mediaType: 'application/xml',
  text: ephemeris,
  plot: (today) => ({
    type: 'line',
    x: 'EPOCH',
    y: ['X', 'Y', 'Z'],
    title: 'Position of the ISS, first six hours (simulated, EME2000)',
    // Four turns; the 230 of all days are one filled block.
    where: { EPOCH: { lte: new Date(startOf(today) + 6 * 3_600_000).toISOString() } },
  }),
};

/** At noon, as NASA's files begin; of the day before, so that now lies within. */
const startOf = (today: Date): number => today.getTime() - 43_200_000;

function ephemeris(today: Date): string {
  const states = [...statesFrom(startOf(today))];
  const [first, last] = [states[0], states.at(-1)] as [Timed, Timed];
  const comments = [
    'SIMULATED: made by Almanac on a round orbit under an oblate Earth; not NASA data, the station is elsewhere',
    'Units are in kg and m^2',
    'MASS=450000.00',
    '',
    'Begin sequence of events',
    `Simulated reboost of ${BURN.seconds} s, ${(BURN.seconds * BURN.kmPerS2 * 1000).toFixed(1)} m/s`,
    'End sequence of events',
    '',
  ];
  return [
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>',
    '<ndm>',
    '<oem id="CCSDS_OEM_VERS" version="2.0">',
    `<header><CREATION_DATE>${dayOfYear(today.getTime())}</CREATION_DATE><ORIGINATOR>ALMANAC</ORIGINATOR></header>`,
    '<body><segment>',
    '<metadata>',
    ...Object.entries({
      OBJECT_NAME: 'ISS (SIMULATED)',
      OBJECT_ID: '1998-067-A',
      CENTER_NAME: 'EARTH',
      REF_FRAME: 'EME2000',
      TIME_SYSTEM: 'UTC',
      START_TIME: dayOfYear(first.ms),
      STOP_TIME: dayOfYear(last.ms),
    }).map(([name, value]) => `<${name}>${value}</${name}>`),
    '</metadata>',
    '<data>',
    ...comments.map((line) => (line === '' ? '<COMMENT/>' : `<COMMENT>${line}</COMMENT>`)),
    ...states.map(stateVector),
    '</data>',
    '</segment></body></oem></ndm>',
    '',
  ].join('\n');
}

interface Timed extends OrbitState {
  ms: number;
}

/** Every four minutes; through the burn every two seconds, as in NASA's files. */
function* statesFrom(start: number): Generator<Timed> {
  let state = circularOrbit(418, 51.64, 123.4);
  let seconds = 0;
  const burnEnd = BURN.afterS + BURN.seconds;
  while (seconds <= DAYS * 86_400) {
    yield { ms: start + seconds * 1000, ...state };
    const isBurning = seconds >= BURN.afterS && seconds < burnEnd;
    const next = isBurning ? seconds + BURN.stepS : nextEven(seconds, burnEnd);
    state = advanced(isBurning ? pushed(state, BURN.kmPerS2 * BURN.stepS) : state, next - seconds);
    seconds = next;
  }
}

/** The next of the even steps, or the beginning of the burn where that comes before. */
function nextEven(seconds: number, burnEnd: number): number {
  const next = seconds >= burnEnd ? seconds + STEP_S : (Math.floor(seconds / STEP_S) + 1) * STEP_S;
  return seconds < BURN.afterS && next > BURN.afterS ? BURN.afterS : next;
}

function pushed({ positionKm, velocityKmPerS }: OrbitState, kmPerS: number): OrbitState {
  const factor = 1 + kmPerS / Math.hypot(...velocityKmPerS);
  const [x, y, z] = velocityKmPerS;
  return { positionKm, velocityKmPerS: [x * factor, y * factor, z * factor] };
}

function stateVector({ ms, positionKm, velocityKmPerS }: Timed): string {
  const axes = ['X', 'Y', 'Z'];
  const position = positionKm.map((value, i) => `<${axes[i]} units="km">${value}</${axes[i]}>`);
  const velocity = velocityKmPerS.map((value, i) => `<${axes[i]}_DOT units="km/s">${value}</${axes[i]}_DOT>`);
  return `<stateVector><EPOCH>${dayOfYear(ms)}</EPOCH>${position.join('')}${velocity.join('')}</stateVector>`;
}

/** 2024-052T12:00:00.000Z */
function dayOfYear(ms: number): string {
  const iso = new Date(ms).toISOString();
  const day = Math.floor((ms - Date.UTC(Number(iso.slice(0, 4)), 0)) / 86_400_000) + 1;
  return `${iso.slice(0, 4)}-${String(day).padStart(3, '0')}${iso.slice(10)}`;
}
