"""Passports as tables for a reader.

Comes in: a catalogue. Goes out: tables in one language. Must not know: Streamlit.
"""

from __future__ import annotations

import pandas as pd

from xingu_geo.base.say import Lang, say, texts
from xingu_geo.base.units import unit_label
from xingu_geo.catalogue.passport import Passport
from xingu_geo.catalogue.read import Catalogue
from xingu_geo.planning.chain import STAGE_LABELS, Stage


def passports_table(place: Catalogue, lang: Lang) -> pd.DataFrame:
    """One row for each layer, the least sure first."""
    passports = sorted((place.passport(role) for role in place), key=lambda one: (-one.confidence.weakness, one.id))
    return pd.DataFrame(
        {
            "title": [one.title.to(lang) for one in passports],
            "confidence": [say(f"confidence.{one.confidence}", lang) for one in passports],
            "accuracy": [one.positional_accuracy_m for one in passports],
            "features": [one.features for one in passports],
            "valid": [one.valid_on.isoformat() for one in passports],
            "version": [one.version for one in passports],
            "licence": [one.licence for one in passports],
            "sources": [say("ui.and", lang).join(one.sources) for one in passports],
        }
    )


def fields_table(passport: Passport, lang: Lang) -> pd.DataFrame:
    """The columns of a layer, what they mean, in which unit."""
    return pd.DataFrame(
        {
            "name": [field.name for field in passport.fields],
            "meaning": [field.meaning.to(lang) for field in passport.fields],
            "unit": [unit_label(field.unit) for field in passport.fields],
        }
    )


def unplaced_table(place: Catalogue, lang: Lang) -> pd.DataFrame:
    """The actors without a location."""
    if "actors" not in place:
        return pd.DataFrame()
    actors = place.vector("actors").table
    lost = actors[actors.geometry.isna()]
    return pd.DataFrame(
        {
            "id": lost.index.astype(str),
            "name": lost[f"name_{lang}"].astype(str),
            "stage": [_stage(str(stage), lang) for stage in lost.get("stage", pd.Series("", lost.index))],
            "section": lost.get("section", pd.Series("", lost.index)).astype(str),
        }
    )


def _stage(name: str, lang: Lang) -> str:
    return STAGE_LABELS[Stage(name)].to(lang) if name in set(Stage) else name or texts(lang)["ui.unknown"]
