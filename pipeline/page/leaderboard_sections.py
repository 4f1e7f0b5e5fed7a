"""Whose order of the leads is best: the leaderboard, and the closes that the first calls catch."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from models.arrays import Floats
from models.metrics.scores import capture_at
from pipeline.comparison.capacity_curve import RANDOM
from pipeline.evaluation.evaluate import Evaluation
from pipeline.evaluation.leaderboard import System, few
from pipeline.language.catalogue import Language, translate
from pipeline.page.blocks import Block, Chart, Column, Paragraph, Section, Table
from pipeline.page.columns import numbers, rates, with_interval, words
from pipeline.page.promise_sections import closed_by
from pipeline.page.vega_lite import curves_chart, interval_chart
from pipeline.page.words import horizon_words, kind_words, system_words, systems_words

DRAWN_CALL_SHARES = (0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0)


def leaderboard_section(evaluation: Evaluation, horizons: Sequence[str], language: Language) -> Section:
    """Every measure of every way of grading, a table for each horizon."""
    title = translate("Leaderboard", language)
    if evaluation.board.empty:
        told = translate("No leaderboard: the test period has too few closes yet.", language)
        return Section(title, [Paragraph(told)])
    blocks: list[Block] = [
        Paragraph(
            translate(
                "AUC is the chance that of two leads, one that closed and one that did not, the first has "
                "the higher score: 0.5 is a coin, 1 is perfect. The rows are of the test period, which the "
                "model has not seen; intervals are 95 % over leads.",
                language,
            )
        )
    ]
    board = evaluation.board
    last = board[(board["horizon"] == horizons[-1]) & (board["leads_in"] == "all")]
    blocks += _auc_chart(last, horizons[-1], language)
    for horizon, part in board.groupby("horizon", sort=False):
        caption = translate(
            "Who closed {by}: every way of grading", language, by=horizon_words(str(horizon), language)
        )
        blocks.append(Table(caption, _board_columns(part, language)))
    return Section(title, blocks)


def _auc_chart(part: pd.DataFrame, horizon: str, language: Language) -> list[Block]:
    told = part[(part["metric"] == "auc") & part["value"].notna()]
    first = few([name for name, kind in zip(told["system"], told["kind"], strict=True) if kind == "scheme"])
    told = told[(told["kind"] != "scheme") | told["system"].isin(first)]
    told = told.sort_values("value", ascending=False, kind="stable")
    if told.empty:
        return []
    frame = told[["value", "low", "high"]].assign(name=systems_words(told, language))
    frame["told"] = [
        f"{row.name}: AUC {row.value:.3f} ({row.low:.3f} – {row.high:.3f})"
        for row in frame.itertuples(index=False)
    ]
    caption = translate(
        "Whose order is best: AUC, closed {by}", language, by=horizon_words(str(horizon), language)
    )
    return [Chart(caption, interval_chart(frame, "AUC", ".2~f", line_at=0.5))]


def _board_columns(part: pd.DataFrame, language: Language) -> list[Column]:
    keys = ["leads_in", "system", "kind", "rows", "closes"]
    wide = part.pivot(index=keys, columns="metric", values="value").reset_index()
    wide = wide.merge(part[part["metric"] == "auc"][[*keys, "low", "high", "gain", "gain_low", "gain_high"]])
    wide = wide.sort_values(["leads_in", "auc"], ascending=[True, False], kind="stable")
    sets = {
        "all": translate("all", language),
        "unseen": translate("not seen in training", language),
    }
    gains = wide.assign(gain=wide["gain"].where(wide["kind"] != "model"))
    return [
        words(translate("way of grading", language), systems_words(wide, language)),
        words(translate("kind", language), [kind_words(kind, language) for kind in wide["kind"]]),
        words(translate("leads", language), [sets[one] for one in wide["leads_in"]]),
        numbers(translate("rows", language), wide["rows"]),
        numbers(translate("closes", language), wide["closes"]),
        with_interval("AUC", wide, ("auc", "low", "high"), "{:.3f}"),
        with_interval(
            translate("model better by", language), gains, ("gain", "gain_low", "gain_high"), "{:+.3f}"
        ),
        numbers(translate("average precision", language), wide["average_precision"], "{:.3f}"),
        numbers("Brier", wide["brier"], "{:.4f}"),
        numbers("log-loss", wide["log_loss"], "{:.4f}"),
        numbers(translate("lift of the first 10%", language), wide["lift_10"], "{:.2f}"),
        rates(translate("closes in the first 20%", language), wide["capture_20"]),
    ]


def calling_order_section(evaluation: Evaluation, horizon: str, language: Language) -> Section:
    """Share of the closes that are caught by so many calls, in the model's order and in others'."""
    model, *rivals = evaluation.systems
    known = few([rival.name for rival in rivals])
    systems = [model, *(rival for rival in rivals if rival.name in known)]
    closed = closed_by(evaluation, horizon)
    title = translate("How many closes do the first calls catch", language)
    if not np.nansum(closed):
        return Section(title, [Paragraph(translate("No lead of the test period closed.", language))])
    frame = pd.concat([_caught(one, closed) for one in systems])
    return Section(title, capacity_blocks(frame, horizon, language))


def _caught(system: System, closed: Floats) -> pd.DataFrame:
    ripe = ~np.isnan(closed)
    score = system.probabilities[ripe, -1]
    caught = [capture_at.with_options(share=share)(closed[ripe], score) for share in DRAWN_CALL_SHARES]
    return pd.DataFrame({"system": system.name, "calls": DRAWN_CALL_SHARES, "caught": caught})


def capacity_blocks(capacity: pd.DataFrame, horizon: str, language: Language) -> list[Block]:
    """Curve and table of the closes that are caught by so many calls.

    Args:
        capacity: ``system``, ``calls`` and ``caught``, shares of 1.
        horizon: by which leads closed.
        language: of the words.
    """
    names = list(dict.fromkeys(capacity["system"]))
    known = [names[0], *few([one for one in names[1:] if one != RANDOM]), *({RANDOM} & set(names))]
    drawn = capacity[capacity["system"].isin(known)]
    frame = pd.DataFrame({"name": systems_words(drawn, language), "x": drawn["calls"], "y": drawn["caught"]})
    frame["told"] = [
        translate(
            "{name}: {x} of the leads called, {y} of the closes caught",
            language,
            name=row["name"],
            x=f"{row['x']:.0%}",
            y=f"{row['y']:.1%}",
        )
        for row in frame.to_dict("records")
    ]
    titles = (
        translate("share of the leads called", language),
        translate("share of the closes caught", language),
    )
    order = [system_words(name, language) for name in known]
    caption = translate(
        "Closes {by} that are caught, by whose order is called",
        language,
        by=horizon_words(str(horizon), language),
    )
    wide = capacity.pivot(index="system", columns="calls", values="caught").loc[names]
    columns = [
        words(translate("called in the order of", language), [system_words(one, language) for one in names])
    ]
    columns += [rates(f"{share:.0%}", wide[share]) for share in wide.columns]
    heading = translate("Share of the closes among the first … of the leads", language)
    return [Chart(caption, curves_chart(frame, *titles, order)), Table(heading, columns)]
