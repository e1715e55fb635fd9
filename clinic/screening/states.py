"""The states of the US by their two letters, with the district and the territories."""

from collections.abc import Mapping

SYSTEM = "https://www.usps.com/"  # how FHIR profiles for the US name these codes

STATES: Mapping[str, str] = dict(
    line.split(" ", 1)
    for line in """\
AL Alabama
AK Alaska
AZ Arizona
AR Arkansas
CA California
CO Colorado
CT Connecticut
DE Delaware
DC District of Columbia
FL Florida
GA Georgia
HI Hawaii
ID Idaho
IL Illinois
IN Indiana
IA Iowa
KS Kansas
KY Kentucky
LA Louisiana
ME Maine
MD Maryland
MA Massachusetts
MI Michigan
MN Minnesota
MS Mississippi
MO Missouri
MT Montana
NE Nebraska
NV Nevada
NH New Hampshire
NJ New Jersey
NM New Mexico
NY New York
NC North Carolina
ND North Dakota
OH Ohio
OK Oklahoma
OR Oregon
PA Pennsylvania
RI Rhode Island
SC South Carolina
SD South Dakota
TN Tennessee
TX Texas
UT Utah
VT Vermont
VA Virginia
WA Washington
WV West Virginia
WI Wisconsin
WY Wyoming
AS American Samoa
GU Guam
MP Northern Mariana Islands
PR Puerto Rico
VI US Virgin Islands""".splitlines()
)

# Other names people write. "Washington DC" is longer than "Washington", so it wins.
ALSO_CALLED: Mapping[str, str] = {
    "washington dc": "DC",
    "washington d c": "DC",
    "d c": "DC",
    "virgin islands": "VI",
}

# Cities named like a state they do not lie in, or not surely.
CITIES_LIKE_STATES = (
    "arkansas city",
    "kansas city",
    "michigan city",
    "nevada city",
    "oregon city",
    "virginia city",
    "washington county",
)
