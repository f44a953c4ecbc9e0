import assert from 'node:assert/strict';
import { test } from 'node:test';
import { arcsecond } from './angles.ts';
import { celestialToTrue } from './celestial-to-true.ts';
import { cioLocator } from './cio-locator.ts';
import { delaunayArguments } from './delaunay-arguments.ts';
import { centuriesSinceJ2000, ttJulianDate, ut1JulianDate } from './julian-date.ts';
import { nutation } from './nutation.ts';
import { inverse, product, type Rotation } from './rotation.ts';
import { earthRotationAngle, greenwichApparentSiderealTime } from './sidereal-time.ts';
import { minus, norm } from './vector.ts';

/**
 * ERFA: the nutation (radians) of 2000B adjusted to P03, the matrix of it with P03 precession, the same with 2000A, the CIO locator s,
 * and with UT1 - UTC = -0.1234 s the Earth rotation angle and Greenwich apparent sidereal time (radians) for the first matrix.
 * python libs/analysis/verify/unit_references.py theory
 */
const byErfa: readonly {
  moment: string;
  nutation: readonly [number, number];
  toTrue: Rotation;
  toTrue2000A: Rotation;
  s: number;
  era: number;
  gst: number;
}[] = [
  {
    moment: '1975-03-01T00:00:00',
    nutation: [8.097485711865372e-5, -1.5839581104955142e-5],
    toTrue: [
      [0.9999821526015618, 0.005479318595231214, 0.0023815008038978298],
      [-0.005479356321845464, 0.9999849881710665, 9.317213824799886e-6],
      [-0.0023814140012321907, -2.23661390219565e-5, 0.9999971641795344],
    ],
    toTrue2000A: [
      [0.9999821526404948, 0.005479312616647644, 0.002381498211465565],
      [-0.005479350341493744, 0.9999849882038421, 9.31650281360552e-6],
      [-0.002381411412868454, -2.236539957684025e-5, 0.9999971641857148],
    ],
    s: -1.4243641322601676e-8,
    era: 2.766218043854792,
    gst: 2.76073868545237,
  },
  {
    moment: '2000-01-01T12:00:00',
    nutation: [-6.754261870988145e-5, -2.797099730507399e-5],
    toTrue: [
      [0.9999999977212469, 6.189790715678285e-5, 2.6947264701104095e-5],
      [-6.18986617651486e-5, 0.9999999976921877, 2.8003219291805603e-5],
      [-2.6945531298247056e-5, -2.8004887227595088e-5, 0.9999999992448323],
    ],
    toTrue2000A: [
      [0.9999999977211381, 6.189938499979681e-5, 2.6947905424166223e-5],
      [-6.190013962362177e-5, 0.9999999976920988, 2.800312710382613e-5],
      [-2.694617198562732e-5, -2.8004795119163095e-5, 0.9999999992448176],
    ],
    s: -1.0133961482400319e-8,
    era: 4.894952214353665,
    gst: 4.894890326203102,
  },
  {
    moment: '2016-12-31T23:59:59',
    nutation: [-3.1314289761295204e-5, -4.385630455623513e-5],
    toTrue: [
      [0.9999915387815704, -0.0037729431958778282, -0.0016392879269415369],
      [0.0037730151746303286, 0.9999928813198444, 4.081822462481677e-5],
      [0.001639122252532236, -4.700293747678108e-5, 0.9999986555335788],
    ],
    toTrue2000A: [
      [0.9999915387901738, -0.0037729412770372956, -0.0016392870951107035],
      [0.0037730132580692417, 0.9999928813270178, 4.0819640698686044e-5],
      [0.0016391214154546437, -4.700434725879443e-5, 0.9999986555348845],
    ],
    s: 3.5429238338033785e-8,
    era: 1.7560704900353699,
    gst: 1.7598434452794116,
  },
  {
    moment: '2024-02-21T12:00:00',
    nutation: [-1.827264784316002e-5, 4.336247587222451e-5],
    toTrue: [
      [0.9999827869322818, -0.005381382405004273, -0.0023380681251773654],
      [0.005381281163509738, 0.9999855195720871, -4.9590142553068706e-5],
      [0.00233830113247102, 3.700748699358991e-5, 0.9999972654853911],
    ],
    toTrue2000A: [
      [0.9999827869236685, -0.005381383751882982, -0.0023380687090328012],
      [0.005381282510420869, 0.99998551956484, -4.9590121020848255e-5],
      [0.002338301716251976, 3.700745917023518e-5, 0.9999972654840271],
    ],
    s: -4.7348575971579067e-8,
    era: 5.770122156967517,
    gst: 5.775503569431227,
  },
  {
    moment: '2026-11-23T06:07:08.123',
    nutation: [3.941266630907348e-5, 3.491861082352646e-5],
    toTrue: [
      [0.9999782432678561, -0.00605010790921623, -0.002628532902436063],
      [0.006050016295648341, 0.9999816975678512, -4.28035206606614e-5],
      [0.002628743759809856, 2.6899922502543472e-5, 0.9999965444853495],
    ],
    toTrue2000A: [
      [0.9999782432620786, -0.006050108712798118, -0.0026285332507730076],
      [0.006050017103248604, 0.9999816975630305, -4.2801989528329365e-5],
      [0.0026287440988986338, 2.6898387173013294e-5, 0.9999965444844994],
    ],
    s: -2.938489902297664e-8,
    era: 2.682081238564784,
    gst: 2.688131377414629,
  },
  {
    moment: '2049-07-02T18:30:00',
    nutation: [8.111372419380161e-5, -1.9236756771382163e-5],
    toTrue: [
      [0.9999261778374896, -0.011144506619063988, -0.004841368352712253],
      [0.011144600198624904, 0.9999378969855608, -7.648967788098648e-6],
      [0.004841152933115682, -4.6306711580623716e-5, 0.9999882804783098],
    ],
    toTrue2000A: [
      [0.9999261778384406, -0.011144506547257951, -0.004841368321590129],
      [0.011144600122008113, 0.9999378969864071, -7.649961025146812e-6],
      [0.004841152913068177, -4.630571769892455e-5, 0.9999882804784528],
    ],
    s: 8.959984508850401e-8,
    era: 3.457448520110418,
    gst: 3.4685932799354124,
  },
];

const ut1MinusUtcSeconds = -0.1234;

const computed = byErfa.map((expected) => {
  const timeMs = Date.parse(`${expected.moment}Z`);
  const t = centuriesSinceJ2000(ttJulianDate(timeMs));
  const delaunay = delaunayArguments(t);
  return { expected, t, delaunay, toTrue: celestialToTrue(t, delaunay), ut1: ut1JulianDate(timeMs, ut1MinusUtcSeconds) };
});

const near = (actual: number, expected: number, tolerance: number, what: string): void =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${what}: ${actual}, expected ${expected}`);

const largestDifference = (a: Rotation, b: Rotation): number =>
  Math.max(...a.flatMap((row, i) => row.map((value, j) => Math.abs(value - (b[i]?.[j] as number)))));

test('nutation 2000B and the matrix to the true axes are ERFA to its rounding', () => {
  for (const { expected, t, delaunay, toTrue } of computed) {
    const { longitude, obliquity } = nutation(t, delaunay);
    near(longitude, expected.nutation[0], 1e-15, `${expected.moment} longitude`);
    near(obliquity, expected.nutation[1], 1e-15, `${expected.moment} obliquity`);
    assert.ok(largestDifference(toTrue, expected.toTrue) < 1e-14, expected.moment);
  }
});

test('the 77 terms bring the pole within a milliarcsecond of the 1,400 of 2000A', () => {
  for (const { expected, toTrue } of computed) {
    const apart = norm(minus(toTrue[2], expected.toTrue2000A[2])) / arcsecond;
    assert.ok(apart < 0.00106, `${expected.moment}: ${apart}`);
  }
});

test('the matrix is a rotation', () => {
  const identity: Rotation = [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ];
  for (const { expected, toTrue } of computed)
    assert.ok(largestDifference(product(toTrue, inverse(toTrue)), identity) < 1e-15, expected.moment);
});

test('the shortened series of the CIO locator leaves out less than 2 microarcseconds at these times (6 at any, 1950-2050)', () => {
  for (const { expected, t, delaunay, toTrue } of computed)
    near(cioLocator(t, delaunay, toTrue[2][0], toTrue[2][1]), expected.s, 2e-6 * arcsecond, expected.moment);
});

test('the Earth rotation angle is ERFA to 0.1 microarcseconds, sidereal time to 2, leap seconds and all', () => {
  for (const { expected, t, delaunay, toTrue, ut1 } of computed) {
    near(earthRotationAngle(ut1), expected.era, 1e-7 * arcsecond, expected.moment);
    near(greenwichApparentSiderealTime(ut1, t, delaunay, toTrue), expected.gst, 2e-6 * arcsecond, expected.moment);
  }
});
