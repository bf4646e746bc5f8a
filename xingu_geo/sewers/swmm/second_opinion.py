"""A second opinion: the same network under the same flow in EPA SWMM, link by link beside our own figures.

Comes in: a ``Network``. Goes out: :class:`SwmmCheck`. Must not know: sites, projects.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd

from xingu_geo.sewers.network.assessed import assessed_of
from xingu_geo.sewers.network.backwater import backwater_of
from xingu_geo.sewers.network.network import Network
from xingu_geo.sewers.swmm.layout import ExportOptions
from xingu_geo.sewers.swmm.simulate import swmm_run
from xingu_geo.sewers.swmm.to_inp import export_swmm

CLOSE_FILL: Final = 0.03


@dataclass(frozen=True, slots=True, eq=False)
class SwmmCheck:
    """Both answers. ``links`` (by link id): ``flow_l_s``, ``swmm_flow_l_s``, ``fill``, ``swmm_fill`` (NaN for mains).

    ``flow_difference_share``: ``Σ|ours − SWMM's| / Σ|SWMM's|``; ``close_share``: part of the gravity pipes whose
    fullness differs by at most 0.03; ``drift``: how far SWMM was from steady, see
    :class:`~xingu_geo.sewers.swmm.simulate.SwmmRun`.
    """

    links: pd.DataFrame
    flow_difference_share: float
    close_share: float
    drift: float


def check_with_swmm(network: Network, *, options: ExportOptions | None = None) -> SwmmCheck:
    """Flows and fullness of every link, ours and SWMM's; links that SWMM has no place for are left out.

    Raises
    ------
    XinguError
        As :func:`~xingu_geo.sewers.swmm.to_inp.export_swmm` and :func:`~xingu_geo.sewers.swmm.simulate.swmm_run`.
    """
    chosen = options or ExportOptions()
    with tempfile.TemporaryDirectory(prefix="xingu-check-") as folder:
        path = Path(folder) / "network.inp"
        layout = export_swmm(network, path, options=chosen)
        run = swmm_run(path)
    names = {link.of: link.name for link in layout.links if link.of}
    theirs = run.links.reindex(list(names.values())).set_axis(list(names))
    ours = backwater_of(assessed_of(network), flows=chosen.flows, levels_m=chosen.levels_m).links.reindex(theirs.index)
    diameter_m = network.links["diameter_mm"].reindex(theirs.index) / 1000
    links = pd.DataFrame(
        {
            "flow_l_s": ours["flow_l_s"],
            "swmm_flow_l_s": theirs["flow_l_s"],
            "fill": ours["fill"],
            "swmm_fill": (theirs["depth_m"] / diameter_m).where(ours["fill"].notna()),
        }
    ).sort_index()
    links.index.name = "id"
    apart = (links["fill"] - links["swmm_fill"]).abs().dropna()
    total = links["swmm_flow_l_s"].abs().sum()
    difference = (links["flow_l_s"] - links["swmm_flow_l_s"]).abs().sum()
    return SwmmCheck(
        links=links,
        flow_difference_share=float(difference / total) if total > 0 else float("nan"),
        close_share=float((apart <= CLOSE_FILL).mean()) if len(apart) else float("nan"),
        drift=run.drift,
    )
