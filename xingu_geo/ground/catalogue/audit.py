"""The audit: does every layer keep what its passport promises?

Comes in: a catalogue, the keys of the known sources. Goes out: ``Finding`` tuples.
Must not know: what the layers are for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import pandas as pd

from xingu_geo.ground.base.errors import Complaints, XinguError
from xingu_geo.ground.base.specs import read_toml
from xingu_geo.ground.catalogue.audit_findings import Finding, Severity
from xingu_geo.ground.catalogue.passport import Passport
from xingu_geo.ground.catalogue.raster_checks import raster_findings
from xingu_geo.ground.catalogue.read import VECTOR_DRIVERS, Catalogue, Entry, read_frame
from xingu_geo.ground.catalogue.shape_checks import shape_findings

SHOWN: Final = 3


def known_sources(*folders: Path) -> frozenset[str]:
    """The keys of every ``sources.toml`` that stands in one of ``folders``; a folder without one adds nothing.

    Raises
    ------
    XinguError
        ``toml_broken`` or ``file_unreadable`` when such a file cannot be read.
    """
    files = [folder / "sources.toml" for folder in folders]
    return frozenset(key for file in files if file.is_file() for key in read_toml(file))


def audit(
    catalogue: Catalogue, sources: Iterable[str], *, progress: Callable[[str], None] | None = None
) -> tuple[Finding, ...]:
    """Everything the layers do not keep of their passports, sorted by layer; empty when all is well.

    Geometry types and validity, CRS, columns (presence, type, gaps, undeclared), feature counts, overlaps, holes,
    unplaced features, ids, sources. A catalogue or a layer in which nothing was seen is a finding too, so that an
    audit never passes by looking at nothing; a role set held only in part is a warning. ``progress`` is told each
    role before it is read.
    """
    known = frozenset(sources)
    findings: list[Finding] = []
    for role in sorted(catalogue):
        if progress is not None:
            progress(role)
        findings += _layer_findings(catalogue, catalogue.entries[role], known)
    findings += [_passed_on("", complaint, "warning") for complaint in catalogue.complaints]
    if not catalogue.entries:
        findings.append(Finding("", "nothing_seen", "error", {"folder": str(catalogue.folder)}))
    return tuple(findings)


def _layer_findings(catalogue: Catalogue, entry: Entry, known: frozenset[str]) -> list[Finding]:
    passport = entry.passport
    found = [
        Finding(passport.role, "source_unknown", "error", {"file": entry.passport_file.name, "source": key})
        for key in passport.sources
        if key not in known
    ]
    if passport.geometry == "raster":
        return found + raster_findings(entry)
    found += _guarded(catalogue, passport.role)
    frame = _raw(entry)
    if frame is None:
        return found
    found += _counts(passport, frame) + _columns(passport, frame) + _ids(passport, frame)
    return found if passport.geometry == "table" else found + shape_findings(passport, frame, catalogue.crs)


def _guarded(catalogue: Catalogue, role: str) -> list[Finding]:
    """What the guarded reader refuses, in its own sentences."""
    try:
        catalogue.vector(role)
    except Complaints as refused:
        return [_passed_on(role, complaint) for complaint in refused.complaints]
    except XinguError as refused:
        return [_passed_on(role, refused)]
    return []


def _passed_on(role: str, error: XinguError, severity: Severity = "error") -> Finding:
    return Finding(role, error.code, severity, error.facts, key=f"error.{error.code}")


def _raw(entry: Entry) -> gpd.GeoDataFrame | None:
    """The file as it is, without the reader's guards; None where even that fails (the reader has said so)."""
    try:
        if entry.passport.geometry == "table":
            return gpd.GeoDataFrame(pd.read_csv(entry.file, encoding="utf-8-sig"))
        if entry.file.suffix.lower() not in VECTOR_DRIVERS:
            return None
        return read_frame(entry.file)
    except Exception:  # noqa: BLE001  pyogrio and pandas raise many types; _guarded has reported this file
        return None


def _counts(passport: Passport, frame: gpd.GeoDataFrame) -> list[Finding]:
    if not len(frame):
        return [Finding(passport.role, "layer_empty", "error", {"file": passport.path})]
    if len(frame) != passport.features:
        facts = {"file": passport.path, "found": len(frame), "declared": passport.features}
        return [Finding(passport.role, "count_differs", "error", facts)]
    return []


def _columns(passport: Passport, frame: gpd.GeoDataFrame) -> list[Finding]:
    role, file = passport.role, passport.path
    declared = {column.name: column for column in passport.fields}
    names = [str(name) for name in frame.columns if name != "geometry"]
    found = [
        Finding(role, "column_undeclared", "warning", {"file": file, "field": name})
        for name in names
        if name not in declared and name != passport.id_field
    ]
    for name in (name for name in names if name in declared):
        column, values = declared[name], frame[name]
        if not _fits(values, column.unit):
            facts = {"file": file, "field": name, "unit": column.unit, "found": str(values.dtype)}
            found.append(Finding(role, "column_type", "error", facts))
        empty = int(values.isna().sum())
        if column.required and empty:
            found.append(Finding(role, "column_gaps", "error", {"file": file, "field": name, "count": empty}))
    return found


def _fits(values: pd.Series[Any], unit: str) -> bool:
    """Whether a column's values are of the kind its unit asks for; a column without any value fits every unit."""
    given = values.dropna()
    if given.empty:
        return True
    if unit == "bool":
        return bool(given.map(lambda value: isinstance(value, bool)).all())
    is_number = pd.api.types.is_numeric_dtype(given) and not pd.api.types.is_bool_dtype(given)
    return not is_number or _is_code(given) if unit == "text" else is_number


def _is_code(given: pd.Series[Any]) -> bool:
    """Whether a numeric text column may be codes that a CSV reader took for whole numbers."""
    return pd.api.types.is_integer_dtype(given)


def _ids(passport: Passport, frame: gpd.GeoDataFrame) -> list[Finding]:
    if passport.id_field not in frame:
        return []  # the reader has said so
    ids = frame[passport.id_field]
    blank = ids.isna() | (ids.astype(str).str.strip() == "")
    facts = {"file": passport.path, "field": passport.id_field}
    found = [Finding(passport.role, "id_empty", "error", {**facts, "count": int(blank.sum())})] if blank.any() else []
    doubled = sorted(set(ids[ids.duplicated() & ~blank].astype(str)))
    if len(doubled) > 1:  # the first is the reader's complaint
        shown = ", ".join(doubled[:SHOWN])
        found.append(Finding(passport.role, "ids_doubled", "error", {**facts, "count": len(doubled), "ids": shown}))
    return found
