"""The sewer network as one carrier: nodes, links, loads, and which way the water goes.

Comes in: the layers of the roles ``sewer_nodes``, ``sewer_links``, ``sewer_loads`` and, where present,
``sewer_upgrades``. Goes out: :class:`Network`. Must not know: hydraulics, sites.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
from pyproj import CRS

from xingu_geo.ground.base.arrays import Bools, Floats, Ints
from xingu_geo.ground.base.confidence import Confidence, weakest
from xingu_geo.ground.base.digest import digest_all, digest_bytes, digest_value
from xingu_geo.ground.base.errors import XinguError, raise_all
from xingu_geo.ground.catalogue.read import Catalogue
from xingu_geo.ground.catalogue.role_sets import ROLE_SETS, SEWERS
from xingu_geo.sewers.network.frames import LINKS, LOADS, NODES, UPGRADES, complaints_of, doubled_ids, shaped
from xingu_geo.sewers.network.kinds import KINDS, Kind, Marks, marks_of
from xingu_geo.sewers.network.norms import Norms
from xingu_geo.sewers.network.topology import Topology, topology_of

AS_DRAWN: Final = ""


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """A directed sewer network with what enters it.

    ``nodes``, ``links``, ``loads`` and ``upgrades`` are indexed by id (text, unique, sorted) with the columns of
    ``frames``; a frame may also carry ``geometry``, which nothing here reads. No id is both a
    node's and a link's: *elements* are nodes then links, in the order of :attr:`elements`. ``phase`` is
    ``""`` as drawn (pipes of today, every load of the table), else the id of the phase it was cut to. ``marks`` are
    what the kinds of its elements say.
    """

    nodes: pd.DataFrame
    links: pd.DataFrame
    loads: pd.DataFrame
    upgrades: pd.DataFrame
    marks: Marks
    topology: Topology
    norms: Norms
    confidence: Confidence
    phase: str
    digest: str

    @property
    def elements(self) -> pd.Index[str]:
        """The ids of all nodes, then of all links."""
        return self.nodes.index.append(self.links.index)

    @property
    def infiltration_share(self) -> float:
        """Infiltration per unit of mean domestic plus industrial flow."""
        return self.norms.infiltration_share.value

    @property
    def dead_ends(self) -> Bools:
        """Which nodes have no way on and are no end either: water that arrives there is not disposed of."""
        lost: Bools = (self.topology.outlets == 0) & ~self.marks.ends_way
        return lost

    def kind_of(self, element: str) -> Kind:
        """What the table of kinds says of a node or link; raises ``sewer_element_unknown``."""
        table = self.nodes if element in self.nodes.index else self.links
        if element not in table.index:
            raise XinguError("sewer_element_unknown", element=element)
        return KINDS[str(table["kind"][element])]

    @property
    def crs(self) -> CRS | None:
        """Of what is drawn; None where nothing is."""
        drawn = (frame.crs for frame in (self.nodes, self.links) if isinstance(frame, gpd.GeoDataFrame))
        return next((crs for crs in drawn if crs is not None), None)

    def position(self, node_id: str) -> int:
        """Where ``node_id`` stands among the nodes; raises ``sewer_node_unknown``."""
        if node_id not in self.nodes.index:
            raise XinguError("sewer_node_unknown", node=node_id)
        return int(self.nodes.index.get_indexer(pd.Index([node_id]))[0])

    def with_loads(self, extra: pd.DataFrame) -> Network:
        """The same network with more loads (columns of ``LOADS``); ids must be new."""
        loads = pd.concat([self.loads, shaped(extra, LOADS)])
        return rebuilt(self, loads=loads)


def network_of(catalogue: Catalogue, *, norms: Norms) -> Network:
    """The network a place's layers describe, as drawn.

    Raises
    ------
    XinguError
        ``set_incomplete``, ``layer_missing``; every complaint of :func:`make_network` together.
    """
    catalogue.require_whole(SEWERS)
    sewers = ROLE_SETS[SEWERS]
    layers = {role: catalogue.vector(role) for role in sewers.roles if role in catalogue or role in sewers.required}
    upgrades = layers["sewer_upgrades"].table if "sewer_upgrades" in layers else None
    return make_network(
        layers["sewer_nodes"].table,
        layers["sewer_links"].table,
        layers["sewer_loads"].table,
        upgrades=upgrades,
        norms=norms,
        confidence=weakest(*(layer.passport.confidence for layer in layers.values())),
    )


def make_network(
    nodes: pd.DataFrame,
    links: pd.DataFrame,
    loads: pd.DataFrame,
    *,
    upgrades: pd.DataFrame | None = None,
    norms: Norms,
    confidence: Confidence = Confidence.SURVEYED,
    phase: str = AS_DRAWN,
) -> Network:
    """A network from its frames; row order does not matter.

    Where several links leave a node and none has a ``split_share``, dry-weather flow takes the one with the
    lowest invert (of equals the first id) and the others stay dry (docs/decisions/0022).

    Raises
    ------
    XinguError
        Every complaint together: ``sewer_id_doubled``, ``sewer_end_unknown``, ``sewer_kind_unknown``,
        ``sewer_load_wrong``, ``sewer_split_partial``, ``sewer_split_sum``; then ``sewer_cycle`` naming the cycle.
    """
    tables = {
        "nodes": shaped(nodes, NODES),
        "links": shaped(links, LINKS),
        "loads": shaped(loads, LOADS),
        "upgrades": shaped(pd.DataFrame() if upgrades is None else upgrades, UPGRADES),
    }
    raise_all(doubled_ids(*tables.values()))
    raise_all(complaints_of(tables["nodes"], tables["links"], tables["loads"]))
    topology = drawn_topology(tables["nodes"], tables["links"])
    raise_all([cycle_complaint(tables["nodes"], knot) for knot in topology.circling])
    digest = digest_all(
        [
            *(_digest(table) for table in tables.values()),
            digest_value(norms.model_dump(mode="json")),
            digest_value(phase),
        ]
    )
    return Network(
        **tables,
        marks=marks_of(tables["nodes"], tables["links"]),
        topology=topology,
        norms=norms,
        confidence=confidence,
        phase=phase,
        digest=digest,
    )


def rebuilt(
    network: Network,
    *,
    nodes: pd.DataFrame | None = None,
    links: pd.DataFrame | None = None,
    loads: pd.DataFrame | None = None,
    norms: Norms | None = None,
    phase: str | None = None,
) -> Network:
    """A copy of ``network`` with some parts replaced and everything checked again: the way to ask "what if"."""
    return make_network(
        network.nodes if nodes is None else nodes,
        network.links if links is None else links,
        network.loads if loads is None else loads,
        upgrades=network.upgrades,
        norms=norms or network.norms,
        confidence=network.confidence,
        phase=network.phase if phase is None else phase,
    )


def drawn_topology(nodes: pd.DataFrame, links: pd.DataFrame) -> Topology:
    """The topology of shaped frames; ends that name no node are refused earlier."""
    start = nodes.index.get_indexer(pd.Index(links["from_node"])).astype(np.int64)
    end = nodes.index.get_indexer(pd.Index(links["to_node"])).astype(np.int64)
    return topology_of(start, end, shares_of(links), nodes=len(nodes))


def shares_of(links: pd.DataFrame) -> Floats:
    """The part of its start node's flow each link carries: as given, else all to the lowest invert."""
    share = links["split_share"].to_numpy(float).copy()
    drawn = np.isnan(share)
    # Sorted by start node, then invert, then id: the first of each start node is its lowest outlet.
    order = links[drawn].reset_index(names="id").sort_values(["from_node", "invert_from_m", "id"])
    lowest = ~order["from_node"].duplicated().to_numpy()
    positions = np.flatnonzero(drawn)[order.index.to_numpy()]
    share[positions] = np.where(lowest, 1.0, 0.0)
    return share


def cycle_complaint(nodes: pd.DataFrame, knot: Ints) -> XinguError:
    """The refusal of one cycle, naming its nodes."""
    names = [str(name) for name in nodes.index[knot]]
    shown = " ↔ ".join(names[:8]) + (" …" if len(names) > 8 else "")
    return XinguError("sewer_cycle", nodes=shown, count=len(names), first=names[0])


def _digest(table: pd.DataFrame) -> str:
    columns = [table.index.to_series(), *(table[name] for name in table.columns if name != "geometry")]
    parts = [digest_value([str(column.name) for column in columns])]
    for column in columns:
        is_number = pd.api.types.is_numeric_dtype(column)
        content = column.to_numpy(float).tobytes() if is_number else "\n".join(column.tolist()).encode("utf-8")
        parts.append(digest_bytes(content))
    return digest_all(parts)
