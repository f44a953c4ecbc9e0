import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unknownEarthOrientation } from './earth-orientation.ts';
import type { State } from './ephemeris.ts';
import { locationOf } from './location.ts';
import { minus, norm, type Vector } from './vector.ts';

/**
 * Real states of NASA's files, and where astropy 8.0.2 sees them (IAU 2006/2000A, daily UT1 and pole of finals2000A, WGS84):
 * python libs/analysis/verify/iss_reference.py, rows of its CSV files.
 */
const byAstropy: readonly {
  state: State;
  positionKm: Vector;
  velocityKmPerS: Vector;
  latitudeDeg: number;
  longitudeDeg: number;
  heightKm: number;
}[] = [
  {
    // 2022-042T12:00:00.000Z
    state: {
      timeMs: 1644580800000,
      positionKm: [-4945.20488742583, -3625.97045086591, -2944.74334871861],
      velocityKmPerS: [1.19203952554952, -5.67286420497775, 4.99593211898374],
    },
    positionKm: [-1582.32389135, -5919.16987427, -2955.31818614],
    velocityKmPerS: [4.04054346945, -3.56944349154, 4.99833607871],
    latitudeDeg: -25.891340730543,
    longitudeDeg: -104.966462532292,
    heightKm: 428.430514852,
  },
  {
    // 2022-050T19:47:59.000Z
    state: {
      timeMs: 1645300079000,
      positionKm: [-6377.56105891455, -2323.02284054137, 386.737580699262],
      velocityKmPerS: [1.95949485000565, -4.35469029365866, 5.98799844574581],
    },
    positionKm: [-2713.33599621, 6222.36762974, 373.142045648],
    velocityKmPerS: [-3.77224164554, -2.01470179915, 5.9920538042],
    latitudeDeg: 3.16616918113,
    longitudeDeg: 113.560170466184,
    heightKm: 420.40446967,
  },
  {
    // 2024-048T22:12:06.000Z
    state: {
      timeMs: 1708207926000,
      positionKm: [-1874.39770994105, -4314.99390593883, 4895.18582549612],
      velocityKmPerS: [7.27726943027668, -0.489223278793, 2.35079328206639],
    },
    positionKm: [-2787.13740529, 3795.9045148, 4890.63977901],
    velocityKmPerS: [-3.79398504299, -5.84213586433, 2.3677680367],
    latitudeDeg: 46.262784960278,
    longitudeDeg: 126.287922936526,
    heightKm: 422.342028158,
  },
  {
    // 2024-060T12:00:00.000Z
    state: {
      timeMs: 1709208000000,
      positionKm: [4136.08055100275, 1566.09821213569, -5162.2032212831],
      velocityKmPerS: [-4.24284056086067, 6.18631153862582, -1.51892591914987],
    },
    positionKm: [3284.88778237, 2978.24291118, -5152.4508199],
    velocityKmPerS: [-5.9952358425, 3.96148406475, -1.52860469837],
    latitudeDeg: -49.464049271353,
    longitudeDeg: 42.197018665616,
    heightKm: 431.832143545,
  },
  {
    // 2024-052T12:00:00.000Z
    state: {
      timeMs: 1708516800000,
      positionKm: [4721.51057987391, 2692.6387190393, -4082.35027404087],
      velocityKmPerS: [-5.46142072497894, 3.72333576790653, -3.86183064840282],
    },
    positionKm: [2800.1878858, 4668.28426302, -4071.19380906],
    velocityKmPerS: [-6.23759793286, 0.363643491245, -3.87445143983],
    latitudeDeg: -36.964899492273,
    longitudeDeg: 59.043307267361,
    heightKm: 427.243273567,
  },
  {
    // 2024-055T00:30:48.000Z
    state: {
      timeMs: 1708734648000,
      positionKm: [1296.96261875216, 4012.54866997582, -5331.47701279696],
      velocityKmPerS: [-7.24704423025596, 2.45907123387363, 0.08881615214924],
    },
    positionKm: [83.856031361, -4220.15134036, -5328.28272822],
    velocityKmPerS: [7.34507004332, 0.0564052110713, 0.0719581982376],
    latitudeDeg: -51.789549735092,
    longitudeDeg: -88.861660611306,
    heightKm: 432.621082303,
  },
  {
    // 2025-064T10:34:30.000Z
    state: {
      timeMs: 1741170870000,
      positionKm: [-456.033529047424, 6705.4177409935, -988.445012523859],
      velocityKmPerS: [-4.83952019267497, 0.53805955037491, 5.91941177430505],
    },
    positionKm: [-4509.07992151, 4983.68640586, -989.285233457],
    velocityKmPerS: [-3.78067513753, -2.25520130174, 5.90756397337],
    latitudeDeg: -8.425888989052,
    longitudeDeg: 132.137786424314,
    heightKm: 415.522329741,
  },
  {
    // 2025-072T12:00:00.000Z
    state: {
      timeMs: 1741867200000,
      positionKm: [4028.81830411442, 5350.22977222132, -1134.31870957205],
      velocityKmPerS: [-3.24795653594476, 3.68329455973266, 5.88473358263274],
    },
    positionKm: [3150.21459987, 5912.30069591, -1124.21658677],
    velocityKmPerS: [-3.36445949623, 2.90099783441, 5.87691029019],
    latitudeDeg: -9.585397937332,
    longitudeDeg: 61.950246274614,
    heightKm: 415.316339317,
  },
];

test('real states are within 0.5 m and 0.5 mm/s of where astropy sees them', () => {
  for (const { state, ...expected } of byAstropy) {
    const ours = locationOf(state);
    const metres = 1000 * norm(minus(ours.earthFixedPositionKm, expected.positionKm));
    assert.ok(metres < 0.5, `${new Date(state.timeMs).toISOString()}: ${metres} m`);
    assert.ok(1e6 * norm(minus(ours.earthFixedVelocityKmPerS, expected.velocityKmPerS)) < 0.5);
    assert.ok(Math.abs(ours.latitudeDeg - expected.latitudeDeg) < 1e-6, `${ours.latitudeDeg}`);
    assert.ok(Math.abs(ours.longitudeDeg - expected.longitudeDeg) < 5e-6, `${ours.longitudeDeg}`);
    assert.ok(Math.abs(ours.heightKm - expected.heightKm) < 1e-6, `${ours.heightKm}`);
    assert.equal(ours.orientation.isOutsideTable, false);
    assert.ok(Math.abs(ours.groundFixedSpeedKmPerS - norm(expected.velocityKmPerS)) < 1e-6);
  }
});

test('the speed is that of the state, the ground-fixed one less by what the Earth turns along', () => {
  const [{ state }] = byAstropy as [(typeof byAstropy)[number]];
  const { speedKmPerS, groundFixedSpeedKmPerS } = locationOf(state);
  assert.equal(speedKmPerS, Math.hypot(...state.velocityKmPerS));
  assert.ok(groundFixedSpeedKmPerS > 7.33 && groundFixedSpeedKmPerS < 7.38, `${groundFixedSpeedKmPerS}`);
});

test('without a table the place is still within 60 m, and says that nothing was known', () => {
  for (const { state, positionKm } of byAstropy) {
    const ours = locationOf(state, unknownEarthOrientation);
    assert.ok(1000 * norm(minus(ours.earthFixedPositionKm, positionKm)) < 60);
    assert.equal(ours.orientation.isOutsideTable, true);
  }
  const [{ state }] = byAstropy as [(typeof byAstropy)[number]];
  assert.equal(locationOf({ ...state, timeMs: Date.UTC(2031, 0, 1) }).orientation.isOutsideTable, true);
});

test('the place goes round the globe without a jump: neighbouring seconds are neighbouring longitudes', () => {
  const [{ state }] = byAstropy as [(typeof byAstropy)[number]];
  // The Earth turns under a state held still: a whole day of it crosses the date line once.
  let jumps = 0;
  let before = locationOf(state).longitudeDeg;
  for (let second = 60; second <= 86_400; second += 60) {
    const { longitudeDeg } = locationOf({ ...state, timeMs: state.timeMs + second * 1000 });
    assert.ok(longitudeDeg > -180 && longitudeDeg <= 180);
    const step = before - longitudeDeg;
    if (step < 0) jumps++;
    assert.ok(Math.abs(((step + 360) % 360) - 0.25068) < 1e-4, `${step}`);
    before = longitudeDeg;
  }
  assert.equal(jumps, 1);
});
