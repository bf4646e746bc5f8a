"""The test ground's CRS and tables, said once for every test that opens layers or brings files in.

Comes in: what the product's own functions take. Goes out: the same functions, told both.
Must not know: Qiantang.
"""

from __future__ import annotations

from functools import partial

from kit import tables as planner
from xingu_geo.ground.catalogue import read
from xingu_geo.places.intake import from_osm, from_postgis, raw, receive
from xingu_geo.sewers.survey import folder

CRS = "EPSG:4549"
SURVEY = {"crs": CRS, "norms": planner.norms(), "names": planner.field_names()}

open_catalogue = partial(read.open_catalogue, crs=CRS)
Options = partial(raw.Options, CRS, planner.fields(), planner.norms())
intake = partial(receive.intake, options=Options())
look = partial(receive.look, options=Options())
intake_osm = partial(from_osm.intake_osm, options=Options())
intake_postgis = partial(from_postgis.intake_postgis, options=Options())
network_in = partial(folder.network_in, **SURVEY)
checked_in = partial(folder.checked_in, **SURVEY)
survey_in = partial(folder.survey_in, crs=CRS, names=planner.field_names())
