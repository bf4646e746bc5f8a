"""The sewers at the command line, on the shipped network and on one that came out of SWMM's format."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from xingu_geo.doors.cli.main import main


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XINGU_GEO_LANG", "en")


class Command:
    """Runs ``xingu-geo capacity …`` in this process."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def run(self, *arguments: str) -> tuple[int, str, str]:
        """Exit code, stdout, stderr."""
        with pytest.raises(SystemExit) as stop:
            main(["capacity", *arguments])
        told = self._capsys.readouterr()
        return int(stop.value.code or 0), told.out, told.err

    def json(self, *arguments: str) -> Any:
        """What ``--json`` prints."""
        code, out, err = self.run(*arguments, "--json")
        assert (code, err) == (0, "")
        return json.loads(out)

    def refusal(self, *arguments: str) -> str:
        """The one sentence of a refusal."""
        code, out, err = self.run(*arguments)
        assert (code, out) == (2, "")
        assert len(err.strip().splitlines()) == 1
        return err


@pytest.fixture
def capacity(capsys: pytest.CaptureFixture[str]) -> Command:
    """The command."""
    return Command(capsys)


def _tight_node(capacity: Command) -> dict[str, Any]:
    """The node of the shipped network with the least positive headroom, in the present phase."""
    nodes = capacity.json("headroom")["nodes"]
    return min((node for node in nodes if (node["headroom_m3_d"] or 0) > 50), key=lambda node: node["headroom_m3_d"])


def test_a_node_says_what_binds_and_what_would_bind_next(capacity: Command) -> None:
    node = _tight_node(capacity)
    assert node["binding"]
    assert node["headroom_2_m3_d"] >= node["headroom_m3_d"]
    code, out, _ = capacity.run("headroom", node["node"])
    assert code == 0
    assert node["binding"] in out
    assert "illustrative only" in out


def test_exactly_the_headroom_fits_and_one_more_does_not(capacity: Command) -> None:
    node = _tight_node(capacity)
    room = node["headroom_m3_d"]
    for flow, outcome in ((room * (1 - 1e-12), "fits"), (room + 1, "conflict")):
        asked = ("ticket", "--project", "fab12", "--site", node["node"], "--set", f"wastewater_m3_d={flow!r}")
        assert capacity.json(*asked, "--network", "layers/sewers")["outcome"] == outcome


def test_the_figure_of_a_ticket_applied_makes_the_project_fit(capacity: Command) -> None:
    node = _tight_node(capacity)
    flow = node["headroom_m3_d"] + 500
    ticket = ("ticket", "--project", "fab12", "--site", node["node"], "--network", "layers/sewers")
    told = capacity.json(*ticket, "--set", f"wastewater_m3_d={flow!r}")
    worst = max(conflict["missing_m3_d"] for conflict in told["conflicts"])
    assert worst == pytest.approx(500, abs=1e-6)
    smaller = next(remedy for remedy in told["remedies"] if remedy["kind"] == "discharge")
    assert smaller["is_enough"]
    for kept, outcome in ((smaller["figure"], "fits"), (smaller["figure"] + 1, "conflict")):
        assert capacity.json(*ticket, "--set", f"wastewater_m3_d={kept!r}")["outcome"] == outcome


def test_a_conflict_names_its_users_in_the_order_of_promise(capacity: Command) -> None:
    node = _tight_node(capacity)
    asked = ("ticket", "--project", "fab12", "--site", node["node"], "--set", "wastewater_m3_d=90000")
    conflict = capacity.json(*asked, "--network", "layers/sewers")["conflicts"][0]
    states = [user["state"] for user in conflict["users"]]
    order = {"existing": 0, "committed": 1, "reserved": 2}
    assert [order[state] for state in states] == sorted(order[state] for state in states)
    assert states[-1] == "reserved"
    assert conflict["since"] in {user["load"] for user in conflict["users"]}
    assert sum(conflict["used_m3_d"].values()) == pytest.approx(sum(user["mean_m3_d"] for user in conflict["users"]))


def test_the_cheapest_works_make_it_fit(capacity: Command) -> None:
    node = _tight_node(capacity)
    flow = f"wastewater_m3_d={node['headroom_m3_d'] + 500!r}"
    asked = ("upgrade", "--project", "fab12", "--site", node["node"], "--network", "layers/sewers")
    plan = capacity.json(*asked, "--set", flow)
    assert plan["is_possible"]
    assert plan["is_cheapest"]
    assert plan["upgrades"]
    assert all(element["utilisation_after"] <= 1 + 1e-9 for element in plan["elements"].values())
    less = f"wastewater_m3_d={node['headroom_m3_d'] / 2!r}"
    assert capacity.json(*asked, "--set", less)["upgrades"] == []


def test_a_network_goes_out_to_swmm_and_comes_back(capacity: Command, tmp_path: Path) -> None:
    file, folder = tmp_path / "net.inp", tmp_path / "net"
    assert capacity.json("export-swmm", str(file))["phase"] == "present"
    capacity.json("import-swmm", str(file), "--out", str(folder), "--crs", "EPSG:4549")
    ours = {node["node"]: node["headroom_m3_d"] for node in capacity.json("headroom")["nodes"]}
    back = {
        node["node"]: node["headroom_m3_d"] for node in capacity.json("headroom", "--network", str(folder))["nodes"]
    }
    assert set(ours) <= set(back)
    known = [name for name, room in ours.items() if room is not None]
    assert len(known) > 100
    assert [name for name in known if back[name] != pytest.approx(ours[name], rel=0.02, abs=20)] == []


def test_phases_are_told_apart(capacity: Command) -> None:
    curve = {row["phase"]: row for row in capacity.json("curve", "WWTP-LJ")["curve"]}
    # Every approval counted and nothing built can only be fuller than today.
    assert curve["promised"]["utilisation"] > curve["present"]["utilisation"]
    assert capacity.json("elements", "--phase", "2030")["phase"] == "2030"


def test_the_shipped_network_has_no_errors_and_a_broken_one_is_named(capacity: Command, tmp_path: Path) -> None:
    assert [fault for fault in capacity.json("faults") if fault["severity"] == "error"] == []
    (tmp_path / "nodes.csv").write_text(
        "node_id,kind,ground_m,invert_m\nA,manhole,6,3\nB,manhole,6,2.9\nO,outfall,6,2\n", encoding="utf-8"
    )
    (tmp_path / "links.csv").write_text(
        "link_id,from_node,to_node,kind,diameter_mm,length_m,invert_from_m,invert_to_m\n"
        "P1,A,B,gravity,400,50,3,2.9\nP2,B,A,gravity,400,50,2.9,3\nP3,B,O,gravity,400,50,2.9,2\n",
        encoding="utf-8",
    )
    code, out, _ = capacity.run("faults", "--network", str(tmp_path))
    assert code == 1
    assert "P1" in out or "A" in out


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("headroom", "NOWHERE"), "NOWHERE"),
        (("ticket", "--project", "fab12", "--site", "NOWHERE"), "NOWHERE"),
        (("ticket", "--project", "fab13", "--site", "HZJ-N01"), "fab13"),
        (("curve", "NOTHING"), "NOTHING"),
        (("elements", "--phase", "2999"), "2999"),
        (("elements", "--network", "no/such/folder"), "folder"),
        (("import-swmm", "missing.inp", "--out", "x"), "missing.inp"),
    ],
)
def test_bad_input_is_one_sentence(capacity: Command, arguments: tuple[str, ...], word: str) -> None:
    assert word in capacity.refusal(*arguments)


def test_the_water_surface_names_the_pipes_that_drown(capacity: Command) -> None:
    links = capacity.json("backwater")["links"]
    deep = [link["link"] for link in links if link["state"] in ("over", "backwater", "end_drowned")]
    code, out, _ = capacity.run("backwater")
    assert code == 0
    assert len(links) > 100
    assert all(name in out for name in deep)


def test_swmm_confirms_the_shipped_network(capacity: Command) -> None:
    told = capacity.json("check-swmm")
    assert told["links"] > 100
    assert told["flow"] < 0.001
    assert told["close"] >= 0.95
