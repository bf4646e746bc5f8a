"""Redraw every shipped layer: ``python -m layers.draw`` (``--out DIR`` to draw somewhere else).

Comes in: facts and seeds. Goes out: ``layers/<group>/*``; the same bytes each time. Must not know: the engine.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from layers.draw import actors, carriers, context, land, people, sewers, structure, terrain


def main() -> None:
    """Draw all groups, in the order in which they rest on one another."""
    parser = argparse.ArgumentParser(description="Redraw the shipped layers.")
    parser.add_argument("--out", type=Path, default=Path(__file__).resolve().parents[1])
    out = parser.parse_args().out
    for step in (structure, actors, context, carriers, land, people, sewers, terrain):
        step.draw(out)


if __name__ == "__main__":
    main()
