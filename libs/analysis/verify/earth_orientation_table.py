"""Writes libs/analysis/src/earth/earth-orientation-table.ts anew.

    python earth_orientation_table.py rows.csv "IERS finals2000A of 2026-09-28"       rows made before: mjd_utc,ut1_utc_s,xp_arcsec,yp_arcsec,flag
    python earth_orientation_table.py finals                                           from the installed PyPI package astropy-iers-data

Flags: B = final (Bulletin B), I = rapid, P = predicted. Prints the TypeScript; send it into the file, then run biome over it.
"""

import csv
import sys

STEP_DAYS = 5
FIRST_MJD = 58850


def rows_of_csv(path):
    with open(path) as file:
        for row in csv.DictReader(file):
            yield int(row["mjd_utc"]), float(row["ut1_utc_s"]), float(row["xp_arcsec"]), float(row["yp_arcsec"]), row["flag"]


def rows_of_finals():
    """Bulletin B where it is there, else Bulletin A (columns as in IERS readme.finals2000A)."""
    import astropy_iers_data

    with open(astropy_iers_data.IERS_A_FILE) as file:
        for line in file:
            mjd = int(float(line[7:15]))
            if mjd < FIRST_MJD or (mjd - FIRST_MJD) % STEP_DAYS or not line[58:68].strip():
                continue
            if line[154:165].strip():
                yield mjd, round(float(line[154:165]), 5), round(float(line[134:144]), 4), round(float(line[144:154]), 4), "B"
            else:
                yield mjd, round(float(line[58:68]), 5), round(float(line[18:27]), 4), round(float(line[37:46]), 4), line[57]


def version_of_finals():
    from importlib.metadata import version

    return f"IERS finals2000A.all in PyPI astropy-iers-data {version('astropy-iers-data')}"


def typescript(rows, source):
    mjds = [row[0] for row in rows]
    assert mjds == list(range(mjds[0], mjds[-1] + 1, STEP_DAYS)), "rows are not an even step apart"
    flags = "".join(row[4] for row in rows)
    assert flags == flags.count("B") * "B" + flags.count("I") * "I" + flags.count("P") * "P", "kinds of values are mixed"
    first_of = lambda flag: mjds[flags.index(flag)] if flag in flags else mjds[-1] + STEP_DAYS  # noqa: E731
    column = lambda at: ", ".join(repr(row[at]).removesuffix(".0") for row in rows)  # noqa: E731
    return f"""import type {{ EarthOrientationTable }} from './orientation-table.ts';

/**
 * How the Earth was and will be turned, 00:00 UTC every {STEP_DAYS}th day; rows from
 * {source}.
 * {flags.count("B")} rows of final values (Bulletin B), {flags.count("I")} of the rapid service from MJD {first_of("I")}, {flags.count("P")} of predictions from MJD {first_of("P")}.
 * Made by libs/analysis/verify/earth_orientation_table.py. UT1 is predicted to some 0.006 s two months ahead and 0.06 s a year ahead
 * (3 m and 30 m at the ISS): renew it once or twice a year.
 */
export const earthOrientationTable: EarthOrientationTable = {{
  source: '{source}',
  firstMjd: {mjds[0]},
  stepDays: {STEP_DAYS},
  rapidFromMjd: {first_of("I")},
  predictedFromMjd: {first_of("P")},
  ut1MinusUtcSeconds: [{column(1)}],
  poleXArcsec: [{column(2)}],
  poleYArcsec: [{column(3)}],
}};
"""


if __name__ == "__main__":
    if sys.argv[1] == "finals":
        print(typescript(list(rows_of_finals()), version_of_finals()), end="")
    else:
        print(typescript(list(rows_of_csv(sys.argv[1])), sys.argv[2]), end="")
