"""Is first place luck: the settings of the test, its grade in words, who else may be first, and what decides it.

Comes in: a result. Goes out: a section of the page. Must not know: how anything is drawn from distributions.
"""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import Any, Final

import pandas as pd
import streamlit as st

from xingu_geo.doors.telling.doubt_words import move_sentence, stability_sentence
from xingu_geo.doors.telling.result_words import criterion_titles
from xingu_geo.doors.ui.kit import cache, charts, doubt_shelf
from xingu_geo.doors.ui.kit.frame import progress
from xingu_geo.doors.ui.kit.headline import heading
from xingu_geo.doors.ui.kit.markup import el
from xingu_geo.doors.ui.kit.notepad import bound, note, noted, taker
from xingu_geo.ground.base.figures import Figure, column_form, number
from xingu_geo.ground.base.say import Lang, say
from xingu_geo.siting.doubt.robustness import Robustness, Sampling
from xingu_geo.study.run.defending import outdone, widest_swings
from xingu_geo.study.run.doubting import Doubts
from xingu_geo.study.run.result import Result

SHOWN: Final = 10
SHARES: Final = ("p_first", "p_top", "factor")
RUN: Final = "note.run_test"


def robust_section(result: Result, lang: Lang) -> None:
    """Settings, then the answer: at once where it takes a second or two, else when asked for."""
    _settings(lang)
    found = doubt_shelf.at_hand(result)
    if found is None:
        found = _tested(result, lang)
    if found is None:
        _exact(result, None, lang)
        return
    st.html(verdict(result, found, lang))
    left, right = st.columns([7, 5], gap="medium")
    with left:
        st.html(heading("ui.defence.table", lang, rest=say("ui.defence.table_key", lang)))
        _table(result, found, lang)
    with right:
        _places(result, found, lang)
    _exact(result, found, lang)


def _tested(result: Result, lang: Lang) -> Robustness | None:
    """The test, made now: without asking where it is quick; None while the reader has not asked for it."""
    was_run = noted("was_tested", default=False)
    if not doubt_shelf.is_quick(result):
        asked = st.button(
            say("ui.defence.again" if was_run else "ui.defence.run", lang), type="primary", key=RUN, on_click=_remember
        )
        if not asked:
            st.html(el("div", say("ui.defence.stale" if was_run else "ui.defence.idle", lang), cls="xg-note"))
            return None
    with progress(lang, needed=True) as tell:
        found = doubt_shelf.tried(result, progress=tell)
    if not doubt_shelf.is_quick(result):
        st.rerun()
    return found


def verdict(result: Result, found: Robustness, lang: Lang) -> str:
    """Grade and number, what would unseat the first, whether the sampling has settled, who is outdone."""
    first = outdone(result)
    beaten = int((first > 0).sum())
    error = Figure(found.standard_error, "share")
    lines = [stability_sentence(found.stability, lang, site=_label(result, found.stability.leader, lang))]
    if found.to_move is not None:
        lines.append(move_sentence(found.to_move, _label(result, found.move_rival, lang), lang))
    key = "ui.defence.dominated" if beaten else "ui.defence.dominated_none"
    notes = [
        say(key, lang, count=len(first), dominated=beaten),
        say(
            "ui.defence.error_note",
            lang,
            error=error,
            draws=number(found.sampling.draws),
            seed=found.sampling.seed,
        ),
        say("ui.defence.confidence_note", lang),
    ]
    unplaced = doubt_shelf.unplaced_partners(result)
    if unplaced:
        drawn = doubt_shelf.doubts_noted().partners
        notes.append(say("ui.defence.partners_drawn" if drawn else "ui.defence.partners_absent", lang, count=unplaced))
    return el(
        "div",
        *(el("div", line, cls="xg-why") for line in lines),
        *(el("div", line, cls="xg-note") for line in notes),
        cls="xg-card",
    )


def chance_table(result: Result, found: Robustness, lang: Lang) -> pd.DataFrame:
    """By site, likeliest first: rank, name, chance of first with its interval, of the first few, who outdoes it."""
    dominators = outdone(result)
    table = found.table
    ranks = result.ranking.table["rank"].reindex(table.index)
    return pd.DataFrame(
        {
            "rank": ranks.astype("Int64"),
            "name": cache.names(result.sites, lang).reindex(table.index),
            "p_first": table["p_first"],
            "interval": [
                f"{number(low, 'share', 'whole')}–{number(high, 'share', 'whole')} %"
                for low, high in zip(table["p_first_low"], table["p_first_high"], strict=True)
            ],
            "p_top": table["p_top"],
            "factor": table["confidence_factor"],
            "dominated": dominators.reindex(table.index).astype("Int64"),
        }
    )


def places_frame(result: Result, found: Robustness, lang: Lang) -> pd.DataFrame:
    """site, place, share of the :data:`SHOWN` likeliest sites, for the plot."""
    part = found.acceptability.head(SHOWN)
    names = cache.names(result.sites, lang).reindex(part.index)
    if names.duplicated().any():
        names = pd.Series({str(site): _label(result, str(site), lang) for site in part.index})
    part = part.set_axis(list(names), axis="index")
    long = part.rename_axis("site").reset_index().melt("site", var_name="place", value_name="share")
    return long[long["share"] > 0].astype({"place": int})


def swing_frame(result: Result, lang: Lang) -> pd.DataFrame:
    """criterion, side, weight, lead, leader, now: two rows for each of the widest swings; empty without a lead."""
    table = widest_swings(result).head(SHOWN)
    titles = criterion_titles(result)
    now = _lead(result)
    rows: list[dict[str, Any]] = [
        {
            "criterion": titles[str(name)].to(lang),
            "side": say(f"ui.defence.column.{side}", lang),
            "weight": float(row[f"weight_{side}"]),
            "lead": float(row[f"lead_{side}"]),
            "leader": _label(result, str(row[f"first_{side}"]), lang),
            "now": now,
        }
        for name, row in table.iterrows()
        for side in ("down", "up")
    ]
    return pd.DataFrame(rows).dropna(subset=["lead"]) if rows else pd.DataFrame()


def switch_frame(result: Result, found: Robustness, lang: Lang) -> pd.DataFrame:
    """criterion, weight, low, high and who draws level there, the tightest first."""
    table = found.switch[found.switch["room"].notna()].sort_values("room", kind="stable").head(SHOWN)
    titles = criterion_titles(result)
    return pd.DataFrame(
        {
            "criterion": [titles[str(name)].to(lang) for name in table.index],
            "weight": table["weight"].to_numpy(float),
            "low": table["low"].to_numpy(float),
            "high": table["high"].to_numpy(float),
            "rival_low": [_label(result, str(site), lang) for site in table["low_rival"]],
            "rival_high": [_label(result, str(site), lang) for site in table["high_rival"]],
        }
    )


def _settings(lang: Lang) -> None:
    usual, doubts = Sampling(), Doubts()
    with st.expander(say("ui.defence.settings", lang), expanded=False):
        about, draws, top, concentration = st.columns([5, 3, 3, 4], vertical_alignment="bottom")
        about.segmented_control(
            say("ui.defence.about", lang),
            doubt_shelf.ABOUTS,
            format_func=lambda name: say(f"ui.defence.abouts.{name}", lang),
            key=bound("about", usual.about),
            on_change=taker("about"),
            required=True,
        )
        draws.selectbox(
            say("ui.defence.draws", lang),
            doubt_shelf.DRAWS,
            format_func=number,
            key=bound("draws", usual.draws),
            on_change=taker("draws"),
        )
        top.selectbox(
            say("ui.defence.top", lang), doubt_shelf.TOPS, key=bound("top", usual.top), on_change=taker("top")
        )
        concentration.slider(
            say("ui.defence.concentration", lang),
            10,
            500,
            step=10,
            key=bound("concentration", int(usual.concentration)),
            on_change=taker("concentration"),
            disabled=noted("about", usual.about) != "around",
            help=say("ui.defence.concentration_help", lang),
        )
        for column, (name, value) in zip(st.columns(3), asdict(doubts).items(), strict=True):
            column.checkbox(
                say(f"ui.defence.{name}", lang),
                key=bound(name, value),
                on_change=taker(name),
                help=say(f"ui.defence.{name}_help", lang),
            )


def _table(result: Result, found: Robustness, lang: Lang) -> None:
    config = st.column_config
    titles = {
        name: say(f"ui.defence.column.{name}", lang, top=found.sampling.top)
        for name in ("rank", "name", "p_first", "interval", "p_top", "factor", "dominated")
    }
    columns: dict[str, Any] = {name: config.Column(title) for name, title in titles.items()}
    for name in ("p_first", "p_top"):
        columns[name] = config.ProgressColumn(
            titles[name], format=f"{column_form('share')} %%", min_value=0, max_value=100, width=116
        )
    columns["name"] = config.Column(titles["name"], width=112)
    columns["interval"] = config.Column(titles["interval"], width=80)
    columns["factor"] = config.NumberColumn(titles["factor"], format=f"{column_form('share')} %%", width=88)
    columns["rank"] = config.NumberColumn(titles["rank"], width=44)
    columns["dominated"] = config.NumberColumn(titles["dominated"], width=64)
    table = chance_table(result, found, lang)
    table[list(SHARES)] *= 100
    st.dataframe(
        table,
        hide_index=True,
        height=min(360, 38 + 29 * len(found.table)),
        row_height=29,
        column_config=columns,
        alt=say("ui.defence.table_alt", lang),
    )


def _places(result: Result, found: Robustness, lang: Lang) -> None:
    st.html(heading("ui.defence.places", lang, rest=say("ui.defence.places_key", lang)))
    frame = places_frame(result, found, lang)
    titles = {
        name: say(f"ui.defence.column.{key}", lang)
        for name, key in (("site", "name"), ("place", "place"), ("share", "share"))
    }
    order = [str(site) for site in dict.fromkeys(frame["site"])]
    st.vega_lite_chart(frame, charts.acceptability_chart(order, found.sampling.top, titles))


def _exact(result: Result, found: Robustness | None, lang: Lang) -> None:
    """What needs no drawing: the tornado, and with a test at hand the ranges of the weights."""
    left, right = st.columns([7, 5], gap="medium")
    with left:
        st.html(heading("ui.defence.tornado", lang, rest=say("ui.defence.tornado_key", lang)))
        frame = swing_frame(result, lang)
        if frame.empty or not math.isfinite(_lead(result)):
            st.html(el("div", say("ui.defence.tornado_none", lang), cls="xg-note"))
        else:
            names = ("criterion", "side", "weight", "lead", "leader", "down", "up")
            titles = {name: say(f"ui.defence.column.{name}", lang) for name in names}
            order = [str(name) for name in dict.fromkeys(frame["criterion"])]
            st.vega_lite_chart(frame, charts.tornado_chart(order, _lead(result), titles))
    if found is None:
        return
    with right:
        key = "ui.defence.switch_key" if result.scores.method == "weighted_sum" else "ui.defence.switch_key_searched"
        st.html(heading("ui.defence.switch", lang, rest=say(key, lang)))
        if found.switch.empty:
            st.html(el("div", say("ui.defence.switch_none", lang), cls="xg-note"))
            return
        ranges = switch_frame(result, found, lang)
        if ranges.empty:
            st.html(el("div", say("ui.defence.switch_never", lang), cls="xg-note"))
            return
        fields = ("criterion", "weight", "low", "high", "rival_low", "rival_high")
        titles = {name: say(f"ui.defence.column.{name}", lang) for name in fields}
        st.vega_lite_chart(ranges, charts.switch_chart([str(name) for name in ranges["criterion"]], titles))


def _lead(result: Result) -> float:
    scores = result.ranking.table["score"].astype(float)
    return float(scores.iloc[0] - scores.iloc[1]) if len(scores) > 1 else math.nan


def _label(result: Result, site: str, lang: Lang) -> str:
    """A site's name with its number; the number alone where the name is the number."""
    if site not in result.sites.table.index:
        return site or "—"
    name = str(cache.names(result.sites, lang)[site])
    return name if site in name else f"{name}（{site}）" if lang == "zh" else f"{name} ({site})"


def _remember() -> None:
    note("was_tested", value=True)
