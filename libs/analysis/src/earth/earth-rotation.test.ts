import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type EarthOrientation, unknownEarthOrientation } from './earth-orientation.ts';
import { earthRotationAt, toEarthFixed } from './earth-rotation.ts';
import { inverse, type Rotation, rotate } from './rotation.ts';
import { fly, issState } from './testing/flight.ts';
import { minus, norm } from './vector.ts';

/**
 * GCRS to ITRS for UT1 - UTC = -0.1234 s, pole 0.0567" and 0.3456": ERFA's c2t06a (IAU 2006/2000A, by the CIO), and skyfield 1.55.
 * python libs/analysis/verify/unit_references.py rotation
 */
const references: readonly { moment: string; erfa: Rotation; skyfield: Rotation }[] = [
  {
    moment: '1975-03-01T00:00:00',
    erfa: [
      [-0.9303677249057929, 0.3666210919664295, -0.002207120060665395],
      [-0.3666199989438122, -0.9303703425776967, -0.0008955592098583213],
      [-0.0023817699423902203, -2.4025030284302228e-5, 0.9999971632933463],
    ],
    skyfield: [
      [-0.9303677249056763, 0.36662109196649423, -0.0022071200986048213],
      [-0.3666199989438683, -0.9303703425776713, -0.0008955592141650766],
      [-0.0023817699792645477, -2.4025020387371927e-5, 0.9999971632932587],
    ],
  },
  {
    moment: '2000-01-01T12:00:00',
    erfa: [
      [0.18155081437425002, -0.983381564449691, -2.2372410427822583e-5],
      [0.9833815643774827, 0.18155081368051684, 2.990714604272276e-5],
      [-2.5348406746552426e-5, -2.7430282685073222e-5, 0.999999999302519],
    ],
    skyfield: [
      [0.18155081437429957, -0.9833815644496815, -2.237241379698968e-5],
      [0.9833815643774739, 0.18155081368056925, 2.990713317147096e-5],
      [-2.5348393475184166e-5, -2.7430283667139013e-5, 0.9999999993025194],
    ],
  },
  {
    moment: '2016-12-31T23:59:59',
    erfa: [
      [-0.1842156909543291, 0.9828857806503982, 0.0003484271464607705],
      [-0.9828844783174608, -0.18421601431769558, 0.0016007346798705179],
      [0.0016375252156397907, -4.758318899383167e-5, 0.9999986581226038],
    ],
    skyfield: [
      [-0.18421569095433532, 0.9828857806503889, 0.0003484271680200681],
      [-0.9828844783174587, -0.18421601431773943, 0.0016007346764689069],
      [0.0016375252162703037, -4.75832108164659e-5, 0.9999986581226017],
    ],
  },
  {
    moment: '2024-02-21T12:00:00',
    erfa: [
      [0.8712427185750171, -0.49084829611713476, -0.002018793926905715],
      [0.49084687525606363, 0.8712450566337681, -0.0011816694040645904],
      [0.0023388846427377305, 3.860217324656554e-5, 0.9999972640605075],
    ],
    skyfield: [
      [0.8712427185751754, -0.4908482961169099, -0.0020187939127504543],
      [0.4908468752557853, 0.871245056633894, -0.0011816694281242734],
      [0.0023388846422170125, 3.860220115156951e-5, 0.9999972640605077],
    ],
  },
  {
    moment: '2026-11-23T06:07:08.123',
    erfa: [
      [-0.8962662281545587, 0.4435102614613214, 0.002344407838070255],
      [-0.4435086702482586, -0.8962692939846244, 0.0011883075883397487],
      [0.0026282473670402816, 2.5274757306573173e-5, 0.9999965458325166],
    ],
    skyfield: [
      [-0.8962662281545781, 0.4435102614613123, 0.0023444078317870747],
      [-0.4435086702481872, -0.8962692939846281, 0.0011883076129679498],
      [0.0026282473723340575, 2.5274782161095768e-5, 0.9999965458325021],
    ],
  },
  {
    moment: '2049-07-02T18:30:00',
    erfa: [
      [-0.95051979177372, -0.31063013339513507, 0.004587556360931337],
      [0.3106262724162122, -0.9505308611196385, -0.0015494979727591692],
      [0.004841934660164611, -4.7812958525462164e-5, 0.999988276622615],
    ],
    skyfield: [
      [-0.950519791773655, -0.31063013339504725, 0.00458755638052326],
      [0.3106262724159465, -0.9505308611196654, -0.001549498008809983],
      [0.004841934689988139, -4.781298671358081e-5, 0.9999882766224693],
    ],
  },
];

const orientation: EarthOrientation = {
  ut1MinusUtcSeconds: -0.1234,
  poleXArcsec: 0.0567,
  poleYArcsec: 0.3456,
  isPredicted: false,
  isOutsideTable: false,
};

test('a place at the height of the ISS is within 4 cm of where ERFA and skyfield see it, 1975-2049', () => {
  for (const { moment, erfa, skyfield } of references) {
    const { toEarth } = earthRotationAt(Date.parse(`${moment}Z`), orientation);
    for (const reference of [erfa, skyfield])
      for (const place of [
        [6800, 0, 0],
        [0, 6800, 0],
        [0, 0, 6800],
        [-4000, 4000, 3800],
      ] as const) {
        const metres = 1000 * norm(minus(rotate(toEarth, place), rotate(reference, place)));
        assert.ok(metres < 0.04, `${moment}: ${metres} m`);
      }
  }
});

test('the Earth-fixed velocity is the change of the Earth-fixed position', () => {
  const halfMs = 500;
  const [before, middle, after] = fly(
    issState,
    [60_000 - halfMs, 60_000, 60_000 + halfMs].map((ms) => issState.timeMs + ms),
  ).map((state) => toEarthFixed(state, earthRotationAt(state.timeMs)));
  assert.ok(before && middle && after);
  const slope = minus(after.positionKm, before.positionKm);
  assert.ok(norm(minus(middle.velocityKmPerS, slope)) < 1e-6, `${middle.velocityKmPerS} ${slope}`); // 1 mm/s; differences alone give 0.4
});

test("the spin is along the Earth's own axis, moved by the pole", () => {
  const { spinRadPerS } = earthRotationAt(issState.timeMs, orientation);
  assert.ok(Math.abs(norm(spinRadPerS) - 7.292115146706979e-5) < 1e-19); // IERS Conventions 2010, from eq. 5.15
  assert.ok(Math.abs(spinRadPerS[0] / spinRadPerS[2] - (0.0567 / 3600 / 180) * Math.PI) < 1e-9);
  assert.ok(Math.abs(spinRadPerS[1] / spinRadPerS[2] + (0.3456 / 3600 / 180) * Math.PI) < 1e-9);
});

test('a day on, the Earth has turned a degree too far; a tenth of a second of UT1 is 46.5 m at the equator', () => {
  const at = (timeMs: number, ut1MinusUtcSeconds = 0) =>
    earthRotationAt(timeMs, { ...unknownEarthOrientation, ut1MinusUtcSeconds }).toEarth;
  const [x] = rotate(at(issState.timeMs), rotate(inverse(at(issState.timeMs + 86_400_000)), [1, 0, 0]));
  assert.ok(Math.abs((Math.acos(x) * 180) / Math.PI - 0.98565) < 1e-4, `${x}`);
  const shift = minus(rotate(at(issState.timeMs), [6378.137, 0, 0]), rotate(at(issState.timeMs, 0.1), [6378.137, 0, 0]));
  assert.ok(Math.abs(1000 * norm(shift) - 46.51) < 0.05, `${norm(shift)}`);
});

test('over the leap second of 2016 the Earth turns evenly when UT1 - UTC jumps with it', () => {
  const midnight = Date.UTC(2017, 0, 1);
  const seen = (timeMs: number, ut1MinusUtcSeconds: number) =>
    rotate(earthRotationAt(timeMs, { ...unknownEarthOrientation, ut1MinusUtcSeconds }).toEarth, [6800, 0, 0]);
  const threeSeconds = 1000 * norm(minus(seen(midnight - 1000, -0.408), seen(midnight + 1000, 0.592)));
  assert.ok(Math.abs(threeSeconds - 3 * 495.86) < 0.1, `${threeSeconds}`);
});
