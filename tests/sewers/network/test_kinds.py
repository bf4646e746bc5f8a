"""A new kind of element is one row of the table and its function; nothing else in the house names a kind."""

from __future__ import annotations

import ast
from pathlib import Path

import pandas as pd
import pytest
from kit import tables as planner
from kit.sewers import link, load, network, norms_without_infiltration, plant

import xingu_geo
from xingu_geo.ground.base.errors import XinguError
from xingu_geo.ground.base.say import Bilingual
from xingu_geo.sewers.network.assessed import assessed_of
from xingu_geo.sewers.network.backwater import backwater_of
from xingu_geo.sewers.network.headroom import Effluent, headroom_of
from xingu_geo.sewers.network.kinds import KINDS, Kind
from xingu_geo.sewers.network.network import Network
from xingu_geo.sewers.network.tie_in import joinable
from xingu_geo.sewers.network.utilisation import utilisation_of
from xingu_geo.sewers.relief.discharge import Discharge
from xingu_geo.sewers.relief.market import upgrade_options
from xingu_geo.sewers.relief.remedies import remedies_of
from xingu_geo.sewers.relief.remedy import Remedy, RemedyKind, applied
from xingu_geo.sewers.relief.ticket import Outcome, Ticket, ticket_of
from xingu_geo.sewers.survey.faults.faults import faults_in
from xingu_geo.sewers.swmm.layout import ExportOptions, layout_of

STEADY = Effluent(0.0, 1.0)
# 2 m/s in 400 mm: 251.3 L/s, more than the weir and the tank let pass.
WIDE = {"kind": "pressure", "diameter_mm": 400.0, "velocity_max_m_s": 2.0}


def _daily_l_s(nodes: pd.DataFrame):
    return nodes["capacity_m3_d"].to_numpy(float) / 86.4


@pytest.fixture
def tank(monkeypatch: pytest.MonkeyPatch) -> Kind:
    """An equalisation tank: it evens the day out, so that it is held against the mean."""
    row = Kind(
        Bilingual("调节池", "equalisation tank"),
        limit_l_s=_daily_l_s,
        figures=("capacity_m3_d",),
        is_mean=True,
        stores=True,
    )
    monkeypatch.setitem(KINDS, "tank", row)
    return row


def _tank_town(loads=()) -> Network:
    """a → tank (8,640 m³/d = 100 L/s on the mean day) → works."""
    tank = {"id": "t", "kind": "tank", "capacity_m3_d": 8640.0, "x_m": 0.0, "y_m": 0.0}
    nodes = ["a", tank, plant("w", x_m=1, y_m=1)]
    links = [link("a", "t", **WIDE), link("t", "w", **WIDE)]
    return network(nodes, links, loads, norms=norms_without_infiltration())


def _ticket_after(town: Network, remedy: Remedy) -> Ticket:
    changed, discharges = applied(town, remedy)
    return ticket_of(assessed_of(changed), discharges)


def test_a_new_kind_is_held_against_the_mean_day_where_its_row_says_so(tank: Kind) -> None:
    # 40 L/s domestic peaks to 2.1 · 40 = 84 in a pipe, but a tank sees 40: 60 L/s of its 100 are left, 5,184 m³/d.
    town = _tank_town([load("a", 3456.0)])
    row = utilisation_of(assessed_of(town), effluent=STEADY).loc["t"]
    assert (row["kind"], row["state"]) == ("tank", "ample")
    assert row["utilisation"] == pytest.approx(0.4)
    assert row["capacity_l_s"] == pytest.approx(100)
    head = headroom_of(assessed_of(town), STEADY).table.loc["a"]
    assert head["headroom_m3_d"] == pytest.approx(5184)
    assert head["binding"] == "t"
    assert joinable(town).to_dict() == {"a": False, "t": True, "w": True}  # a has no place


def test_a_new_kind_stands_in_tickets_and_is_enlarged_by_the_figure_its_row_names(tank: Kind) -> None:
    # 6,000 asked, 5,184 there: 816 missing, and 3,456 + 6,000 m³/d is what the tank must then hold.
    town = _tank_town([load("a", 3456.0)])
    asked = [Discharge("fab", "site", "a", 6000.0, STEADY)]
    ticket = ticket_of(assessed_of(town), asked)
    (conflict,) = ticket.conflicts
    assert (ticket.outcome, conflict.element, conflict.kind) == (Outcome.CONFLICT, "t", "tank")
    assert conflict.missing_m3_d == pytest.approx(816)
    (larger,) = [r for r in remedies_of(town, ticket, planner.upgrade_costs()) if r.kind is RemedyKind.PLANT]
    assert larger.figure == pytest.approx(9456)
    assert larger.is_enough
    assert _ticket_after(town, larger).outcome is Outcome.FITS
    assert upgrade_options(town, "t", planner.upgrade_costs())
    assert ticket_of(assessed_of(town), [Discharge("fab", "site", "a", 5184.0, STEADY)]).outcome is Outcome.FITS


def test_a_kind_that_stores_resets_the_water_level_and_is_a_storage_in_swmm(tank: Kind) -> None:
    pipe = {"diameter_mm": 400.0, "length_m": 100.0}
    nodes = ["a", {"id": "t", "kind": "tank", "capacity_m3_d": 8640.0}, plant("w")]
    town = network(nodes, [link("a", "t", **pipe), link("t", "w", **pipe)], [load("a", 3456.0)])
    # 5 m of water at the works drowns the pipe above it; the tank begins anew, and a stands as if there were none.
    levels = backwater_of(assessed_of(town), levels_m={"w": 5.0}).nodes["level_m"]
    assert levels["a"] == backwater_of(assessed_of(town)).nodes["level_m"]["a"]
    sections = {node.name: node.section for node in layout_of(town, ExportOptions()).nodes}
    assert sections == {"a": "junction", "t": "storage", "w": "outfall"}
    assert "dead_end" not in {fault.code for fault in faults_in(town)}


def test_a_kind_held_against_the_peak_and_a_kind_without_a_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    # A weir that passes 100 L/s at the peak: 40 L/s domestic need 84, 16 are left to steady water, 1,382.4 m³/d.
    row = Kind(Bilingual("堰", "weir"), limit_l_s=_daily_l_s)
    monkeypatch.setitem(KINDS, "weir", row)
    nodes = ["a", {"id": "v", "kind": "weir", "capacity_m3_d": 8640.0}, plant("w")]
    links = [link("a", "v", **WIDE), link("v", "w", **WIDE)]
    town = network(nodes, links, [load("a", 3456.0)], norms=norms_without_infiltration())
    head = headroom_of(assessed_of(town), STEADY).table.loc["a"]
    assert (head["headroom_m3_d"], head["binding"]) == (pytest.approx(16 * 86.4), "v")
    assert assessed_of(town).demand_l_s[town.elements.get_loc("v")] == pytest.approx(84)
    ticket = ticket_of(assessed_of(town), [Discharge("fab", "site", "a", 2000.0, STEADY)])
    kinds = {remedy.kind for remedy in remedies_of(town, ticket, planner.upgrade_costs())}
    assert kinds == {RemedyKind.DISCHARGE, RemedyKind.REUSE}


def test_a_kind_that_is_not_in_the_table_is_refused_by_name() -> None:
    with pytest.raises(XinguError) as caught:
        _tank_town()
    assert (caught.value.code, caught.value.facts["kind"]) == ("sewer_kind_unknown", "tank")


def test_every_kind_says_what_it_is_in_both_languages() -> None:
    for name, kind in KINDS.items():
        assert kind.title.zh, name
        assert kind.title.en, name
        assert bool(kind.figures) == (kind.limit_l_s is not None), name


def test_no_module_compares_a_kind_by_its_name() -> None:
    # In ``sewers/swmm`` and its reader an outfall is also a word of SWMM's own.
    package = Path(xingu_geo.__file__).parent
    wrong, seen = [], 0
    for path in sorted(package.rglob("*.py")):
        names = set(KINDS) - ({"outfall"} if "swmm" in path.as_posix() else set())
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            asked = [node] if isinstance(node, ast.Compare) else []
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("isin", "eq"):
                asked = list(node.args)
            seen += len(asked)
            words = {one.value for part in asked for one in ast.walk(part) if isinstance(one, ast.Constant)}
            wrong += [f"{path.name}:{node.lineno}" for _ in words & names]
    assert seen > 500
    assert not wrong
