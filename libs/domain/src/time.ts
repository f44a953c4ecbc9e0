/** Two digits at `i` as a number, or -1. */
function two(text: string, i: number): number {
  const tens = text.charCodeAt(i) - 48;
  const ones = text.charCodeAt(i + 1) - 48;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -1;
}

const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
const monthLengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const daysInMonth = (year: number, month: number): number => (month === 2 && isLeap(year) ? 29 : (monthLengths[month - 1] ?? 0));

/** Days from 1970-01-01 in the proleptic Gregorian calendar (Howard Hinnant, "chrono-compatible low-level date algorithms"). */
function daysFromCivil(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  return era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468;
}

const T = 84;
const SPACE = 32;
const DASH = 45;
const COLON = 58;

/**
 * Milliseconds since 1970 UTC of an ISO 8601 text: a date (2024-02-21), a date and time joined by T or a space
 * (2024-02-21T12:00[:00[.123]], with Z, ±hh:mm, ±hhmm, ±hh or no zone, which means UTC), or the day-of-year form of
 * CCSDS 502.0-B (2024-052T12:00:00.000Z). Anything else, a bare year or a day that does not exist is undefined.
 * Digits beyond milliseconds count as a fraction. Second 60 is the leap second: the first moment of the next minute.
 */
export function parseTime(text: string): number | undefined {
  const n = text.length;
  if (n < 10 || n > 40 || text.charCodeAt(4) !== DASH) return undefined;
  const century = two(text, 0);
  const rest = two(text, 2);
  if (century < 0 || rest < 0) return undefined;
  const year = century * 100 + rest;
  const isCalendar = text.charCodeAt(7) === DASH;
  const days = isCalendar ? calendarDays(text, year) : ordinalDays(text, year);
  if (days === undefined) return undefined;
  const midnight = days * 86_400_000;
  const at = isCalendar ? 10 : 8;
  // A day of the year alone (2024-052) is as likely a part number.
  if (n === at) return isCalendar ? midnight : undefined;
  const joint = text.charCodeAt(at);
  if (joint !== T && joint !== SPACE) return undefined;
  const time = timeOfDay(text, at + 1);
  return time === undefined ? undefined : midnight + time;
}

function calendarDays(text: string, year: number): number | undefined {
  const month = two(text, 5);
  const day = two(text, 8);
  return month < 1 || day < 1 || day > daysInMonth(year, month) ? undefined : daysFromCivil(year, month, day);
}

function ordinalDays(text: string, year: number): number | undefined {
  const hundreds = text.charCodeAt(5) - 48;
  const ones = two(text, 6);
  const day = hundreds * 100 + ones;
  if (hundreds < 0 || hundreds > 3 || ones < 0 || day < 1 || day > (isLeap(year) ? 366 : 365)) return undefined;
  return daysFromCivil(year, 1, 1) + day - 1;
}

/** hh:mm[:ss[.fraction]][zone] from `i` to the end, in milliseconds since midnight UTC. */
function timeOfDay(text: string, i: number): number | undefined {
  const hours = two(text, i);
  const minutes = two(text, i + 3);
  if (hours < 0 || hours > 23 || text.charCodeAt(i + 2) !== COLON || minutes < 0 || minutes > 59) return undefined;
  let at = i + 5;
  let ms = (hours * 60 + minutes) * 60_000;
  if (text.charCodeAt(at) === COLON) {
    const seconds = two(text, at + 1);
    if (seconds < 0 || seconds > 60) return undefined;
    ms += seconds * 1000;
    at += 3;
    if (text.charCodeAt(at) === 46) {
      let weight = 100;
      const first = ++at;
      for (let digit = text.charCodeAt(at) - 48; digit >= 0 && digit <= 9; digit = text.charCodeAt(++at) - 48) {
        ms += digit * weight;
        weight /= 10;
      }
      if (at === first) return undefined;
    }
  }
  const zone = zoneOffset(text, at);
  return zone === undefined ? undefined : ms - zone;
}

/** Milliseconds that the zone at `i` lies east of UTC; the text must end with it. */
function zoneOffset(text: string, i: number): number | undefined {
  const left = text.length - i;
  if (left === 0) return 0;
  const sign = text.charCodeAt(i);
  if (sign === 90 || sign === 122) return left === 1 ? 0 : undefined;
  if (sign !== 43 && sign !== DASH) return undefined;
  const hours = two(text, i + 1);
  const minutes = left === 3 ? 0 : left === 5 ? two(text, i + 3) : left === 6 && text.charCodeAt(i + 3) === COLON ? two(text, i + 4) : -1;
  if (hours < 0 || hours > 14 || minutes < 0 || minutes > 59) return undefined;
  return (sign === 43 ? 1 : -1) * (hours * 60 + minutes) * 60_000;
}
