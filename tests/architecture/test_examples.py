"""The property tests try the same examples everywhere, unless asked to explore."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
# Hypothesis tries the numbers of every module that is loaded and is no library.
FIGURES = "FIGURES = [" + ", ".join(f"{n}, {n}.5, 'name{n}'" for n in range(1000, 1200)) + "]\n"


def drawn(folder: Path, *options: str, hash_seed: int) -> list[str]:
    """The examples of ``kit/drawn.py`` in a fresh process."""
    folder.mkdir()
    (folder / "figures.py").write_text(FIGURES, encoding="utf-8")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    into = folder / "drawn.txt"
    environment = {"PYTHONPATH": str(folder), "PYTHONHASHSEED": str(hash_seed), "XINGU_GEO_DRAWN": str(into)}
    command = [sys.executable, "-m", "pytest", "tests/kit/drawn.py", "-p", "no:cacheprovider", *options]
    subprocess.run(command, cwd=ROOT, env={**kept, **environment}, check=True, stdout=subprocess.DEVNULL)
    return into.read_text(encoding="utf-8").splitlines()


def test_examples_depend_neither_on_the_process_nor_on_what_it_has_loaded(tmp_path: Path) -> None:
    alone = drawn(tmp_path / "alone", "-n", "0", hash_seed=1)
    spread = drawn(tmp_path / "spread", "-n", "2", "-p", "figures", hash_seed=2)
    assert len(alone) >= 100
    assert alone == spread


def test_exploring_tries_other_examples_and_a_seed_repeats_them(tmp_path: Path) -> None:
    explore = ("-n", "0", "--hypothesis-profile", "explore", "--hypothesis-seed")
    first = drawn(tmp_path / "first", *explore, "1", hash_seed=1)
    assert first == drawn(tmp_path / "again", *explore, "1", hash_seed=2)
    assert first != drawn(tmp_path / "other", *explore, "2", hash_seed=1)
