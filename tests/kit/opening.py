"""The test ground's CRS, said once for every test that opens layers or brings files in.

Comes in: what the product's own functions take. Goes out: the same functions, told the CRS.
Must not know: Qiantang.
"""

from __future__ import annotations

from functools import partial

from xingu_geo.ground.catalogue import read
from xingu_geo.places.intake import from_osm, from_postgis, raw, receive
from xingu_geo.sewers.survey import folder

CRS = "EPSG:4549"

open_catalogue = partial(read.open_catalogue, crs=CRS)
Options = partial(raw.Options, CRS)
intake = partial(receive.intake, options=Options())
look = partial(receive.look, options=Options())
intake_osm = partial(from_osm.intake_osm, crs=CRS)
intake_postgis = partial(from_postgis.intake_postgis, options=Options())
network_in = partial(folder.network_in, crs=CRS)
checked_in = partial(folder.checked_in, crs=CRS)
survey_in = partial(folder.survey_in, crs=CRS)
