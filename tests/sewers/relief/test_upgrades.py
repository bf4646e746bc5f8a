"""Cheapest upgrades: as cheap as trying every combination, and they do make it fit."""

from __future__ import annotations

import math
import tomllib
from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from kit import tables as planner
from kit.sewers import link, load, network, norms_without_infiltration, overfull, plant, random_network, station

from xingu_geo.ground.base.errors import XinguError
from xingu_geo.ground.base.settings import data_dir
from xingu_geo.ground.base.specs import read_spec
from xingu_geo.sewers.network.assessed import assessed_of
from xingu_geo.sewers.network.headroom import Effluent, headroom_of
from xingu_geo.sewers.network.limits import capacity_of
from xingu_geo.sewers.network.network import Network
from xingu_geo.sewers.relief import market
from xingu_geo.sewers.relief.costs import UpgradeCosts
from xingu_geo.sewers.relief.discharge import Discharge, with_discharges
from xingu_geo.sewers.relief.market import Upgrade, Works, is_enough, upgrade_options
from xingu_geo.sewers.relief.remedies import remedies_of
from xingu_geo.sewers.relief.remedy import RemedyKind, applied
from xingu_geo.sewers.relief.ticket import Outcome, ticket_of, ways_of
from xingu_geo.sewers.relief.upgrades import built_with, cheapest_upgrades, cost_of, solved
from xingu_geo.sewers.relief.users import users_of

COSTS = planner.upgrade_costs()


def few_sizes(costs: UpgradeCosts) -> UpgradeCosts:
    """A market of two sizes of pipe and two pump counts, so that every combination can be tried."""
    pipes = {
        kind: getattr(costs, kind).model_copy(update={"diameter_mm": (800.0, 1600.0), "cost_10k_cny_m": (0.4, 1.2)})
        for kind in ("gravity", "pressure")
    }
    duty = costs.pump_duty_max.model_copy(update={"value": 2})
    module = costs.plant_module_m3_d.model_copy(update={"value": 20_000})
    return costs.model_copy(update={**pipes, "pump_duty_max": duty, "plant_module_m3_d": module})


def by_trying_every_combination(net: Network, discharges: list[Discharge], costs: UpgradeCosts) -> float:
    """The least cost at which an independent forward check finds nothing over on the discharges' ways; inf if none.

    Works elsewhere never make less water pass an element, so an option that leaves its element over when built alone
    is in no combination that fits; an element that is not over needs no works.
    """
    after = assessed_of(with_discharges(net, discharges))
    over = sorted(overfull(after.network) & set(ways_of(net, discharges).index))
    demand = {element: users_of(after, element)["demand_l_s"].iloc[-1] for element in over}
    useful = [
        [option for option in upgrade_options(net, element, costs) if helps(net, discharges, option, demand[element])]
        for element in over
    ]
    for combination in sorted(product(*useful), key=lambda upgrades: cost_of(upgrades, costs)):
        built = built_with(net, combination)
        if not overfull(with_discharges(built, discharges)) & set(ways_of(built, discharges).index):
            return cost_of(combination, costs)
    return math.inf


def helps(net: Network, discharges: list[Discharge], option: Upgrade, demand_l_s: float) -> bool:
    """Whether the element is no longer over once the option alone is built; cheap where only a limit changes."""
    built = built_with(net, [option])
    if option.links:
        twins = {link.id for link in option.links}
        return not overfull(with_discharges(built, discharges)) & {option.element, *twins}
    limit = capacity_of(built).limit_l_s[built.elements.get_loc(option.element)]
    return bool(demand_l_s <= limit * (1 + 1e-9))


def crowded(seed: int) -> tuple[Network, list[Discharge]]:
    """A town of nine nodes and two projects somewhat too large for it."""
    net = random_network(seed, 9, load_m3_d=1500.0, splits=0.2)
    rng = np.random.default_rng(seed)
    found = []
    for number in range(2):
        effluent = Effluent(float(rng.uniform(0, 1)), float(rng.uniform(1, 2)))
        room = headroom_of(assessed_of(net), effluent).table["headroom_m3_d"]
        room = room[(room > 1) & np.isfinite(room)]
        if room.empty:
            break
        node = str(rng.choice(room.index))
        flow = float(min(room[node] * rng.uniform(0.6, 2.5), 40_000))
        found.append(Discharge(f"p{number}", f"s{number}", node, flow, effluent))
    return net, found


@pytest.mark.parametrize("part", range(8))
def test_the_cheapest_upgrades_of_200_random_networks_cost_what_trying_every_combination_finds(part, monkeypatch):
    monkeypatch.setattr(market, "PLANT_MODULES_MAX", 4)
    costs, worked, dear = few_sizes(COSTS), 0, 0
    for seed in range(part * 25, part * 25 + 25):
        net, discharges = crowded(seed)
        if not discharges:
            continue
        plan = cheapest_upgrades(net, discharges, costs)
        expected = by_trying_every_combination(net, discharges, costs)
        if math.isinf(expected):
            assert plan.unresolved
            continue
        assert plan.is_cheapest
        assert plan.cost_10k_cny == pytest.approx(expected)
        assert ticket_of(assessed_of(plan.network), discharges).outcome is Outcome.FITS
        worked += 1
        dear += len(plan.upgrades) > 1
    assert worked > 10
    assert dear >= 1


def test_two_pumps_too_few_cost_what_arithmetic_says():
    net = network(
        ["a", station("lift", 100.0), plant("works")],
        [link("a", "lift", diameter_mm=3000.0), link("lift", "works", diameter_mm=3000.0)],
        norms=norms_without_infiltration(),
    )
    # 30,000 m³/d at K' 1: 347.2 L/s, four pumps of 100 L/s: three more, 300 L/s; or four of 125: 500 > 347, three times
    # the rating: 300 < 347. More pumps: 300 · 0.9 + 60 = 330; the larger pumps alone never reach 347.
    plan = cheapest_upgrades(net, [Discharge("p", "s", "a", 30_000.0, Effluent(0.0, 1.0))], COSTS)
    (upgrade,) = plan.upgrades
    assert (upgrade.element, upgrade.works, upgrade.figure) == ("lift", Works.MORE_PUMPS, 4)
    assert plan.cost_10k_cny == pytest.approx(300 * COSTS.pump_l_s.value + COSTS.mobilisation.value)
    assert plan.table.loc["lift", ["state_before", "state_after"]].tolist() == ["over", "nearly_full"]


def test_a_pipe_too_small_for_whole_pumps_is_enlarged_and_not_the_pumps():
    net = network(
        ["a", station("lift", 200.0, duty=2, pump_drive="fixed"), plant("works")],
        [
            link("a", "lift", diameter_mm=3000.0),
            link("lift", "works", kind="pressure", diameter_mm=400.0, velocity_max_m_s=2.0, material="steel"),
        ],
        norms=norms_without_infiltration(),
    )
    # 20,000 m³/d at K' 1 arrive: 231.5 L/s, so two whole pumps run and send 400 L/s; DN400 at 2 m/s takes 251.3 L/s,
    # that is one pump. At 2 m/s 400 L/s need √(4 · 0.4 / (2π)) = 504.6 mm, on the market DN600 at 0.34; a second DN400
    # beside the first takes 502.7 L/s with it and costs 0.19.
    discharges = [Discharge("p", "s", "a", 20_000.0, Effluent(0.0, 1.0))]
    (conflict,) = ticket_of(assessed_of(net), discharges).conflicts
    assert (conflict.element, conflict.binder) == ("lift", "lift-works")
    assert conflict.available_m3_d == pytest.approx(200 * 86.4)
    (remedy,) = [
        r for r in remedies_of(net, ticket_of(assessed_of(net), discharges), COSTS) if r.kind is RemedyKind.PIPE
    ]
    assert remedy.figure == pytest.approx(504.63, abs=0.01)
    assert remedy.is_enough
    plan = cheapest_upgrades(net, discharges, COSTS)
    assert [(u.element, u.works, u.figure) for u in plan.upgrades] == [("lift-works", Works.PARALLEL, 400.0)]
    assert plan.cost_10k_cny == pytest.approx(0.19 * 500 + 60)
    assert plan.is_cheapest


def test_pipes_of_one_town_share_a_mobilisation():
    net = network(
        [{"id": "a", "town": "T"}, {"id": "b", "town": "T"}, {"id": "c", "town": "U"}, plant("works")],
        [link("a", "b", diameter_mm=300.0), link("b", "c", diameter_mm=300.0), link("c", "works", diameter_mm=300.0)],
    )
    plan = cheapest_upgrades(net, [Discharge("p", "s", "a", 9000.0, Effluent(0.0, 1.2))], COSTS)
    assert len(plan.upgrades) == 3
    assert len({upgrade.site_works for upgrade in plan.upgrades}) == 2
    works = sum(upgrade.cost_10k_cny for upgrade in plan.upgrades)
    assert plan.cost_10k_cny == pytest.approx(works + 2 * COSTS.mobilisation.value)


def test_what_fits_already_costs_nothing():
    net = network(["a", plant("works")], [link("a", "works")], [load("a", 100.0)])
    plan = cheapest_upgrades(net, [Discharge("p", "s", "a", 10.0, Effluent(0.1, 1.2))], COSTS)
    assert (plan.upgrades, plan.cost_10k_cny, plan.is_possible, plan.is_cheapest) == ((), 0.0, True, True)
    assert not plan.table["is_changed"].any()


def test_what_nothing_on_the_market_carries_is_named():
    net = network(["a", plant("works")], [link("a", "works", diameter_mm=300.0)])
    plan = cheapest_upgrades(net, [Discharge("p", "s", "a", 5e6, Effluent(0.0, 1.2))], COSTS)
    assert plan.unresolved == ("a-works",)
    assert not plan.is_possible
    assert math.isnan(plan.cost_10k_cny)


def test_an_option_is_enough_exactly_when_the_built_element_is_not_over():
    checked = 0
    for seed in range(12):
        net, discharges = crowded(seed)
        after = assessed_of(with_discharges(net, discharges))
        over = overfull(with_discharges(net, discharges)) & set(ways_of(net, discharges).index)
        for element in over:
            for option in upgrade_options(net, element, few_sizes(COSTS))[:8]:
                built = built_with(net, [option])
                left = overfull(with_discharges(built, discharges)) & {element, *(item.id for item in option.links)}
                assert is_enough(after, option) == (not left)
                checked += 1
    assert checked > 30


def test_a_choice_that_is_ruled_out_gives_way_to_the_next_cheapest():
    # two options, the cheaper one ruled out: the row −x0 ≥ 0
    rows = [({0: 1.0, 1: 1.0}, 1.0), ({0: -1.0}, 0.0)]
    assert solved([1.0, 5.0], ["g", "g"], rows, COSTS).tolist() == [0.0, 1.0]
    assert solved([1.0], ["g"], [({0: 1.0}, 1.0), ({0: -1.0}, 0.0)], COSTS) is None


def test_costs_are_validated_with_file_and_key(tmp_path):
    text = "\n".join(
        [
            "[gravity]",
            "diameter_mm = [300, 200]",
            "cost_10k_cny_m = [1, 2]",
            'source = "x"',
            'confidence = "assumption-illustrative"',
        ]
    )
    (tmp_path / "costs.toml").write_text(text, encoding="utf-8")
    with pytest.raises(XinguError) as refusal:
        read_spec(UpgradeCosts, tmp_path / "costs.toml")
    assert "costs.toml" in refusal.value.sentence("zh")
    assert COSTS.is_illustrative
    assert COSTS.gravity.next_size(610) == 800
    assert math.isnan(COSTS.gravity.next_size(9000))
    assert math.isnan(COSTS.gravity.of(601))


def test_every_cost_names_a_source_of_the_list():
    known = tomllib.loads((data_dir() / "sources.toml").read_text(encoding="utf-8"))
    figures = tomllib.loads((data_dir() / "upgrade_costs.toml").read_text(encoding="utf-8"))
    assert len(figures) == len(UpgradeCosts.model_fields)
    assert {figure["source"] for figure in figures.values()} <= set(known)


def test_pumps_that_starve_a_neighbour_on_their_main_are_not_the_cheapest_works():
    main = {"kind": "pressure", "material": "steel", "velocity_max_m_s": 2.0, "diameter_mm": 500.0}
    main |= {"invert_from_m": math.nan, "invert_to_m": math.nan}
    net = network(
        [
            "a",
            "b",
            station("s1", 150.0, invert_m=0.0),
            station("s2", 150.0, invert_m=0.0),
            "j",
            plant("works", invert_m=8.0),
        ],
        [
            link("a", "s1", diameter_mm=2000.0),
            link("b", "s2", diameter_mm=2000.0),
            link("s1", "j", length_m=500.0, **main),
            link("s2", "j", length_m=500.0, **main),
            link("j", "works", length_m=3000.0, **main),
        ],
        [load("b", 0.0, 3000.0)],
        norms=norms_without_infiltration(),
    )
    discharges = [Discharge("p", "s", "a", 10_000.0, Effluent(0.0, 1.0))]
    cheap = next(o for o in upgrade_options(net, "s1", COSTS) if o.works is Works.MORE_PUMPS)
    assert overfull(with_discharges(built_with(net, [cheap]), discharges)) == {"s2"}  # enough for s1, too much for s2
    plan = cheapest_upgrades(net, discharges, COSTS)
    assert plan.is_cheapest
    assert plan.cost_10k_cny > cost_of([cheap], COSTS)
    assert not overfull(with_discharges(plan.network, discharges))
    (pump,) = [r for r in remedies_of(net, ticket_of(assessed_of(net), discharges), COSTS) if r.kind is RemedyKind.PUMP]
    assert pump.is_enough
    changed, placed = applied(net, pump)
    assert not overfull(with_discharges(changed, placed))
    (change,) = pump.changes
    less = replace(pump, changes=(replace(change, value=change.value - 0.1),))
    assert overfull(with_discharges(*applied(net, less)))
