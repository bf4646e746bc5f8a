"""A network in a folder of its own: tables as a water company hands them over.

Comes in: a folder with ``nodes``, ``links`` and ``loads`` (.csv, .geojson, .gpkg) and, at will, ``network.toml``; or
layers with passports. Goes out: a :class:`~xingu_geo.sewers.network.network.Network`. Must not know: headroom.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import geopandas as gpd
import pandas as pd
from pydantic import Field
from pyproj import CRS

from xingu_geo.ground.base.confidence import Confidence
from xingu_geo.ground.base.errors import XinguError
from xingu_geo.ground.base.specs import Spec, read_toml, validated
from xingu_geo.ground.catalogue.read import open_catalogue, read_frame
from xingu_geo.ground.geo.crs import to_working
from xingu_geo.sewers.network.frames import numbers
from xingu_geo.sewers.network.network import Network, make_network, network_of
from xingu_geo.sewers.network.norms import Norms
from xingu_geo.sewers.survey.columns import DepthTo, FieldNames, Survey, survey_of
from xingu_geo.sewers.survey.faults.faults import Fault, faults_in, faults_of

_SUFFIXES: Final = (".csv", ".geojson", ".gpkg")


class NetworkPaper(Spec):
    """``network.toml``: what the tables do not say of themselves.

    A network whose ``confidence`` nobody stated counts as illustrative. ``depth_to`` tells where depths are measured
    to. The three tables name columns that are not found by their names: ``diameter_mm = "规格"``.
    """

    crs: str = ""
    confidence: Confidence = Confidence.ILLUSTRATIVE
    depth_to: DepthTo = "invert"
    nodes: dict[str, str] = Field(default_factory=dict)
    links: dict[str, str] = Field(default_factory=dict)
    loads: dict[str, str] = Field(default_factory=dict)


def network_in(folder: Path, *, crs: str | CRS, norms: Norms, names: FieldNames) -> Network:
    """The network of ``folder`` as drawn, in the working CRS ``crs``, planned links left out.

    Raises
    ------
    XinguError
        ``sewer_folder_empty``, ``sewer_crs_missing``, ``sewer_column_missing``; every complaint of
        :func:`~xingu_geo.sewers.network.network.make_network` together.
    """
    if not _is_plain(folder):
        return network_of(open_catalogue(folder, crs=crs), norms=norms)
    survey = survey_in(folder, crs=crs, names=names)
    return make_network(
        survey.nodes,
        survey.links,
        survey.loads,
        upgrades=_read(folder, "upgrades", "", crs),
        norms=norms,
        confidence=_paper(folder).confidence,
    )


def checked_in(folder: Path, *, crs: str | CRS, norms: Norms, names: FieldNames) -> tuple[Fault, ...]:
    """Every fault of the network of ``folder``, errors that prevent one included."""
    if not _is_plain(folder):
        return faults_in(network_of(open_catalogue(folder, crs=crs), norms=norms))
    survey = survey_in(folder, crs=crs, names=names)
    return faults_of(survey.nodes, survey.links, survey.loads, norms=norms)


def survey_in(folder: Path, *, crs: str | CRS, names: FieldNames) -> Survey:
    """The tables of ``folder`` in our columns and in ``crs``, with what was read into them."""
    paper = _paper(folder)
    nodes, links, loads = (_read(folder, name, paper.crs, crs) for name in ("nodes", "links", "loads"))
    chosen = {"nodes": paper.nodes, "links": paper.links, "loads": paper.loads}
    return survey_of(nodes, links, loads, names=names, chosen=chosen, depth_to=paper.depth_to)


def _is_plain(folder: Path) -> bool:
    if not folder.is_dir():
        raise XinguError("folder_missing", folder=folder)
    if _file(folder, "nodes") and _file(folder, "links"):
        return True
    if any(folder.rglob("*.toml")):
        return False
    raise XinguError("sewer_folder_empty", folder=folder)


def _file(folder: Path, name: str) -> Path | None:
    return next((path for suffix in _SUFFIXES if (path := folder / f"{name}{suffix}").is_file()), None)


def _paper(folder: Path) -> NetworkPaper:
    path = folder / "network.toml"
    return validated(NetworkPaper, read_toml(path), file=path.name) if path.is_file() else NetworkPaper()


def _read(folder: Path, name: str, crs: str, working: str | CRS) -> pd.DataFrame:
    """The table ``name`` of the folder in the working CRS; empty where there is none."""
    path = _file(folder, name)
    if path is None:
        return pd.DataFrame()
    try:
        table = _csv(path) if path.suffix == ".csv" else read_frame(path)
    except (ValueError, OSError) as error:
        raise XinguError("layer_unreadable", file=path.name, detail=type(error).__name__) from error
    if name == "upgrades":
        return pd.DataFrame(table.set_index("id"))
    return _placed(table, crs, working, name=f"{folder.name}/{name}")


def _csv(path: Path) -> pd.DataFrame:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return pd.read_csv(path, dtype=str, encoding=encoding, keep_default_na=False, na_values=[""])
        except UnicodeDecodeError:
            continue
    raise XinguError("layer_unreadable", file=path.name, detail="UnicodeDecodeError")


def _placed(table: pd.DataFrame, crs: str, working: str | CRS, *, name: str) -> pd.DataFrame:
    """The table with geometry in the working CRS, made from its coordinates or its line where it has none."""
    if isinstance(table, gpd.GeoDataFrame):
        return _working(table, working, name)
    if "line_wkt" in table and table["line_wkt"].notna().any():
        shapes = gpd.GeoSeries.from_wkt(table["line_wkt"])
    elif {"x_m", "y_m"} <= set(table.columns) and table["x_m"].notna().any():
        shapes = gpd.GeoSeries(gpd.points_from_xy(numbers(table["x_m"]), numbers(table["y_m"])))
    else:
        return table
    if not crs:
        raise XinguError("sewer_crs_missing", table=name)
    frame = gpd.GeoDataFrame(table.drop(columns=["x_m", "y_m", "line_wkt"], errors="ignore"), geometry=shapes, crs=crs)
    frame.loc[frame.geometry.is_empty, "geometry"] = None
    return _working(frame, working, name)


def _working(frame: gpd.GeoDataFrame, crs: str | CRS, name: str) -> pd.DataFrame:
    moved: pd.DataFrame = to_working(frame, crs, name=name)  # a frame of shapes passes for a table
    return moved
