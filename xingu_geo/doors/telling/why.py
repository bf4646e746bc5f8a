"""One plain sentence why, the same in app, report and export.

Comes in: an ``Explanation``, titles of criteria and rules. Goes out: a sentence
in the reader's language. Must not know: how any number was found.
"""

from __future__ import annotations

from collections.abc import Mapping

from xingu_geo.ground.base.confidence import Confidence
from xingu_geo.ground.base.figures import Figure, beside_limit
from xingu_geo.ground.base.say import Lang, Spoken, say
from xingu_geo.siting.judging.eligibility import Verdict
from xingu_geo.siting.ranking.exclusion import Failure
from xingu_geo.siting.ranking.explanation import Explanation, Part
from xingu_geo.siting.ranking.overtaking import Change


def sentence(
    explanation: Explanation,
    lang: Lang,
    *,
    criteria: Mapping[str, Spoken] | None = None,
    rules: Mapping[str, Spoken] | None = None,
    sites: Mapping[str, Spoken] | None = None,
) -> str:
    """Why the site has its place, or none, in one sentence; ids stand in for titles that are not given.

    Both languages carry the same numbers. A result that rests on an illustrative layer says so.
    """
    telling = _Telling(lang, criteria or {}, rules or {}, sites or {})
    tell = {"ranked": _ranked, "ineligible": _ineligible, "missing": _missing}[explanation.state]
    core = tell(explanation, telling)
    if _rests_on(explanation) is Confidence.ILLUSTRATIVE:
        core += say("why.between", lang) + say("verdict.illustrative_only", lang)
    return core + say("why.end", lang)


class _Telling:
    """The reader's language and the titles at hand."""

    def __init__(
        self, lang: Lang, criteria: Mapping[str, Spoken], rules: Mapping[str, Spoken], sites: Mapping[str, Spoken]
    ) -> None:
        self.lang = lang
        self._criteria, self._rules, self._sites = criteria, rules, sites

    def criterion(self, name: str) -> str:
        """Title of a criterion."""
        return self._title(self._criteria, name)

    def rule(self, name: str) -> str:
        """Title of a rule."""
        return self._title(self._rules, name)

    def site(self, name: str) -> str:
        """Name of a site."""
        return self._title(self._sites, name)

    def put(self, key: str, **facts: object) -> str:
        """The phrase ``why.<key>``."""
        return say(f"why.{key}", self.lang, **facts)

    def listed(self, parts: list[str]) -> str:
        """The phrases that say something, joined."""
        return self.put("between").join(part for part in parts if part)

    def _title(self, titles: Mapping[str, Spoken], name: str) -> str:
        return titles[name].to(self.lang) if name in titles else name


def _rests_on(explanation: Explanation) -> Confidence:
    if explanation.state == "ineligible" and explanation.failures:
        return explanation.failures[0].confidence
    return explanation.confidence


def _ranked(explanation: Explanation, telling: _Telling) -> str:
    place = telling.put(
        "place_tied" if explanation.tied else "place",
        site=telling.site(explanation.site_id),
        rank=explanation.rank,
        of=explanation.of,
        tied=explanation.tied,
        score=_points(explanation.score),
    )
    return telling.listed(
        [
            place,
            _strong(explanation, telling),
            _weak(explanation, telling),
            _gap(explanation, telling),
            _flagged(explanation, telling),
        ]
    )


def _strong(explanation: Explanation, telling: _Telling) -> str:
    part = _part(explanation, explanation.strongest)
    if part is None:
        return ""
    name = telling.criterion(part.criterion)
    if part.points is None:
        return telling.put("strong_value", criterion=name, value=_points(100 * (part.value or 0.0)))
    return telling.put("strong_points", criterion=name, points=_points(part.points))


def _weak(explanation: Explanation, telling: _Telling) -> str:
    part = _part(explanation, explanation.weakest)
    if part is None:
        return ""
    name = telling.criterion(part.criterion)
    if part.value is None:
        return telling.put("weak_missing", criterion=name)
    if part.lost is None:
        return telling.put("weak_value", criterion=name, value=_points(100 * part.value))
    return telling.put("weak_points", criterion=name, points=_points(part.lost))


def _gap(explanation: Explanation, telling: _Telling) -> str:
    if explanation.ahead is not None:
        other = explanation.ahead
        return telling.put("behind_by", site=telling.site(other.site_id), rank=other.rank, gap=_points(other.gap))
    if explanation.behind is not None:
        other = explanation.behind
        return telling.put("ahead_by", site=telling.site(other.site_id), rank=other.rank, gap=_points(other.gap))
    return ""


def _flagged(explanation: Explanation, telling: _Telling) -> str:
    if not explanation.flags:
        return ""
    rules = telling.put("flag_between").join(
        telling.put("quoted", title=telling.rule(rule)) for rule in explanation.flags
    )
    return telling.put("flagged", rules=rules)


def _ineligible(explanation: Explanation, telling: _Telling) -> str:
    name = telling.site(explanation.site_id)
    if not explanation.failures:
        return telling.put("out", site=name)
    nearest = explanation.failures[0]
    said = [_failure(nearest, name, telling)]
    if len(explanation.failures) > 1:
        said.append(telling.put("more_rules", count=len(explanation.failures) - 1))
    if explanation.would_rank is not None:
        said.append(telling.put("would_rank", rank=explanation.would_rank))
    return telling.listed(said)


def _failure(failure: Failure, site: str, telling: _Telling) -> str:
    rule = telling.rule(failure.rule)
    if failure.verdict is Verdict.UNKNOWN:
        return telling.put("out_unknown", site=site, rule=rule)
    if failure.short_by is None:
        return telling.put("out_word", site=site, rule=rule, observed=_figure(failure.observed, failure.unit))
    return telling.put(
        "out_short",
        site=site,
        rule=rule,
        observed=_figure(failure.observed, failure.unit),
        limit=_figure(failure.limit, failure.unit),
        short=_figure(failure.short_by, failure.unit),
    )


def _missing(explanation: Explanation, telling: _Telling) -> str:
    names = [telling.criterion(name) for name in explanation.gaps]
    site = telling.site(explanation.site_id)
    if not names:
        return telling.put("not_compared", site=site)
    return telling.put("no_value", site=site, criteria=telling.put("and").join(names))


def overtake_sentence(
    explanation: Explanation,
    lang: Lang,
    *,
    criteria: Mapping[str, Spoken] | None = None,
    sites: Mapping[str, Spoken] | None = None,
) -> str:
    """What would put the site level with the next better one: the least change of a value, and of a weight.

    Empty where there is no better site, or the method compares the candidates with each other.
    """
    overtake = explanation.overtake
    if overtake is None:
        return ""
    telling = _Telling(lang, criteria or {}, {}, sites or {})
    ways = [
        telling.put(
            f"level_by_{kind}",
            criterion=telling.criterion(change.criterion),
            now=_points(100 * change.now),
            needed=_points(100 * needed),
        )
        for kind, changes in (("value", overtake.values), ("weight", overtake.weights))
        for change, needed in _least(changes)
    ]
    rival = {"site": telling.site(overtake.rival.site_id), "rank": overtake.rival.rank}
    if not ways:
        return telling.put("level_never", **rival) + telling.put("end")
    return telling.put("level", **rival) + telling.put("or").join(ways) + telling.put("end")


def _least(changes: tuple[Change, ...]) -> list[tuple[Change, float]]:
    """The change that asks least, as a list of one or none."""
    possible = [(change, change.needed) for change in changes if change.needed is not None]
    return [min(possible, key=lambda way: abs(way[1] - way[0].now))] if possible else []


def _part(explanation: Explanation, name: str | None) -> Part | None:
    return next((part for part in explanation.parts if part.criterion == name), None)


def _points(points: float | None) -> str:
    """Score points to one decimal; a difference too small for that is shown to two significant digits, never as 0."""
    if points is None:
        return "–"
    return f"{points:.1f}" if points == 0 or abs(points) >= 0.05 else f"{points:.2g}"


def _figure(figure: float | str | None, unit: str) -> Figure | str:
    """A figure beside its limit; a word as it is."""
    return "–" if figure is None else figure if isinstance(figure, str) else beside_limit(figure, unit)
