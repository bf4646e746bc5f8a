"""A survey's tables in our columns: names in Chinese or English, units told apart, depths made elevations.

Comes in: node, link and load tables as a water company hands them over. Goes out: :class:`Survey` and what was read
into it. Must not know: files, hydraulics.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

import numpy as np
import pandas as pd

from xingu_geo.ground.base.errors import XinguError
from xingu_geo.ground.base.say import DEFAULT_LANG, Bilingual, Lang, say
from xingu_geo.ground.base.specs import Spec
from xingu_geo.sewers.network.frames import LINKS, LOADS, NODES, numbers, shaped
from xingu_geo.sewers.network.kinds import GRAVITY, MANHOLE

DepthTo = Literal["invert", "crown"]
Chosen = Mapping[str, Mapping[str, str]]

# A layer whose median diameter is below this is in metres: no town is sewered in pipes of 10 mm.
METRES_BELOW: Final = 10.0
# Depths of real sewers [m]; a reading is believed by how many of its values it puts in this range.
DEPTHS_M: Final = (0.2, 15.0)
_DEPTH_TO: Final = {"invert": Bilingual("管内底", "the invert"), "crown": Bilingual("管顶", "the crown")}
_ENDS: Final = (("from_node", "to_node"), ("invert_from_m", "invert_to_m"), ("depth_from_m", "depth_to_m"))
_ROUND: Final = re.compile(r"^\s*(?:dn|d|de|φ|ф|Φ)?\s*(\d+(?:\.\d+)?)\s*(?:mm|m)?\s*$", re.IGNORECASE)


class FieldNames(Spec):
    """``data/sewer_fields.toml``: for each of our columns the names surveys give it, for each value its spellings."""

    nodes: dict[str, tuple[str, ...]]
    links: dict[str, tuple[str, ...]]
    loads: dict[str, tuple[str, ...]]
    values: dict[str, dict[str, tuple[str, ...]]]


@dataclass(frozen=True, slots=True)
class Reading:
    """Something the tables were taken to mean; shown for confirmation."""

    code: str
    facts: Mapping[str, object] = field(default_factory=dict)

    def sentence(self, lang: Lang = DEFAULT_LANG) -> str:
        """One sentence: what was read how."""
        return say(f"reading.{self.code}", lang, **self.facts)


@dataclass(frozen=True, slots=True, eq=False)
class Survey:
    """A survey in our columns, present state only.

    ``nodes``, ``links`` and ``loads`` are shaped frames; ``planned`` holds the links that are not built yet and are
    never mixed in. ``columns`` says for each table which of its columns fills which of ours; ``readings`` what else
    was decided.
    """

    nodes: pd.DataFrame
    links: pd.DataFrame
    loads: pd.DataFrame
    planned: pd.DataFrame
    columns: Chosen
    readings: tuple[Reading, ...]


def proposed(columns: Iterable[str], names: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Our column → theirs, for every column of ours that theirs hold under one of its names."""
    theirs: dict[str, str] = {}
    for column in columns:
        theirs.setdefault(_bare(str(column)), str(column))
    found = {
        own: next((theirs[_bare(alias)] for alias in aliases if _bare(alias) in theirs), "")
        for own, aliases in names.items()
    }
    return {own: column for own, column in found.items() if column}


def survey_of(
    nodes: pd.DataFrame,
    links: pd.DataFrame,
    loads: pd.DataFrame,
    *,
    names: FieldNames,
    chosen: Chosen | None = None,
    depth_to: DepthTo = "invert",
) -> Survey:
    """The survey's tables in our columns.

    ``chosen`` overrides the proposed columns, table by table (``{"links": {"diameter_mm": "规格"}}``). Depths are
    measured from the ground to the pipe's invert, or to its crown if ``depth_to`` says so. Diameters are millimetres
    unless the layer's median says metres; a single odd one is left for the checks to report.

    Raises
    ------
    XinguError
        ``sewer_column_missing`` for an id, an end or a load's node; ``sewer_column_unknown`` for a chosen column the
        table does not have.
    """
    tables = {"nodes": nodes, "links": links, "loads": loads}
    aliases = {"nodes": names.nodes, "links": names.links, "loads": names.loads}
    columns = {
        name: _columns(name, table, aliases[name], (chosen or {}).get(name, {})) for name, table in tables.items()
    }
    own = {name: _renamed(table, columns[name]) for name, table in tables.items()}
    readings: list[Reading] = []
    points = _nodes(own["nodes"], names, readings)
    pipes = _turned(_links(own["links"], names, readings), names, readings)
    pipes, planned = _present(pipes, names, readings)
    pipes = _levelled(points, pipes, depth_to, readings)
    flows = own["loads"].assign(state=_valued(own["loads"], "state", names.values["state"], default="existing"))
    return Survey(
        nodes=shaped(points, NODES),
        links=shaped(pipes, LINKS),
        loads=shaped(flows, LOADS),
        planned=shaped(planned, LINKS),
        columns=columns,
        readings=tuple(readings),
    )


def _columns(
    name: str, table: pd.DataFrame, aliases: Mapping[str, Sequence[str]], chosen: Mapping[str, str]
) -> dict[str, str]:
    for own, column in chosen.items():
        if column not in table.columns:
            raise XinguError("sewer_column_unknown", table=name, own=own, column=column)
    columns = {**proposed(table.columns, aliases), **chosen}
    needed = {"nodes": ("id",), "links": ("from_node", "to_node"), "loads": ("node",)}[name]
    for own in needed:
        if own not in columns and len(table):
            raise XinguError("sewer_column_missing", table=name, own=own, known=", ".join(aliases[own]))
    return columns


def _renamed(table: pd.DataFrame, columns: Mapping[str, str]) -> pd.DataFrame:
    kept = {own: table[column] for own, column in columns.items() if column in table}
    if "geometry" in table:
        kept["geometry"] = table["geometry"]
    renamed = type(table)(kept, index=table.index)
    if "id" not in renamed:
        # A table without ids is numbered in the order of its contents, so that row order does not matter.
        contents = pd.util.hash_pandas_object(
            renamed.drop(columns="geometry", errors="ignore").astype(str), index=False
        )
        renamed["id"] = [f"row{place:05d}" for place in contents.rank(method="first").astype(int)]
    return renamed.assign(id=_names(renamed["id"])).set_index("id")


def _nodes(nodes: pd.DataFrame, names: FieldNames, readings: list[Reading]) -> pd.DataFrame:
    ground, invert = _number(nodes, "ground_m"), _number(nodes, "invert_m")
    invert = _elevations(invert, ground, "invert_m", readings)
    if "depth_m" in nodes:
        invert = invert.fillna(ground - _number(nodes, "depth_m"))
    kind = _valued(nodes, "kind", names.values["node_kind"], default=MANHOLE)
    return nodes.assign(kind=kind, ground_m=ground, invert_m=invert)


def _links(links: pd.DataFrame, names: FieldNames, readings: list[Reading]) -> pd.DataFrame:
    ends = {end: _names(links[end]) for end in ("from_node", "to_node") if end in links}
    kind = _valued(links, "kind", names.values["link_kind"], default=GRAVITY)
    return links.assign(**ends, kind=kind, diameter_mm=_diameters(links, readings))


def _diameters(links: pd.DataFrame, readings: list[Reading]) -> pd.Series[float]:
    text = links["diameter_mm"] if "diameter_mm" in links else pd.Series(None, index=links.index, dtype=object)
    size = numbers(text.astype(str).str.extract(_ROUND, expand=False))
    is_other = size.isna() & text.notna() & (text.astype(str).str.strip() != "")
    if is_other.any():
        first = size.index[is_other][0]
        readings.append(
            Reading("section_not_round", {"count": int(is_other.sum()), "link": first, "text": text[first]})
        )
    if size.median() < METRES_BELOW:
        readings.append(Reading("diameters_in_metres", {"median": f"{size.median():g}"}))
        # A stray millimetre among metres stays what it is: only what is small enough is a metre.
        return size.where(size >= METRES_BELOW, size * 1000)
    return size


def _turned(links: pd.DataFrame, names: FieldNames, readings: list[Reading]) -> pd.DataFrame:
    """Lines drawn against their flow, end for end."""
    if "flow" not in links:
        return links
    is_reverse = links["flow"].map(lambda cell: _spelled(cell, names.values["flow"]) == "reverse").astype(bool)
    if is_reverse.any():
        readings.append(Reading("links_turned", {"count": int(is_reverse.sum()), "link": links.index[is_reverse][0]}))
    turned = links.reindex(columns=links.columns.union([end for pair in _ENDS for end in pair], sort=False))
    for one, other in _ENDS:
        upper, lower = turned[one], turned[other]
        turned[one], turned[other] = upper.where(~is_reverse, lower), lower.where(~is_reverse, upper)
    if "geometry" in links:
        turned["geometry"] = links["geometry"].where(~is_reverse, links["geometry"].reverse())
    return turned


def _present(links: pd.DataFrame, names: FieldNames, readings: list[Reading]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The links that exist, and those that are planned; abandoned ones are left out."""
    if "status" not in links:
        return links, links.iloc[:0]
    status = links["status"].map(lambda cell: _spelled(cell, names.values["status"]) or "present")
    for code in ("planned", "abandoned"):
        count = int((status == code).sum())
        if count:
            readings.append(Reading(f"links_{code}", {"count": count}))
    return links[status == "present"], links[status == "planned"]


def _levelled(nodes: pd.DataFrame, links: pd.DataFrame, depth_to: DepthTo, readings: list[Reading]) -> pd.DataFrame:
    """Inverts as elevations, from elevations or from depths at whichever end has them."""
    levelled = links.copy()
    surface = nodes["ground_m"][~nodes.index.duplicated()]
    to_invert = links["diameter_mm"] / 1000 if depth_to == "crown" else 0.0
    if {"depth_from_m", "depth_to_m"} & set(links.columns):
        readings.append(Reading("depths_read", {"to": _DEPTH_TO[depth_to]}))
    for end, own, depth in zip(*_ENDS, strict=True):
        ground = pd.Series(surface.reindex(links[end].to_numpy()).to_numpy(float), index=links.index)
        invert = _elevations(_number(links, own), ground, own, readings)
        levelled[own] = invert.fillna(ground - _number(links, depth) - to_invert)
    return levelled


def _elevations(
    values: pd.Series[float], ground: pd.Series[float], own: str, readings: list[Reading]
) -> pd.Series[float]:
    """``values`` as elevations: depths stored in an elevation's column are told by where they would put the pipe."""
    known = values.notna() & ground.notna()
    if not known.any():
        return values
    as_elevation = (ground - values)[known].between(*DEPTHS_M).mean()
    as_depth = values[known].between(*DEPTHS_M).mean()
    if as_elevation < 0.5 and as_depth > 0.9:
        readings.append(Reading("elevations_are_depths", {"own": own, "share": f"{as_depth:.0%}"}))
        return ground - values
    return values


def _valued(
    table: pd.DataFrame, column: str, spellings: Mapping[str, Sequence[str]], *, default: str
) -> pd.Series[str]:
    """Each cell's value by its spelling; empty is ``default``, a spelling not known stays as it is."""
    if column not in table:
        return pd.Series(default, index=table.index, dtype=object)
    cells = table[column].map(lambda cell: default if _is_empty(cell) else _spelled(cell, spellings) or str(cell))
    return cells.astype(object)


def _spelled(cell: object, spellings: Mapping[str, Sequence[str]]) -> str:
    bare = str(cell).strip().casefold()
    return next((value for value, ways in spellings.items() if bare in {way.casefold() for way in ways}), "")


def _is_empty(cell: object) -> bool:
    return cell is None or cell != cell or str(cell).strip() == ""  # noqa: PLR0124 - NaN is not itself


def _number(table: pd.DataFrame, column: str) -> pd.Series[float]:
    if column not in table:
        return pd.Series(np.nan, index=table.index)
    return numbers(table[column])


def _names(column: pd.Series[str]) -> pd.Series[str]:
    """Ids as text; a whole number read as 12.0 is 12 again."""
    text = column.astype(object).where(column.notna(), "").astype(str).str.strip()
    return text.str.replace(r"^(\d+)\.0$", r"\1", regex=True)


def _bare(name: str) -> str:
    return re.sub(r"[\s_\-]+", "", name).casefold()
