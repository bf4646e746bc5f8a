"""Whether this tree ranks as an earlier commit did: ``ranking.geojson`` of every project type, feature by feature.

``python -m benchmarks.same 3653d99``: the commit is checked out beside, both rank the shipped layers as they stand
here with nothing kept, and every property that differs is told, with how many sites it differs for. Exit code 1
where any does.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import tomllib
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]


def ranked(tree: Path, project: str, out: Path) -> dict[str, dict[str, Any]]:
    """The features of the ranking that ``tree`` makes for ``project``, by id, each with its geometry."""
    command = [sys.executable, "-m", "xingu_geo", "rank", "--project", project, "--layers", str(ROOT / "layers")]
    environment = {**os.environ, "XINGU_GEO_CACHE": "off"}
    _run([*command, "--out", str(out), "--json"], tree, environment)
    features = json.loads((out / "ranking.geojson").read_text(encoding="utf-8"))["features"]
    return {one["id"]: {**one["properties"], "geometry": one["geometry"]} for one in features}


def differences(before: dict[str, dict[str, Any]], after: dict[str, dict[str, Any]]) -> Counter[str]:
    """For how many sites each property differs; a site that only one of them has counts as ``site``."""
    found: Counter[str] = Counter()
    for site in before.keys() | after.keys():
        if site not in before or site not in after:
            found["site"] += 1
            continue
        one, two = before[site], after[site]
        found.update(name for name in one.keys() | two.keys() if one.get(name) != two.get(name))
    return found


def _run(command: list[str], folder: Path, environment: Mapping[str, str]) -> None:
    # Our own interpreter and git, on trees of this project.
    subprocess.run(command, cwd=folder, env=dict(environment), check=True, capture_output=True)  # noqa: S603


def main() -> int:
    """Compare every project type, or those that are named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("commit")
    parser.add_argument("projects", nargs="*")
    asked = parser.parse_args()
    types = tomllib.loads((ROOT / "data" / "project_types.toml").read_text(encoding="utf-8"))
    is_same = True
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder) / "tree"
        _run(["git", "clone", "-q", "--no-checkout", str(ROOT), str(tree)], ROOT, os.environ)
        _run(["git", "checkout", "-q", asked.commit], tree, os.environ)
        for project in asked.projects or types:
            before, after = (ranked(one, project, Path(folder) / name) for one, name in ((tree, "a"), (ROOT, "b")))
            found = differences(before, after)
            is_same &= not found
            told = ", ".join(f"{name} ({count})" for name, count in found.most_common()) or "the same"
            sys.stdout.write(f"{project:<16} {len(after):>5} sites  {told}\n")
    return 0 if is_same else 1


if __name__ == "__main__":
    sys.exit(main())
