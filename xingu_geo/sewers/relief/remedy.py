"""The carrier of remedies, and how one is put into effect.

Comes in: figures. Goes out: :class:`Remedy`. Must not know: how a figure is found.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from xingu_geo.sewers.network.network import Network
from xingu_geo.sewers.relief.discharge import Discharge
from xingu_geo.sewers.relief.whatif import Change, NewLink, whatif


class RemedyKind(StrEnum):
    """The ways out, from the softest to the hardest."""

    DISCHARGE = "discharge"
    REUSE = "reuse"
    TIE_IN = "tie_in"
    CROSS_LINK = "cross_link"
    PUMP = "pump"
    PIPE = "pipe"
    PLANT = "plant"


@dataclass(frozen=True, slots=True)
class Remedy:
    """One way out, and the figure at which it works.

    ``figure`` by kind: discharge, the mean discharge that remains [m3_d]; reuse, the share of the project's process
    water to be reused [share]; tie_in, the length of the connection to ``element`` [m]; cross_link, the mean flow to
    lead over to ``element`` [m3_d]; pump, the firm capacity the station needs [l_s]; pipe, the inner diameter it needs
    [mm]; plant, the capacity it needs [m3_d]. ``missing_m3_d`` is what is lacking now, in the same terms.

    ``is_enough``: with this alone everything fits, looked at again with the remedy in effect. ``cost_10k_cny`` is of
    building, rounded up to what is on the market (NaN unknown; 0 for a smaller discharge, which costs the project, not
    the sewer). :func:`applied` puts the figure into effect.
    """

    kind: RemedyKind
    project: str
    element: str
    figure: float
    unit: str
    missing_m3_d: float
    is_enough: bool
    cost_10k_cny: float
    changes: tuple[Change, ...] = ()
    links: tuple[NewLink, ...] = ()
    discharges: tuple[Discharge, ...] = ()


def applied(network: Network, remedy: Remedy) -> tuple[Network, tuple[Discharge, ...]]:
    """Network and discharges with the remedy in effect; a new ticket on them tells what it is worth."""
    return whatif(network, remedy.changes, links=remedy.links), remedy.discharges
