"""A property test that writes down what it was given; ``test_examples`` runs it in processes of its own.

Comes in: the file named in ``XINGU_GEO_DRAWN``. Goes out: one line per example. Must not know: what is made of it.
"""

from __future__ import annotations

import os
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st


@given(st.floats(), st.integers(), st.text(), st.lists(st.sampled_from("abc")), st.randoms(use_true_random=False))
def test_anything(share: float, count: int, name: str, row: list[str], chance: object) -> None:
    with Path(os.environ["XINGU_GEO_DRAWN"]).open("a", encoding="utf-8") as file:
        print(ascii((share, count, name, row, chance.random())), file=file)  # type: ignore[attr-defined]
