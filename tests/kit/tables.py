"""The planner's tables as shipped, read once for every test that needs one.

Comes in: the project's ``data/``. Goes out: one table each. Must not know: layers.
"""

from __future__ import annotations

from functools import cache

from xingu_geo.ground.base.settings import data_dir
from xingu_geo.places.intake.fields import FieldsSpec
from xingu_geo.places.place.tables import Tables
from xingu_geo.sewers.network.norms import Norms
from xingu_geo.sewers.network.phases import Phases
from xingu_geo.sewers.network.pollutants import Pollutants
from xingu_geo.sewers.relief.costs import UpgradeCosts
from xingu_geo.sewers.survey.columns import FieldNames
from xingu_geo.study.run.stages import open_tables


@cache
def tables() -> Tables:
    """All of them."""
    return open_tables(data_dir())


def norms() -> Norms:
    """The sewer norms."""
    return tables().norms


def phases() -> Phases:
    """The phases."""
    return tables().phases


def pollutants() -> Pollutants:
    """The pollutants."""
    return tables().pollutants


def upgrade_costs() -> UpgradeCosts:
    """The costs of works."""
    return tables().costs


def field_names() -> FieldNames:
    """The words of a sewer survey."""
    return tables().survey_names


def fields() -> FieldsSpec:
    """The words of files that come in."""
    return tables().fields
