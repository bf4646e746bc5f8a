"""The one test command, ``python tests``: lint, format, types, layers, tests. Extra arguments go to pytest.

The examples of the property tests are the same on every machine and in every run. ``python tests --explore`` searches
at random instead; ``--hypothesis-seed N`` beside it repeats one search.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def steps(arguments: list[str]) -> tuple[tuple[str, list[str]], ...]:
    """Each step's name and the module it runs."""
    parser = argparse.ArgumentParser(prog="python tests", description=__doc__, allow_abbrev=False)
    parser.add_argument("--explore", action="store_true", help="try random examples; --hypothesis-seed N repeats them")
    asked, others = parser.parse_known_args(arguments)
    profile = ["--hypothesis-profile", "explore"] if asked.explore else []
    return (
        ("lint", ["ruff", "check", "."]),
        ("format", ["ruff", "format", "--check", "."]),
        ("types", ["mypy"]),
        ("layers", ["xingu_geo", "check"]),
        ("tests", ["pytest", "-n", "auto", "--dist", "loadfile", *profile, *others]),
    )


def main() -> int:
    """Run every step, say which failed, and return 1 if one did."""
    failed = []
    for name, module in steps(sys.argv[1:]):
        print(f"== {name}", flush=True)
        if subprocess.run([sys.executable, "-m", *module], cwd=ROOT, check=False).returncode:
            failed.append(name)
    print(f"failed: {', '.join(failed)}" if failed else "all steps passed", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
