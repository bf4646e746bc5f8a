"""Laws of the audit: an overlap is found exactly when it is more than rounding, whatever its place and size."""

from __future__ import annotations

import geopandas as gpd
from hypothesis import given, settings
from hypothesis import strategies as st
from kit.six_fields import ORIGIN
from pyproj import CRS
from shapely.affinity import rotate
from shapely.geometry import box

from xingu_geo.ground.catalogue.passport import Passport
from xingu_geo.ground.catalogue.shape_checks import shape_findings

PASSPORT = Passport.model_validate(
    {
        "id": "plots",
        "role": "plots",
        "title": {"zh": "地块", "en": "plots"},
        "about": {"zh": "测试", "en": "a test"},
        "path": "plots.gpkg",
        "geometry": "polygon",
        "crs": "EPSG:4549",
        "id_field": "id",
        "fields": (),
        "features": 2,
        "topology": ("no_overlaps",),
        "licence": "MIT",
        "sources": ("six_fields",),
        "valid_on": "2026-01-01",
        "accessed_on": "2026-01-01",
        "confidence": "illustrative",
        "positional_accuracy_m": 1.0,
        "lineage": {"zh": "测试", "en": "a test"},
        "version": "1.0.0",
    }
)


@settings(deadline=None, max_examples=60)
@given(
    width_m=st.floats(1, 500),
    depth_m=st.floats(1, 500),
    shared_m=st.floats(-5, 50),
    turn_deg=st.floats(0, 90),
    is_reversed=st.booleans(),
)
def test_an_overlap_is_found_when_and_only_when_it_is_more_than_a_square_metre(
    width_m: float, depth_m: float, shared_m: float, turn_deg: float, *, is_reversed: bool
) -> None:
    # Two rectangles of the same depth; the second starts shared_m before the first ends (after it, where negative).
    x, y = ORIGIN
    shapes = [box(x, y, x + width_m, y + depth_m), box(x + width_m - shared_m, y, x + 2 * width_m, y + depth_m)]
    turned = [rotate(shape, turn_deg, origin=ORIGIN) for shape in shapes]
    frame = gpd.GeoDataFrame({"id": ["1", "2"]}, geometry=turned, crs="EPSG:4549")
    found = shape_findings(PASSPORT, frame.iloc[::-1] if is_reversed else frame, CRS.from_epsg(4549))
    shared_m2 = max(0.0, min(shared_m, width_m)) * depth_m
    if abs(shared_m2 - 1.0) > 1e-3:
        assert ([finding.code for finding in found] == ["overlap"]) == (shared_m2 > 1.0)
