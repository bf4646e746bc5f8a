"""Layers drawn on shifted maps are told from clean ones by laying them over a trusted layer."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from shapely.geometry import LineString, box

from xingu_geo.ground.geo.datum import Datum, convert_frame
from xingu_geo.places.intake.map_shift import fit_of

WEST, SOUTH = 535_000.0, 3_348_000.0


def town() -> list[LineString]:
    """Streets of a made-up town, 8 km x 8 km, bent and unevenly spaced (seeded)."""
    rng = np.random.default_rng(11)
    streets = []
    for along in (0, 1):
        for offset in np.cumsum(rng.uniform(180, 420, 26)):
            steps = np.arange(0, 8_001, 200.0)
            bends = offset + np.cumsum(rng.normal(0, 12, len(steps)))
            pairs = np.column_stack([steps, bends] if along else [bends, steps])
            streets.append(LineString(pairs + np.array([WEST, SOUTH])))
    return streets


TOWN = town()


def clip(seed: int) -> gpd.GeoDataFrame:
    """What a random window of 1.2 to 3 km shows of the town."""
    rng = np.random.default_rng(seed)
    size = rng.uniform(1_200, 3_000)
    x, y = WEST + rng.uniform(0, 5_000), SOUTH + rng.uniform(0, 5_000)
    inside = shapely.intersection(np.array(TOWN, dtype=object), box(x, y, x + size, y + size))
    parts = [part for part in shapely.get_parts(inside) if part.length > 0]
    return gpd.GeoDataFrame(geometry=parts, crs="EPSG:4549")


def drawn_on(frame: gpd.GeoDataFrame, datum: Datum) -> gpd.GeoDataFrame:
    """The same things as a person would have digitised them on that map, labelled WGS 84."""
    return convert_frame(frame.to_crs("EPSG:4326"), source="wgs84", target=datum)


@pytest.mark.parametrize("datum", ["gcj02", "bd09"])
def test_every_shifted_clip_is_flagged_and_comes_back_within_a_metre(datum: Datum) -> None:
    for seed in range(50):
        clean = clip(seed)
        shifted = drawn_on(clean, datum)
        fit = fit_of(shifted.to_crs("EPSG:4549"), TOWN)
        assert fit is not None
        assert fit.suspect == datum, (seed, dict(fit.misfit_m))
        back = convert_frame(shifted, source=datum, target="wgs84").to_crs("EPSG:4549")
        apart = shapely.hausdorff_distance(clean.geometry.to_numpy(), back.geometry.to_numpy())
        assert float(apart.max()) < 1.0


def test_no_clean_clip_is_flagged() -> None:
    fits = [fit_of(clip(seed), TOWN) for seed in range(50)]
    assert [fit.suspect for fit in fits if fit is not None] == [None] * 50
    assert all(fit is not None and fit.is_told for fit in fits)


def test_a_survey_five_metres_off_is_still_told_from_a_shifted_map() -> None:
    rng = np.random.default_rng(3)
    noisy = clip(7)
    moved = shapely.transform(noisy.geometry.to_numpy(), lambda pairs: pairs + rng.normal(0, 5, pairs.shape))
    noisy = noisy.set_geometry(gpd.GeoSeries(moved, crs=noisy.crs))
    fit = fit_of(noisy, TOWN)
    assert fit is not None
    assert fit.suspect is None
    shifted = fit_of(drawn_on(noisy, "gcj02").to_crs("EPSG:4549"), TOWN)
    assert shifted is not None
    assert shifted.suspect == "gcj02"


def test_a_layer_that_shows_other_things_is_not_judged() -> None:
    rng = np.random.default_rng(5)
    lots = [
        box(x, y, x + 40, y + 30)
        for x, y in rng.uniform([WEST, SOUTH + 20_000], [WEST + 8_000, SOUTH + 28_000], (60, 2))
    ]
    fit = fit_of(gpd.GeoDataFrame(geometry=lots, crs="EPSG:4549"), TOWN)
    assert fit is not None
    assert not fit.is_told
    assert fit.suspect is None


def test_row_order_does_not_matter() -> None:
    frame = clip(1)
    one, other = fit_of(frame, TOWN), fit_of(frame.iloc[::-1], TOWN[::-1])
    assert one is not None
    assert other is not None
    assert dict(one.misfit_m) == pytest.approx(dict(other.misfit_m))
