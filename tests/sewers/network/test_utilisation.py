"""Flow over limit, where there may be no limit to divide by."""

from __future__ import annotations

import numpy as np
import pytest

from xingu_geo.sewers.network.utilisation import shares_used


def test_a_starved_pump_is_over_however_little_flows_and_empty_if_nothing_does() -> None:
    used = shares_used(np.array([50.0, 0.0, 3.0]), np.array([100.0, 0.0, 0.0]))
    assert used == pytest.approx([0.5, 0.0, np.inf])


def test_an_unknown_or_absent_limit_stays_what_it_is() -> None:
    used = shares_used(np.array([1.0, 1.0]), np.array([np.nan, np.inf]))
    assert used == pytest.approx([np.nan, 0.0], nan_ok=True)
