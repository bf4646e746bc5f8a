"""Guarded reading: a passport and its file become a layer in the working CRS.

Comes in: a folder of passports and files. Goes out: :class:`VectorLayer` and :class:`RasterLayer` by role.
Must not know: what the roles are for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import geopandas as gpd
import pandas as pd
from pyproj import CRS

from xingu_geo.ground.base.digest import digest_all, digest_file
from xingu_geo.ground.base.errors import XinguError, raise_all
from xingu_geo.ground.base.gdal import require_closed
from xingu_geo.ground.catalogue.passport import Passport, read_passport
from xingu_geo.ground.catalogue.role_sets import ROLE_SETS, incomplete_error, incomplete_sets, sets_of
from xingu_geo.ground.geo.crs import metric, to_working

VECTOR_DRIVERS = {".geojson": "GeoJSON", ".gpkg": "GPKG"}


@dataclass(frozen=True, slots=True)
class VectorLayer:
    """A vector layer (or a table without geometry) and its passport.

    ``table`` is indexed by the passport's ``id_field`` (text), in the working CRS; geometry is ``None`` for what is
    unplaced. ``digest`` covers the file and the passport.
    """

    passport: Passport
    table: gpd.GeoDataFrame
    digest: str

    @property
    def placed(self) -> gpd.GeoDataFrame:
        """The features that have a location."""
        return self.table[self.table.geometry.notna()]


@dataclass(frozen=True, slots=True)
class RasterLayer:
    """A GeoTIFF and its passport; read only through :mod:`xingu_geo.ground.geo.zonal`."""

    passport: Passport
    file: Path
    digest: str


Layer = VectorLayer | RasterLayer


@dataclass(frozen=True, slots=True)
class Entry:
    """A passport and the file it stands beside."""

    passport: Passport
    passport_file: Path

    @property
    def file(self) -> Path:
        """The layer's file, beside its passport."""
        return self.passport_file.parent / self.passport.path

    @property
    def digest(self) -> str:
        """Of the file and the passport."""
        return digest_all([digest_file(self.file), digest_file(self.passport_file)])


class Catalogue:
    """The layers of one folder (or of several laid over each other), by role; each file is read once, on first use.

    Parameters
    ----------
    entries
        One entry for each layer; two layers may not fill one role.
    folder
        Where they stand; of an overlay the folder underneath.
    crs
        The working CRS of the place: every vector layer is read into it, every raster has to be in it.
    over
        The folders laid over it, in the order they were laid.

    Attributes
    ----------
    incomplete
        The role sets it holds only in part → the required roles that are missing. Nothing is judged by such a set,
        as if the place had none of it, and the doors say what is missing.
    """

    def __init__(
        self, entries: Mapping[str, Entry], *, folder: Path, crs: str | CRS, over: Sequence[Path] = ()
    ) -> None:
        self.folder = folder
        self.crs = metric(crs)
        self.folders = (folder, *over)
        self.entries = MappingProxyType(dict(entries))
        self.incomplete = incomplete_sets(self.entries)
        self._layers: dict[str, Layer] = {}
        self._digests: dict[str, str] = {}

    def __contains__(self, role: object) -> bool:
        return role in self.entries

    def __iter__(self) -> Iterator[str]:
        return iter(self.entries)

    def overlaid(self, upper: Catalogue) -> Catalogue:
        """A catalogue in which the layers of ``upper`` take the place of those of the same role; others remain.

        Of a role set (:data:`~xingu_geo.ground.catalogue.role_sets.ROLE_SETS`) that ``upper`` brings any role of,
        no layer of this one remains: pipes and flows of two sources are no network.

        Neither of the two changes, and nothing is copied: each layer is read from where it stands, with its own
        passport, so that confidence and digests are those of the layers that are really used. Both must work in one
        CRS.
        """
        if upper.crs != self.crs:
            found, expected = upper.crs.to_string(), self.crs.to_string()
            raise XinguError("crs_not_working", name=upper.folder.name, found=found, expected=expected)
        given_way = {role for name in sets_of(upper) for role in ROLE_SETS[name].roles}
        kept = {role: entry for role, entry in self.entries.items() if role not in given_way}
        entries = {**kept, **upper.entries}
        return Catalogue(entries, folder=self.folder, crs=self.crs, over=(*self.folders[1:], *upper.folders))

    @property
    def digests(self) -> dict[str, str]:
        """The digest of the layer that fills each role, in the order of the roles; each file is looked at once."""
        for role in sorted(self.entries):
            if role not in self._digests:
                self._digests[role] = self.entries[role].digest
        return dict(sorted(self._digests.items()))

    def is_whole(self, set_name: str) -> bool:
        """Whether every required role of the set is filled."""
        return not ROLE_SETS[set_name].missing(self.entries)

    @property
    def complaints(self) -> tuple[XinguError, ...]:
        """One for each set held only in part: what is missing."""
        return tuple(incomplete_error(name, missing) for name, missing in self.incomplete.items())

    def require_whole(self, set_name: str) -> None:
        """Refuse a set that is held only in part, naming what is missing (``set_incomplete``)."""
        if set_name in self.incomplete:
            raise incomplete_error(set_name, self.incomplete[set_name])

    def passport(self, role: str) -> Passport:
        """The passport of the layer that fills ``role``."""
        return self._entry(role).passport

    def vector(self, role: str) -> VectorLayer:
        """The vector layer that fills ``role``, in the working CRS."""
        layer = self._layer(role)
        if not isinstance(layer, VectorLayer):
            raise XinguError("layer_wrong_kind", role=role, expected="vector", found="raster")
        return layer

    def raster(self, role: str) -> RasterLayer:
        """The raster that fills ``role``."""
        layer = self._layer(role)
        if not isinstance(layer, RasterLayer):
            raise XinguError("layer_wrong_kind", role=role, expected="raster", found="vector")
        return layer

    def _entry(self, role: str) -> Entry:
        if role not in self.entries:
            raise XinguError("layer_missing", role=role, folder=self.folder, known=", ".join(sorted(self.entries)))
        return self.entries[role]

    def _layer(self, role: str) -> Layer:
        if role not in self._layers:
            self._layers[role] = _read(self._entry(role), self.crs)
        return self._layers[role]


def open_catalogue(folder: Path, *, crs: str | CRS, over: Path | None = None) -> Catalogue:
    """The catalogue of ``folder`` in the working CRS ``crs``, no layer read yet.

    With ``over``, the folder is a study's own layers laid over those of ``over``: see :meth:`Catalogue.overlaid`.

    Raises
    ------
    XinguError
        As :func:`entries_in`; ``crs_not_metres``.
    """
    opened = Catalogue(entries_in(folder), folder=folder, crs=crs)
    return opened if over is None else open_catalogue(over, crs=crs).overlaid(opened)


def entries_in(folder: Path) -> dict[str, Entry]:
    """Every ``*.toml`` in ``folder`` and its sub-folders that is a passport, with its file, by role.

    Raises
    ------
    XinguError
        ``folder_missing``, ``folder_empty``, or every complaint about every passport together.
    """
    if not folder.is_dir():
        raise XinguError("folder_missing", folder=folder)
    files = [file for file in sorted(folder.rglob("*.toml")) if _is_visible(file.relative_to(folder))]
    if not files:
        raise XinguError("folder_empty", folder=folder)
    entries: dict[str, Entry] = {}
    complaints: list[XinguError] = []
    for file in files:
        try:
            entry = Entry(read_passport(file), file)
        except XinguError as complaint:
            complaints += getattr(complaint, "complaints", (complaint,))
            continue
        role = entry.passport.role
        if role in entries:
            other = entries[role].passport_file.name
            complaints.append(XinguError("role_taken", file=file.name, role=role, other=other))
        elif not entry.file.is_file():
            complaints.append(XinguError("layer_file_missing", file=file.name, path=entry.passport.path))
        else:
            entries[role] = entry
    raise_all(complaints)
    return entries


def read_frame(file: Path) -> gpd.GeoDataFrame:
    """The vector file as it is, unguarded but for its driver: nothing is opened while GDAL holds a stranger.

    Raises
    ------
    XinguError
        ``gdal_open`` if no door was closed before GDAL was loaded, ``layer_unreadable``.
    """
    import pyogrio  # noqa: PLC0415  # GDAL registers its drivers now: importing this module must not forestall a door

    require_closed(pyogrio.list_drivers())
    try:
        return gpd.read_file(file, engine="pyogrio")
    except Exception as error:  # pyogrio raises many types; the sentence is the same for all
        raise XinguError("layer_unreadable", file=file.name, detail=type(error).__name__) from error


def _is_visible(file: Path) -> bool:
    """Whether a file of the folder may be a passport: hidden folders hold what a killed save left half-written."""
    return file.name != "sources.toml" and not any(part.startswith(".") for part in file.parts)


def _read(entry: Entry, crs: CRS) -> Layer:
    if entry.passport.geometry == "raster":
        return RasterLayer(entry.passport, entry.file, entry.digest)
    return VectorLayer(entry.passport, _table(entry, crs), entry.digest)


def _table(entry: Entry, crs: CRS) -> gpd.GeoDataFrame:
    passport, name = entry.passport, entry.passport.path
    frame = _plain_table(entry) if passport.geometry == "table" else _frame(entry)
    missing = [field.name for field in passport.fields if field.required and field.name not in frame.columns]
    if passport.id_field not in frame.columns:
        missing.insert(0, passport.id_field)
    raise_all([XinguError("field_missing", file=name, field=field) for field in missing])
    frame[passport.id_field] = frame[passport.id_field].astype(str)
    doubled = frame[passport.id_field][frame[passport.id_field].duplicated()]
    if len(doubled):
        raise XinguError("id_doubled", file=name, field=passport.id_field, id=doubled.iloc[0])
    indexed = frame.set_index(passport.id_field)
    return indexed if passport.geometry == "table" else to_working(indexed, crs, name=name)


def _frame(entry: Entry) -> gpd.GeoDataFrame:
    passport, name = entry.passport, entry.passport.path
    driver = VECTOR_DRIVERS.get(entry.file.suffix.lower())
    if driver is None:
        raise XinguError("format_unknown", file=name, known=", ".join(VECTOR_DRIVERS))
    frame = read_frame(entry.file)
    if frame.crs is None:
        raise XinguError("crs_missing", name=name)
    if frame.crs != CRS.from_user_input(passport.crs):
        raise XinguError(
            "crs_differs", file=entry.passport_file.name, found=frame.crs.to_string(), declared=passport.crs
        )
    return frame


def _plain_table(entry: Entry) -> gpd.GeoDataFrame:
    units = {field.name: field.unit for field in entry.passport.fields}
    text = {name: str for name, unit in units.items() if unit == "text"}
    try:
        table = pd.read_csv(entry.file, dtype=text, encoding="utf-8-sig", keep_default_na=False, na_values=[""])
    except (ValueError, OSError) as error:
        raise XinguError("layer_unreadable", file=entry.passport.path, detail=str(error)[:120]) from error
    return gpd.GeoDataFrame(table)
