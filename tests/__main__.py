"""The one test command, ``python tests``: lint, format, types, layers, tests. Extra arguments go to pytest."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
STEPS = (
    ("lint", ["ruff", "check", "."]),
    ("format", ["ruff", "format", "--check", "."]),
    ("types", ["mypy"]),
    ("layers", ["xingu_geo", "check"]),
    ("tests", ["pytest", "-n", "auto", "--dist", "loadfile", *sys.argv[1:]]),
)


def main() -> int:
    """Run every step, say which failed, and return 1 if one did."""
    failed = []
    for name, module in STEPS:
        print(f"== {name}", flush=True)
        if subprocess.run([sys.executable, "-m", *module], cwd=ROOT, check=False).returncode:
            failed.append(name)
    print(f"failed: {', '.join(failed)}" if failed else "all steps passed", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
