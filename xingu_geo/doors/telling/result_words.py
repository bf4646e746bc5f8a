"""The sentences of a result: why a site stands where it does, who leads, what excludes most.

Comes in: a result. Goes out: sentences. Must not know: who reads them.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from xingu_geo.doors.telling.rule_words import observed_text
from xingu_geo.doors.telling.why import sentence
from xingu_geo.ground.base.figures import number
from xingu_geo.ground.base.say import Lang, say
from xingu_geo.ground.base.specs import Label
from xingu_geo.siting.judging.eligibility import Verdict
from xingu_geo.siting.ranking.exclusion import Failure
from xingu_geo.siting.ranking.explanation import Explanation
from xingu_geo.study.run.defending import explanation_of
from xingu_geo.study.run.result import Result


def why(result: Result, explanation: Explanation, lang: Lang) -> str:
    """One sentence why a site has its place, or none; the same in app, report and GeoJSON."""
    spoken = replace(explanation, failures=tuple(_spoken(result, failure, lang) for failure in explanation.failures))
    return sentence(spoken, lang, criteria=criterion_titles(result), rules=rule_titles(result))


def _spoken(result: Result, failure: Failure, lang: Lang) -> Failure:
    """The failure with an observed word (``occupied``) as people say it."""
    if not isinstance(failure.observed, str):
        return failure
    rule = next(rule for rule in result.measured.rules if rule.id == failure.rule)
    return replace(failure, observed=observed_text(rule, failure.observed, lang))


def criterion_titles(result: Result) -> dict[str, Label]:
    """The title of each criterion of the run."""
    return {criterion.id: criterion.title for criterion in result.measured.criteria}


def rule_titles(result: Result) -> dict[str, Label]:
    """The title of each rule of the run."""
    return {rule.id: rule.title for rule in result.measured.rules}


def rank_lines(result: Result, top: int, lang: Lang) -> list[str]:
    """The first ``top`` places, a line each; of an empty ranking, what excludes most."""
    table = result.ranking.table.head(top)
    if result.ranking.table.empty:
        return [nobody_line(result, lang)]
    names = result.sites.table[f"name_{lang}"]
    return [
        say(
            "cli.rank_line",
            lang,
            rank=int(row["rank"]),
            site=f"{site} {names[site]}".strip(),
            score=number(row["score"], "points"),
            why=why(result, explanation_of(result, str(site)), lang),
        )
        for site, row in table.iterrows()
    ]


def nobody_line(result: Result, lang: Lang) -> str:
    """Which rule keeps most sites out, for a ranking without anyone in it."""
    verdicts = result.eligibility.verdict
    out = verdicts.isin((Verdict.FAIL.value, Verdict.UNKNOWN.value)).sum()
    hard = {rule.id: int(out[rule.id]) for rule in result.measured.rules if rule.severity == "exclude"}
    worst = max(hard, key=lambda rule: hard[rule])
    return say("cli.none_eligible", lang, rule=rule_titles(result)[worst].to(lang), count=hard[worst])


def headline(result: Result, lang: Lang, *, folder: Path) -> str:
    """How many sites are in, of how many, and where the files are."""
    return say(
        "cli.ranked",
        lang,
        project=result.brief.type.title,
        eligible=int(result.eligibility.eligible.sum()),
        total=len(result.sites.table),
        folder=folder,
    )
