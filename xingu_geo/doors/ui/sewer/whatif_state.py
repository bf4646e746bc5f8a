"""The changes a reader is trying out on a copy of the network, kept for the session and taken back one by one.

Comes in: changes and links. Goes out: the changed network. Must not know: widgets.
"""

from __future__ import annotations

import math
from typing import Final

from xingu_geo.doors.ui.kit import cache
from xingu_geo.doors.ui.kit.notepad import note, noted
from xingu_geo.sewers.network.kinds import PRESSURE
from xingu_geo.sewers.network.network import Network
from xingu_geo.sewers.relief.whatif import Change, NewLink
from xingu_geo.study.run.carrying import Step, tried

TRIED: Final = "whatif.tried"
NEW: Final = "NEW-"


def steps() -> tuple[Step, ...]:
    """Every step so far; a step may be several changes that belong together."""
    return noted(TRIED, ())


def add(step: Step) -> None:
    """One more step."""
    note(TRIED, (*steps(), step))


def take_back() -> None:
    """Without the last step."""
    note(TRIED, steps()[:-1])


def clear() -> None:
    """As it was."""
    note(TRIED, ())


def changed(network: Network) -> Network:
    """A copy of ``network`` with every step taken; the network itself where there is none.

    Raises
    ------
    XinguError
        What :func:`xingu_geo.sewers.relief.whatif.whatif` refuses, of the first step that cannot be taken.
    """
    taken = steps()
    if not taken:
        return network
    return cache.once(("whatif", network.digest, taken), lambda: tried(network, taken))


def linked(network: Network, start: str, end: str, *, diameter_mm: float, share: float) -> Step:
    """A pressure main from one node to another that takes ``share`` of what arrives; the old ways keep the rest."""
    nodes, links = network.nodes, network.links
    from_xy, to_xy = nodes.loc[[start, end], ["x_m", "y_m"]].to_numpy(dtype=float)
    length_m = math.dist(from_xy, to_xy)
    old = links[links["from_node"] == start]
    kept = [
        Change(str(name), "split_share", (1 - share) * (1.0 if math.isnan(part) else part))
        for name, part in old["split_share"].astype(float).items()
    ]
    number = sum(isinstance(one, NewLink) for step in steps() for one in step) + 1
    return NewLink(f"{NEW}{number}", start, end, PRESSURE, diameter_mm, length_m, split_share=share), *kept
