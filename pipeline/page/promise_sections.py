"""Whether what was promised happened: by grade, by chance, by part of the list, and in sales."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from features.labels import closed_column
from models.arrays import Floats
from models.metrics.scores import auc
from pipeline.comparison.rates_by_group import rates_by_group
from pipeline.comparison.slices import LEAST_SLICE_LEADS
from pipeline.evaluation.evaluate import Evaluation
from pipeline.language.catalogue import Language, translate
from pipeline.page.blocks import Block, Chart, Paragraph, Section, Table
from pipeline.page.columns import numbers, points, rates, with_interval, words
from pipeline.page.vega_lite import Spec, promise_chart
from pipeline.page.words import (
    horizon_words,
    part_words,
    segment_words,
    system_words,
    systems_words,
    tier_words,
    verdict_words,
)
from pipeline.report.charts import rate_bins


def promise_section(evaluation: Evaluation, language: Language) -> Section:
    """Each grade's promise beside what happened."""
    found = evaluation.promises
    explained = translate(
        "A grade promises the close rate that it had in the calibration period. Beside it stands what "
        "happened to the leads that had the grade in the test period; a promise is called broken where the "
        "gap is beyond chance.",
        language,
    )
    blocks: list[Block] = [Paragraph(explained)]
    for horizon, part in found.groupby("by", sort=False):
        blocks += _promise_chart(part, str(horizon), language)
    told = [verdict_words(verdict, language) for verdict in found["verdict"]]
    by = [horizon_words(horizon, language) for horizon in found["by"]]
    columns = [
        words(translate("grade", language), found["grade"]),
        words(translate("closed", language), by),
        with_interval(
            translate("promised rate", language), found, ("promised", "promised_low", "promised_high")
        ),
        with_interval(translate("happened", language), found, ("realised", "low", "high")),
        points(translate("gap, percentage points", language), found, ("gap", "gap_low", "gap_high")),
        numbers(translate("leads", language), found["leads"]),
        words(translate("verdict", language), told),
    ]
    blocks.append(Table(translate("Each grade's promise and what happened", language), columns))
    return Section(translate("Were the promises kept", language), blocks)


def _promise_chart(part: pd.DataFrame, horizon: str, language: Language) -> list[Block]:
    told = part[part["realised"].notna() & part["promised"].notna()]
    if told.empty:
        return []
    frame = told.rename(columns={"grade": "name", "realised": "rate"})
    frame = frame[["name", "promised", "rate", "low", "high"]].astype({"promised": float, "rate": float})
    caption = translate(
        "Promised and realised close rate, {by}", language, by=horizon_words(horizon, language)
    )
    return [Chart(caption, _promised(frame, language))]


def _promised(frame: pd.DataFrame, language: Language) -> Spec:
    told = [
        translate(
            "{name} promised {promised}, happened {rate} ({low} – {high})",
            language,
            name=row["name"],
            **{name: f"{row[name]:.1%}" for name in ("promised", "rate", "low", "high")},
        ).strip()
        for row in frame.to_dict("records")
    ]
    titles = translate("promised close rate", language), translate("close rate that happened", language)
    return promise_chart(frame.assign(told=told), *titles)


def reliability_section(evaluation: Evaluation, horizons: Sequence[str], language: Language) -> Section:
    """Ten groups of leads by their promised chance, a chart for each horizon."""
    explained = translate(
        "Leads in ten groups of equal size by their promised chance to close. On the dashed line exactly as "
        "many closed as was promised; above it more did.",
        language,
    )
    blocks: list[Block] = [Paragraph(explained)]
    leads = evaluation.rows["lead_id"].to_numpy(dtype=object)
    for place, horizon in enumerate(horizons):
        closed = closed_by(evaluation, horizon)
        if np.isnan(closed).all():
            continue
        bins = rate_bins(evaluation.systems[0].probabilities[:, place], closed, leads, horizon)
        frame = bins[["promised", "rate", "low", "high"]].assign(name="")
        caption = translate(
            "Promised chance and what happened, {by}", language, by=horizon_words(horizon, language)
        )
        blocks.append(Chart(caption, _promised(frame, language)))
    return Section(translate("Are the chances right", language), blocks)


def value_section(evaluation: Evaluation, language: Language) -> Section:
    """Value tiers, and what was sold to the leads in them."""
    title, worth = translate("Value", language), evaluation.worth
    if worth.tiers.empty:
        told = translate(
            "No value is told: no closing order before the calibration period has an amount.", language
        )
        return Section(title, [Paragraph(told)])
    tiers, catch = worth.tiers, worth.catch
    columns = [
        words(translate("tiers of", language), systems_words(tiers, language)),
        words(translate("tier", language), [tier_words(one, language) for one in tiers["tier"]]),
        numbers(translate("rows", language), tiers["rows"]),
        rates(translate("share of the rows", language), tiers["share"]),
        numbers(translate("expected value a lead", language), tiers["expected_value"]),
        numbers(translate("sold per lead", language), tiers["realised_value"]),
        with_interval(translate("share of all later sales", language), tiers, ("caught", "low", "high")),
    ]
    ordered = [
        words(
            translate("as many leads as the best tier of", language),
            [system_words(name, language) for name in catch["top_tier_of"]],
        ),
        rates(translate("share of the rows", language), catch["share"]),
        words(translate("ranked by", language), systems_words(catch, language)),
        with_interval(translate("share of all later sales", language), catch, ("caught", "low", "high")),
    ]
    return Section(
        title,
        [
            Table(translate("Value tiers and what was sold later", language), columns),
            Table(translate("Sales caught by the best leads of each ranking", language), ordered),
        ],
    )


def segment_section(found: pd.DataFrame, horizon: str, language: Language) -> Section:
    """Promised and realised close rate, and AUC, in each part of the list, from ``segment_table``."""
    explained = translate(
        "The model in each part of the list: where promised and happened part beyond their interval, or AUC "
        "is low, the model knows less there. Parts with fewer than 20 leads are left out.",
        language,
    )
    if found.empty:
        return Section(translate("By segment", language), [Paragraph(explained)])
    parts = [part_words(*one, language) for one in zip(found["by"], found["group"], strict=True)]
    columns = [
        words(translate("by", language), [segment_words(by, language) for by in found["by"]]),
        words(translate("part", language), parts),
        numbers(translate("rows", language), found["rows"]),
        numbers(translate("leads", language), found["leads"]),
        rates(translate("promised rate", language), found["promised"]),
        with_interval(translate("happened", language), found, ("rate", "low", "high")),
        numbers("AUC", found["auc"], "{:.3f}"),
    ]
    caption = translate(
        "Promised and happened, closed {by}, by part of the list",
        language,
        by=horizon_words(horizon, language),
    )
    return Section(translate("By segment", language), [Paragraph(explained), Table(caption, columns)])


def segment_table(evaluation: Evaluation, horizon: str, segments: pd.DataFrame) -> pd.DataFrame:
    """What each part of the list was promised and what happened; empty where none has enough leads.

    Args:
        evaluation: of the test period.
        horizon: the longest.
        segments: what rows are told by, a column each, from ``slices.slice_keys``.

    Returns:
        ``by``, ``group``, ``rows``, ``leads``; ``promised``, ``rate`` with ``low`` and ``high``, ``auc``.
    """
    closed, leads = closed_by(evaluation, horizon), evaluation.rows["lead_id"]
    chance = evaluation.systems[0].probabilities[:, -1]
    told = [by for by in segments.columns if (~np.isnan(closed) & segments[by].notna().to_numpy()).any()]
    parts = [_segment(segments[by], closed, chance, leads) for by in told]
    found = pd.concat(parts) if parts else pd.DataFrame()
    return found[found["leads"] >= LEAST_SLICE_LEADS] if len(found) else found


def _segment(keys: "pd.Series[Any]", closed: Floats, chance: Floats, leads: "pd.Series[Any]") -> pd.DataFrame:
    ripe = ~np.isnan(closed) & keys.notna().to_numpy()
    names = keys[ripe].astype(str)
    order = sorted(names.unique())
    table = rates_by_group(names, closed[ripe], leads[ripe], order)
    inside = names.groupby(names.to_numpy()).indices
    promised = [chance[ripe][inside[name]].mean() for name in order]
    told = [auc(closed[ripe][inside[name]], chance[ripe][inside[name]]) for name in order]
    return table.assign(by=str(keys.name), promised=promised, auc=told)


def closed_by(evaluation: Evaluation, horizon: str) -> Floats:
    """Whether each row closed by a horizon: 1, 0 and NaN (not ripe)."""
    return evaluation.rows[closed_column(horizon)].to_numpy(dtype=np.float64, na_value=np.nan)
