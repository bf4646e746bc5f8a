"""OpenStreetMap live: what a study area's rectangle holds, asked of an Overpass server, politely and once.

Comes in: a rectangle, a folder. Goes out: reports on the layers that were filled. Must not know: what they are for.
"""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

import geopandas as gpd
import osmnx
import pyogrio
import requests

from xingu_geo import __version__
from xingu_geo.ground.base.errors import XinguError
from xingu_geo.ground.base.settings import UNZIPPED_BYTES_MAX
from xingu_geo.ground.geo.crs import WGS84
from xingu_geo.places.intake.doctor import IntakeReport
from xingu_geo.places.intake.encoding import one_line
from xingu_geo.places.intake.raw import Options
from xingu_geo.places.intake.readers.osm import LICENCE, SLOTS, Slot, row_of
from xingu_geo.places.intake.receive import intake
from xingu_geo.places.intake.vectors import frame_of

Bounds = tuple[float, float, float, float]

AREA_DEGREES2_MAX: Final = 1.0  # about 10,000 km²: more than any district, less than what a public server minds
OVERPASS: Final = "https://overpass-api.de/api"
_LETTERS: Final = {"node": "n", "way": "w", "relation": "r"}
_DIMENSIONS: Final = {
    "lines": ("LineString", "MultiLineString"),
    "multipolygons": ("Polygon", "MultiPolygon"),
    "points": ("Point",),
}


def intake_osm(
    bounds: Bounds,
    *,
    into: Path,
    options: Options,
    cache: Path,
    roles: Collection[str] | None = None,
    address: str = OVERPASS,
    progress: Callable[[str], None] | None = None,
) -> tuple[IntakeReport, ...]:
    """The reports on the layers that OpenStreetMap fills inside ``bounds``, each now the layer of its role in ``into``.

    Parameters
    ----------
    bounds
        West, south, east, north [degree].
    options
        The place's CRS and tables; datum and licence are OpenStreetMap's.
    cache
        A folder; what was asked before is not asked again.
    roles
        Some of roads, residential, river, protected, metro; all if ``None``. What OpenStreetMap does not hold there
        gives no report.
    address
        An Overpass server; its rate limit is kept.
    progress
        Told each role before it is asked for.

    Raises
    ------
    XinguError
        ``osm_bounds``, ``osm_role_unknown``, ``osm_offline`` (then use a local extract), or a refusal of intake.
    """
    west, south, east, north = bounds
    if not (
        -180 <= west < east <= 180
        and -90 <= south < north <= 90
        and (east - west) * (north - south) <= AREA_DEGREES2_MAX
    ):
        raise XinguError("osm_bounds", bounds=", ".join(f"{bound:g}" for bound in bounds))
    known = {slot.role: slot for slot in SLOTS}
    for role in roles or ():
        if role not in known:
            raise XinguError("osm_role_unknown", role=role, known=", ".join(known))
    reports: list[IntakeReport] = []
    for role, slot in known.items():
        if roles is not None and role not in roles:
            continue
        if progress is not None:
            progress(role)
        frame = fetch(slot, bounds, cache=cache, address=address)
        if frame is not None:
            reports.append(_received(frame, role, into, options))
    return tuple(reports)


def fetch(slot: Slot, bounds: Bounds, *, cache: Path, address: str = OVERPASS) -> gpd.GeoDataFrame | None:
    """The features of one role inside ``bounds`` in WGS 84, with OpenStreetMap's own ids; ``None`` if there is none."""
    with _polite(cache, address):
        try:
            found = osmnx.features_from_bbox(bounds, dict(slot.wanted))
        except osmnx._errors.InsufficientResponseError:  # noqa: SLF001  # the only name osmnx gives it
            return None
        except (requests.RequestException, OSError, osmnx._errors.ResponseStatusCodeError) as error:  # noqa: SLF001
            raise XinguError("osm_offline", server=one_line(address), detail=type(error).__name__) from error
    kept = found[found.geometry.geom_type.isin(_DIMENSIONS[slot.layer])]
    rows, shapes = [], []
    for (element, number), values in kept.drop(columns="geometry").iterrows():
        tags = {str(key): value for key, value in values.items() if isinstance(value, str)}
        kind = slot.kind_of(tags)
        if kind is not None:
            rows.append(row_of(tags, kind, slot, f"{_LETTERS[str(element)]}{number}"))
            shapes.append(kept.geometry.loc[(element, number)])
    if not rows:
        return None
    columns = {key: [row[key] for row in rows] for key in rows[0]}
    return frame_of(columns, shapes, name=slot.role).set_crs(WGS84)


def _received(frame: gpd.GeoDataFrame, role: str, into: Path, options: Options) -> IntakeReport:
    said = replace(options, datum="wgs84", licence=LICENCE)
    with tempfile.TemporaryDirectory(prefix="xingu-osm-") as folder:
        file = Path(folder) / f"openstreetmap_{role}.gpkg"
        pyogrio.write_dataframe(frame, file, driver="GPKG", layer=role)
        return intake(file, role=role, into=into, options=said, bytes_max=UNZIPPED_BYTES_MAX)


def _is_there(address: str) -> bool:
    try:
        return requests.get(f"{address}/status", timeout=10).ok
    except requests.RequestException:
        return False


@contextlib.contextmanager
def _polite(cache: Path, address: str) -> Iterator[None]:
    """Osmnx's settings for one question, set back afterwards: our name, our cache, the server's rate limit."""
    ours = {
        "overpass_url": address,
        "use_cache": True,
        "cache_folder": str(cache),
        # Asking an absent server for its rate limit costs osmnx a minute; a cached answer needs no server at all.
        "overpass_rate_limit": _is_there(address),
        "requests_timeout": 120,
        "http_user_agent": f"xingu_geo/{__version__}",
        "http_referer": "",
        "log_console": False,
    }
    before = {name: getattr(osmnx.settings, name) for name in ours}
    try:
        for name, value in ours.items():
            setattr(osmnx.settings, name, value)
        yield
    finally:
        for name, value in before.items():
            setattr(osmnx.settings, name, value)
