"""Where the ISS was by astropy, for each real ephemeris: one CSV a file, for compare.ts to compare with.

    python iss_reference.py [folder of the ephemerides] [folder for the CSV files]

EME2000 is taken as GCRS; IAU 2006/2000A by astropy's frames, daily UT1 and pole of finals2000A, geodetic WGS84. The Earth-fixed velocity
is the difference of two positions half a second before and after on the straight line of the velocity.
"""

import pathlib
import re
import sys

import astropy
import astropy_iers_data
import numpy as np
from astropy import units as u
from astropy.coordinates import GCRS, ITRS, CartesianRepresentation, EarthLocation
from astropy.time import Time, TimeDelta
from astropy.utils import iers

iers.conf.auto_download = False
iers.conf.auto_max_age = None
iers.earth_orientation_table.set(iers.IERS_A.open(astropy_iers_data.IERS_A_FILE))

NUMBER = r"<{0} units=\"[^\"]*\">([^<]*)</{0}>"


def read_oem(path):
    """Epochs as astropy's times, positions (km) and velocities (km/s) of an XML OEM."""
    vectors = re.findall(r"<stateVector>(.*?)</stateVector>", path.read_text(), re.S)
    epochs = [re.search(r"<EPOCH>([^<]*)Z</EPOCH>", v)[1].replace("-", ":").replace("T", ":") for v in vectors]
    numbers = [[float(re.search(NUMBER.format(name), v)[1]) for name in ("X", "Y", "Z", "X_DOT", "Y_DOT", "Z_DOT")] for v in vectors]
    numbers = np.array(numbers)
    return Time(epochs, format="yday", scale="utc"), numbers[:, :3], numbers[:, 3:]


def earth_fixed(time, position):
    celestial = GCRS(CartesianRepresentation(position.T * u.km), obstime=time)
    return celestial.transform_to(ITRS(obstime=time)).cartesian.xyz.to_value(u.km).T


def write(path, folder):
    time, position, velocity = read_oem(path)
    half = 0.5
    itrs = earth_fixed(time, position)
    later = earth_fixed(time + TimeDelta(half * u.s), position + velocity * half)
    earlier = earth_fixed(time - TimeDelta(half * u.s), position - velocity * half)
    moving = later - earlier
    place = EarthLocation.from_geocentric(*itrs.T * u.km).to_geodetic("WGS84")
    unix_ms = np.round((time.jd1 - 2440587.5) * 86400e3 + time.jd2 * 86400e3).astype(np.int64)
    out = folder / f"{path.stem.split('.')[-1]}.csv"
    with open(out, "w") as file:
        file.write("time_ms,x_km,y_km,z_km,vx_km_s,vy_km_s,vz_km_s,latitude_deg,longitude_deg,height_km\n")
        for ms, r, v, lat, lon, height in zip(unix_ms, itrs, moving, place.lat.deg, place.lon.deg, place.height.to_value(u.km)):
            file.write(",".join([str(ms)] + [f"{x:.12g}" for x in (*r, *v)] + [f"{lat:.12f}", f"{lon:.12f}", f"{height:.9f}"]) + "\n")
    print(f"{out}: {len(time)} states, UT1-UTC {time[0].delta_ut1_utc:+.4f} .. {time[-1].delta_ut1_utc:+.4f} s")


if __name__ == "__main__":
    here = pathlib.Path(__file__).resolve().parent
    source = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else here / "../../../../shared/data/iss")
    target = pathlib.Path(sys.argv[2] if len(sys.argv) > 2 else "/tmp/almanac-verify")
    target.mkdir(parents=True, exist_ok=True)
    print(f"astropy {astropy.__version__}, astropy-iers-data {astropy_iers_data.__version__}")
    for path in sorted(source.glob("ISS.OEM_J2K_EPH.*.xml")):
        write(path, target)
