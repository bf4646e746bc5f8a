"""Passports as tables for a reader, and what each layer decides.

Comes in: a catalogue, rules, criteria, sources. Goes out: tables in one language. Must not know: Streamlit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd

from xingu_geo.ground.base.confidence import Confidence
from xingu_geo.ground.base.say import Lang, say, texts
from xingu_geo.ground.base.units import unit_label
from xingu_geo.ground.catalogue.passport import Passport
from xingu_geo.ground.catalogue.read import Catalogue
from xingu_geo.ground.catalogue.sources import Source
from xingu_geo.ground.planning.asking import Asking
from xingu_geo.ground.planning.chain import STAGE_LABELS, Stage
from xingu_geo.places.intake.fields import FieldsSpec
from xingu_geo.places.place.tables import Tables
from xingu_geo.study.run.defending import layers_behind

# Text and background of each class, best first: from cool and sure to warm and doubtful.
COLOURS: Final[Mapping[Confidence, tuple[str, str]]] = {
    Confidence.SURVEYED: ("#14532d", "#dcf3e4"),
    Confidence.OFFICIAL_MAP: ("#1e3a8a", "#dfe9fd"),
    Confidence.DIGITISED: ("#155e75", "#d8f1f6"),
    Confidence.INFERRED: ("#713f12", "#fdf3c4"),
    Confidence.ILLUSTRATIVE: ("#8a4b08", "#fdeccd"),
}


@dataclass(frozen=True, slots=True)
class Uses:
    """The titles of the rules and criteria that look at a layer."""

    excluding: tuple[str, ...]
    flagging: tuple[str, ...]
    criteria: tuple[str, ...]

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.excluding) + len(self.flagging) + len(self.criteria)


def uses_of(role: str, tables: Tables, lang: Lang) -> Uses:
    """Which rules and criteria look at the layer of ``role``."""
    rules = [rule for rule in tables.rules if role in layers_behind((rule,))]
    return Uses(
        excluding=tuple(rule.title.to(lang) for rule in rules if rule.severity == "exclude"),
        flagging=tuple(rule.title.to(lang) for rule in rules if rule.severity == "flag"),
        criteria=tuple(one.title.to(lang) for one in tables.criteria if role in layers_behind((one,))),
    )


def roles_in_order(place: Catalogue, tables: Tables) -> list[str]:
    """Every role, those on which most depends first."""
    return sorted(place, key=lambda role: (-uses_of(role, tables, "zh").count, place.passport(role).id))


def passports_table(place: Catalogue, tables: Tables, lang: Lang) -> pd.DataFrame:
    """One row for each layer by role, those on which most depends first."""
    roles = roles_in_order(place, tables)
    passports = [place.passport(role) for role in roles]
    uses = [uses_of(role, tables, lang) for role in roles]
    return pd.DataFrame(
        {
            "title": [one.title.to(lang) for one in passports],
            "confidence": [say(f"confidence.{one.confidence}", lang) for one in passports],
            "accuracy": [one.positional_accuracy_m for one in passports],
            "rules": [len(one.excluding) + len(one.flagging) for one in uses],
            "criteria": [len(one.criteria) for one in uses],
            "valid": [one.valid_on.isoformat() for one in passports],
        },
        index=pd.Index(roles, dtype=object),
    )


def passports_file(place: Catalogue, tables: Tables, sources: Mapping[str, Source], lang: Lang) -> pd.DataFrame:
    """The same to take away, with version, licence and the titles of the sources."""
    passports = [place.passport(role) for role in roles_in_order(place, tables)]
    return passports_table(place, tables, lang).assign(
        features=[one.features for one in passports],
        version=[one.version for one in passports],
        licence=[one.licence for one in passports],
        sources=[
            say("ui.and", lang).join(source_title(key, sources, lang) for key in one.sources) for one in passports
        ],
    )


def source_title(key: str, sources: Mapping[str, Source], lang: Lang) -> str:
    """What the source is called; its key where no list explains it."""
    return sources[key].title.to(lang) if key in sources else key


def users_of_source(key: str, place: Catalogue, tables: Tables, lang: Lang) -> tuple[tuple[str, ...], int]:
    """The titles of the layers that rest on a source, and how many rules and criteria name it."""
    layers = tuple(place.passport(role).title.to(lang) for role in sorted(place) if key in place.passport(role).sources)
    asked: Sequence[Asking] = (*tables.rules, *tables.criteria)
    return layers, sum(key in one.sources for one in asked)


def fields_table(passport: Passport, lang: Lang) -> pd.DataFrame:
    """The columns of a layer, what they mean, in which unit, and whether a file that replaces it needs them."""
    words = texts(lang)
    return pd.DataFrame(
        {
            "meaning": [field.meaning.to(lang) for field in passport.fields],
            "unit": [
                words.get(f"sources.unit.{field.unit}", unit_label(field.unit, lang)) for field in passport.fields
            ],
            "required": [words["sources.needed"] if field.required else "" for field in passport.fields],
            "name": [field.name for field in passport.fields],
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
            "name": lost[f"name_{lang}"].astype(str),
            "stage": [_stage(str(stage), lang) for stage in lost.get("stage", pd.Series("", lost.index))],
            "section": lost.get("section", pd.Series("", lost.index)).astype(str),
        }
    )


def _stage(name: str, lang: Lang) -> str:
    return STAGE_LABELS[Stage(name)].to(lang) if name in set(Stage) else name or texts(lang)["ui.unknown"]


def role_titles(fields: FieldsSpec, lang: Lang) -> Mapping[str, str]:
    """What each role is called."""
    return {role: about.title.to(lang) for role, about in fields.roles.items()}


def own_words(roles: Iterable[str], fields: FieldsSpec, lang: Lang) -> str:
    """Which layers are the reader's own, for the line above the map; nothing where none is."""
    titles = role_titles(fields, lang)
    names = [titles.get(role, role) for role in roles]
    return say("ui.intake.own_chip", lang, roles=say("ui.and", lang).join(names)) if names else ""
