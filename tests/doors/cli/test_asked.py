"""The study's options are the same for every command that runs a study, and each reaches the study."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from kit.shipped import place
from kit.six_fields import write_six_fields
from typer.main import get_command

from xingu_geo.doors.cli.asked import Asked, study_of
from xingu_geo.doors.cli.main import app, main
from xingu_geo.study.run.spec import Study

STUDY_COMMANDS = ("rank", "explain", "compare", "export", "assemble", "serve")
OPTIONS = {
    "--project", "--study", "--layers", "--my-layers", "--capacity", "--case", "--set", "--phase", "--preset",
    "--weight", "--method", "--risk", "--missing", "--without-rule",
}  # fmt: skip


@pytest.mark.parametrize("name", STUDY_COMMANDS)
def test_every_command_that_runs_a_study_takes_all_its_options(name: str) -> None:
    command = get_command(app).commands[name]  # type: ignore[attr-defined]
    assert {option for parameter in command.params for option in parameter.opts} >= OPTIONS


def test_what_is_typed_reaches_the_study(tmp_path: Path) -> None:
    file = tmp_path / "study.toml"
    file.write_text('method = "owa"\nphase = "2027"\n[project]\ntype = "fab12"\ncapacity = 30000\n', encoding="utf-8")
    plain = study_of(Asked(study=file), place())
    assert (plain.method, plain.phase, plain.project.capacity) == ("owa", "2027", 30_000)
    typed = study_of(
        Asked(study=file, phase="2030", risk=0.2, missing="worst", without=["status"], changes=["wastewater_m3_d=9"]),
        place(),
    )
    assert (typed.method, typed.phase, typed.risk, typed.missing) == ("owa", "2030", 0.2, "worst")
    assert typed.skip_rules == ("status",)
    assert typed.project.set == {"wastewater_m3_d": 9.0}
    # Another project does not inherit the first one's capacity.
    assert study_of(Asked(study=file, project="pkg_adv"), place()).project.capacity is None
    assert study_of(Asked(), place()) == Study()


@pytest.fixture
def told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """What a command prints on Six Fields."""
    place = write_six_fields(tmp_path / "place")

    def run(*arguments: str) -> str:
        with pytest.raises(SystemExit) as left:
            main([*arguments, "--layers", str(place)])
        said = capsys.readouterr()
        assert left.value.code in (0, None), said.err
        return said.out

    return run


def test_a_rule_left_out_lets_its_sites_in(told: Callable[..., str], tmp_path: Path) -> None:
    def eligible(*extra: str) -> int:
        return int(json.loads(told("rank", "--json", "--out", str(tmp_path / "out"), *extra))["eligible"])

    # D is out for being occupied alone, so without that rule it comes in.
    assert eligible("--without-rule", "status") == eligible() + 1


def test_the_case_for_a_site_is_written_and_said(told: Callable[..., str], tmp_path: Path) -> None:
    file = tmp_path / "case.html"
    said = told("explain", "A", "--report", str(file))
    assert str(file) in said.splitlines()[-1]
    page = file.read_text(encoding="utf-8")
    assert "<h2>得分从哪里来</h2>" in page
    assert "次抽样中" in page


def test_two_methods_are_compared(told: Callable[..., str]) -> None:
    same = json.loads(told("compare", "--json", "--with-method", "weighted_sum"))
    other = json.loads(told("compare", "--json", "--with-method", "weighted_product"))
    assert same["agreement"] == 1.0
    assert same != other
