"""One rule's verdict on one site, as a sentence with the figure observed and the limit.

Comes in: a rule, an eligibility. Goes out: text in the reader's language. Must not know: scores, ranks.
"""

from __future__ import annotations

import math

from xingu_geo.ground.base.confidence import Confidence
from xingu_geo.ground.base.figures import beside_limit
from xingu_geo.ground.base.say import Lang, say
from xingu_geo.ground.planning.rules import Rule
from xingu_geo.siting.judging.eligibility import Eligibility, Verdict


def observed_text(rule: Rule, observed: object, lang: Lang) -> str:
    """What was observed, in its unit or word; unknown where nothing was."""
    if rule.is_class:
        label = rule.words.get(str(observed))
        return label.to(lang) if label else str(observed or say("figure.unknown", lang))
    return beside_limit(math.nan if observed is None else float(str(observed)), rule.unit).spoken(lang)


def limit_text(rule: Rule, limit: object, lang: Lang) -> str:
    """What the rule asks for: ``at least 86,000 m²``, or the words it allows."""
    if rule.is_class:
        words = say("rule.or", lang).join(rule.words[word].to(lang) for word in rule.allowed)
        return say("rule.allowed", lang, words=words)
    return say(f"rule.{rule.comparison}", lang, limit=observed_text(rule, limit, lang))


def verdict_text(verdict: Verdict, confidence: Confidence, lang: Lang) -> str:
    """The verdict in a word; a pass that rests on an illustrative layer says so instead."""
    if verdict == Verdict.PASS and confidence == Confidence.ILLUSTRATIVE:
        return say("verdict.illustrative_only", lang)
    return say(f"verdict.{verdict.value}", lang)


def rule_sentence(rule: Rule, eligibility: Eligibility, site_id: str, lang: Lang) -> str:
    """One rule on one site: title, verdict, what was observed, what is asked; or why it could not be applied.

    用地面积：不通过（现状 52,300 m²，要求不小于 86,000 m²）
    """
    verdict = Verdict(str(eligibility.verdict.loc[site_id, rule.id]))
    spoken = verdict_text(verdict, eligibility.confidence[rule.id], lang)
    title = rule.title.to(lang)
    if verdict in (Verdict.NOT_ASSESSED, Verdict.NOT_APPLICABLE):
        reason = eligibility.why_not.get(rule.id)
        if reason is None:
            return say("rule.bare", lang, title=title, verdict=spoken)
        return say("rule.absent", lang, title=title, verdict=spoken, reason=reason.sentence(lang))
    observed = observed_text(rule, eligibility.observed.loc[site_id, rule.id], lang)
    limit = limit_text(rule, eligibility.limit.loc[site_id, rule.id], lang)
    return say("rule.full", lang, title=title, verdict=spoken, observed=observed, limit=limit)
