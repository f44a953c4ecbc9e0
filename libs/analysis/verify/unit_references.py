"""The literal numbers in the tests of libs/analysis/src/earth, computed by ERFA (astropy's own core), astropy and skyfield.

    python unit_references.py [part ...]        parts: leap, theory, rotation, places, orientation

Each part prints TypeScript to be pasted into the test that names it.
"""

import json
import sys

import astropy_iers_data
import erfa
import numpy as np
from astropy import units as u
from astropy.coordinates import EarthLocation
from astropy.time import Time
from astropy.utils import iers

iers.conf.auto_download = False
FINALS = iers.IERS_A.open(astropy_iers_data.IERS_A_FILE)
ARCSEC = np.pi / 648000

MOMENTS = ["1975-03-01T00:00:00", "2000-01-01T12:00:00", "2016-12-31T23:59:59", "2024-02-21T12:00:00", "2026-11-23T06:07:08.123", "2049-07-02T18:30:00"]
# What the tests give as orientation, so that only the theory is compared: UT1-UTC in s, pole in arcseconds.
ORIENTATION = (-0.1234, 0.0567, 0.3456)


def show(**values):
    print("  " + json.dumps({k: v.tolist() if isinstance(v, np.ndarray) else v for k, v in values.items()}) + ",")


def leap():
    last = None
    for year in range(1972, 2027):
        for month in (1, 7):
            seconds = float(erfa.dat(year, month, 1, 0.0))
            if seconds != last:
                show(day=f"{year}-{month:02d}-01", seconds=seconds)
            last = seconds


def days_tt(tt):
    return float((tt.jd1 - 2451545) + tt.jd2)


def ut1_of(utc):
    """UT1 in two parts by ORIENTATION; ERFA knows that a day with a leap second is longer."""
    return erfa.utcut1(utc.jd1, utc.jd2, ORIENTATION[0])


def theory():
    """Matrix of P03 bias-precession with the adjusted nutation of 2000B, the same with 2000A, s, ERA and GST."""
    for moment in MOMENTS:
        utc = Time(moment, scale="utc")
        tt = utc.tt
        t = days_tt(tt) / 36525
        dpsi, deps = erfa.nut00b(tt.jd1, tt.jd2)
        j2 = -2.7774e-6 * t
        dpsi, deps = dpsi * (1 + 0.4697e-6 + j2), deps * (1 + j2)
        gamb, phib, psib, epsa = erfa.pfw06(tt.jd1, tt.jd2)
        matrix = erfa.fw2m(gamb, phib, psib + dpsi, epsa + deps)
        full = erfa.pnm06a(tt.jd1, tt.jd2)
        x, y = matrix[2, 0], matrix[2, 1]
        ut1 = ut1_of(utc)
        show(moment=moment, ttDays=t * 36525, nutation=[float(dpsi), float(deps)], toTrue=matrix, toTrue2000A=full, s=float(erfa.s06(tt.jd1, tt.jd2, x, y)),
             era=float(erfa.era00(*ut1)), gst=float(erfa.gst06(*ut1, tt.jd1, tt.jd2, matrix)))


def rotation():
    """GCRS to ITRS by ERFA (IAU 2006/2000A, CIO based) and by skyfield, with ORIENTATION."""
    from skyfield.api import load
    from skyfield.framelib import itrs

    dut1, xp, yp = ORIENTATION
    for moment in MOMENTS:
        utc = Time(moment, scale="utc")
        tt = utc.tt
        by_erfa = erfa.c2t06a(tt.jd1, tt.jd2, *ut1_of(utc), xp * ARCSEC, yp * ARCSEC)
        tai_minus_utc = float(erfa.dat(*map(int, moment[:10].split("-")), 0.0))
        scale = load.timescale(delta_t=32.184 + tai_minus_utc - dut1, builtin=True)
        scale.polar_motion_table = (np.array([0.0]), np.array([xp]), np.array([yp]))
        by_skyfield = itrs.rotation_at(scale.tt_jd(tt.jd1, tt.jd2))
        show(moment=moment, erfa=by_erfa, skyfield=by_skyfield)


def places():
    """WGS84 by 40-digit arithmetic; astropy (ERFA's closed form) agrees to 2e-11 degrees and 1 um."""
    from mpmath import atan2, cos, degrees, findroot, mp, mpf, sin, sqrt

    mp.dps = 40
    a, f = mpf("6378.137"), 1 / mpf("298.257223563")
    e2 = f * (2 - f)
    points = [[6778.0, 0, 0], [-6778.0, 0, 0], [0, 0, 6800.0], [0, 0, -6356.0], [-2800.25, -4668.5, 4071.125], [4000.0, -4000.0, 3000.0],
              [-6500.0, 1e-9, 1900.0], [-6500.0, -1e-9, 1900.0], [1e-6, 0, 6900.0], [42164.0, 10.0, -3.0], [-200000.0, 300000.0, 120000.0], [3000.0, 2000.0, -5200.0]]
    for point in points:
        x, y, z = map(mpf, point)
        across = sqrt(x * x + y * y)
        radius = lambda t: a / sqrt(1 - e2 * sin(t) ** 2)  # noqa: E731
        latitude = findroot(lambda t: across * sin(t) - z * cos(t) - e2 * radius(t) * sin(t) * cos(t), float(atan2(z, across)))
        height = across * cos(latitude) + z * sin(latitude) - a * a / radius(latitude)
        place = EarthLocation.from_geocentric(*point * u.km).to_geodetic("WGS84")
        assert abs(place.lat.deg - float(degrees(latitude))) < 2e-11 and abs(place.height.to_value(u.km) - float(height)) < 1e-9
        show(positionKm=point, latitudeDeg=float(degrees(latitude)), longitudeDeg=float(degrees(atan2(y, x))), heightKm=float(height))


def orientation():
    for moment in ["2020-01-02T00:00:00", "2022-02-19T13:00:00", "2024-02-29T06:00:00", "2025-03-05T00:00:00", "2026-03-01T18:00:00"]:
        time = Time(moment, scale="utc")
        xp, yp = FINALS.pm_xy(time)
        show(moment=moment, ut1MinusUtcSeconds=float(FINALS.ut1_utc(time).to_value(u.s)), poleXArcsec=float(xp.to_value(u.arcsec)), poleYArcsec=float(yp.to_value(u.arcsec)))


if __name__ == "__main__":
    for part in sys.argv[1:] or ["leap", "theory", "rotation", "places", "orientation"]:
        print(f"// {part}")
        globals()[part]()
