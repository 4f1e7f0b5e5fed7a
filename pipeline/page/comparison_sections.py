"""What a comparison tells: who was right, swap sets, slices, the sharpest disagreements."""

import pandas as pd

from pipeline.comparison.comparison import Comparison
from pipeline.comparison.sides import Sides
from pipeline.comparison.swap_sets import BOTH, COMES_IN, GOES_OUT
from pipeline.evaluation.leaderboard import few
from pipeline.language.catalogue import Language, translate
from pipeline.page.blocks import Block, Chart, Paragraph, Section, Table
from pipeline.page.columns import NOTHING, numbers, points, rates, with_interval, words
from pipeline.page.cross_section import cross_section
from pipeline.page.leaderboard_sections import capacity_blocks
from pipeline.page.vega_lite import interval_chart
from pipeline.page.words import (
    horizon_words,
    part_words,
    right_words,
    segment_words,
    system_words,
    systems_words,
)

# Slices that are drawn; the table holds all.
_DRAWN_SLICES = 12


def comparison_sections(found: Comparison, language: Language) -> list[Section]:
    """The sections of learned grades beside those of rules and people; one sentence if there are none."""
    against = found.against
    if against is None:
        said = translate("There are no manual grades, and no scheme that these data allow.", language)
        return [Section(translate("Nothing to compare with", language), [Paragraph(said)])]
    capacity = Section(
        translate("How many closes do the first calls catch", language),
        capacity_blocks(found.capacity, against.horizon, language),
    )
    return [
        cross_section(found, against, language),
        _agreement(found, against, language),
        _swaps(found, against, language),
        capacity,
        _slices(found, against, language),
        _sharpest(found, against, language),
    ]


def _agreement(found: Comparison, against: Sides, language: Language) -> Section:
    told = found.agreement
    columns = [
        words(translate("way of grading", language), systems_words(told, language)),
        numbers(translate("rows", language), told["rows"]),
        rates(translate("same grade", language), told["same"]),
        with_interval(
            translate("weighted kappa", language), told, ("kappa", "kappa_low", "kappa_high"), "{:.2f}"
        ),
        numbers(translate("model higher", language), told["model_higher"]),
        with_interval(
            translate("of these closed", language),
            told,
            ("model_higher_closed", "model_higher_low", "model_higher_high"),
        ),
        numbers(translate("the other higher", language), told["other_higher"]),
        with_interval(
            translate("of those closed", language),
            told,
            ("other_higher_closed", "other_higher_low", "other_higher_high"),
        ),
        points(translate("points apart", language), told, ("right_by", "right_low", "right_high")),
        words(translate("who was right", language), _right(told, "right", language)),
    ]
    explained = translate(
        "Where the grades part, leads that the model puts higher should close more often than those that it "
        "puts lower. Weighted kappa is agreement beyond chance: 1 is full agreement, 0 none.",
        language,
    )
    blocks: list[Block] = [Paragraph(explained)]
    known = [against.name, *few([one.name for one in found.sides if one.name != against.name])]
    drawn = told.set_index("system").loc[known].reset_index().dropna(subset="right_by")
    if len(drawn):
        frame = _in_points(drawn, ("right_by", "right_low", "right_high"), systems_words(drawn, language))
        title = translate("closed more often, percentage points", language)
        caption = translate("Where grades part: by how much the model was right (right of 0)", language)
        blocks.append(Chart(caption, interval_chart(frame, title, "+~f", line_at=0.0)))
    caption = translate("Who was right, closed {by}", language, by=horizon_words(against.horizon, language))
    return Section(translate("Who was right", language), [*blocks, Table(caption, columns)])


def _right(table: pd.DataFrame, stem: str, language: Language) -> list[str]:
    bounds = zip(table[f"{stem}_low"], table[f"{stem}_high"], strict=True)
    return [right_words(low, high, language) for low, high in bounds]


def _in_points(table: pd.DataFrame, columns: tuple[str, str, str], names: list[str]) -> pd.DataFrame:
    """Differences of rates as the rows of an interval chart, in percentage points."""
    value, low, high = (100.0 * table[name].astype(float) for name in columns)
    frame = pd.DataFrame({"name": names, "value": list(value), "low": list(low), "high": list(high)})
    told = [
        f"{one['name']}: {one['value']:+.1f} ({one['low']:+.1f} – {one['high']:+.1f})"
        for one in frame.to_dict("records")
    ]
    return frame.assign(told=told)


def _swaps(found: Comparison, against: Sides, language: Language) -> Section:
    groups = {
        BOTH: translate("in both", language),
        COMES_IN: translate("comes in", language),
        GOES_OUT: translate("goes out", language),
    }
    told = found.swaps
    name = system_words(against.name, language)
    own = told[(told["system"] == against.name) & told["rate"].notna()]
    right = [
        words_of if group == COMES_IN else NOTHING
        for group, words_of in zip(told["group"], _right(told, "better", language), strict=True)
    ]
    columns = [
        words(translate("instead of", language), systems_words(told, language)),
        words(translate("whose", language), told["label"]),
        words(translate("leads that", language), [groups[one] for one in told["group"]]),
        numbers(translate("rows", language), told["rows"]),
        numbers(translate("leads", language), told["leads"]),
        with_interval(translate("closed", language), told, ("rate", "low", "high")),
        points(translate("in less out, points", language), told, ("better_by", "better_low", "better_high")),
        words(translate("who was right", language), right),
    ]
    explained = translate(
        "The team calls as many leads as have the best label ({name}: {label}), but in the model's order. As "
        "many come in as go out; what became of either says whether the swap pays.",
        language,
        name=name,
        label=against.best_label,
    )
    blocks: list[Block] = [Paragraph(explained)]
    if len(own):
        frame = _in_points(own, ("rate", "low", "high"), [groups[one] for one in own["group"]])
        title = translate("closed, %", language)
        caption = translate(
            "As many calls as {name} {label}: what became of the swapped leads",
            language,
            name=name,
            label=against.best_label,
        )
        blocks.append(Chart(caption, interval_chart(frame, title, "~f")))
    caption = translate("Swap sets, closed {by}", language, by=horizon_words(against.horizon, language))
    return Section(translate("As many calls, other leads", language), [*blocks, Table(caption, columns)])


def _slices(found: Comparison, against: Sides, language: Language) -> Section:
    title = translate("Where grades part more than elsewhere", language)
    told = found.slices
    if told.empty:
        said = translate("No part of the list has enough leads to be told apart.", language)
        return Section(title, [Paragraph(said)])
    by = [segment_words(one, language) for one in told["by"]]
    parts = [part_words(*one, language) for one in zip(told["by"], told["value"], strict=True)]
    columns = [
        words(translate("by", language), by),
        words(translate("part", language), parts),
        numbers(translate("rows", language), told["rows"]),
        numbers(translate("leads", language), told["leads"]),
        rates(translate("model higher", language), told["learned_higher"]),
        rates(translate("the other higher", language), told["other_higher"]),
        with_interval(
            translate("model higher than elsewhere, grades", language),
            told,
            ("apart", "low", "high"),
            "{:+.2f}",
        ),
        numbers(translate("p, corrected", language), told["p"], "{:.3f}"),
    ]
    explained = translate(
        "By how many grades the model is higher in a part of the list than in all others. Below 0, {name} "
        "gives higher grades there: an agent who grades one channel a step too high stands here. A part that "
        "stands out is a question, not an answer.",
        language,
        name=system_words(against.name, language),
    )
    first = told.head(_DRAWN_SLICES)
    frame = first[["low", "high"]].assign(name=parts[:_DRAWN_SLICES], value=list(first["apart"]))
    frame["told"] = [
        f"{row['name']}: {row['value']:+.2f} ({row['low']:+.2f} – {row['high']:+.2f})"
        for row in frame.to_dict("records")
    ]
    heading = translate("Parts that part most: model higher than elsewhere (right of 0)", language)
    chart = interval_chart(frame, translate("grades", language), "+~f", line_at=0.0)
    return Section(
        title,
        [
            Paragraph(explained),
            Chart(heading, chart),
            Table(translate("All parts of the list", language), columns),
        ],
    )


def _sharpest(found: Comparison, against: Sides, language: Language) -> Section:
    told, name = found.sharpest, system_words(against.name, language)
    title = translate("The sharpest disagreements", language)
    if told.empty:
        return Section(title, [Paragraph(translate("The grades never part.", language))])
    outcomes = {1.0: translate("yes", language), 0.0: translate("no", language)}
    columns = [
        words(translate("lead", language), told["lead_id"]),
        words(translate("as of", language), [_date(one) for one in told["as_of"]]),
        words(name, told["its_label"]),
        words(translate("model", language), told["learned_grade"]),
        rates(translate("model's chance", language), told["chance"]),
        words(translate("closed", language), [outcomes.get(one, NOTHING) for one in told["closed"]]),
    ]
    optional = {
        f"for_{language}": translate("for the lead", language),
        f"against_{language}": translate("against the lead", language),
        f"rule_{language}": translate("the rule", language),
        "agent": translate("agent", language),
    }
    columns += [words(head, told[column]) for column, head in optional.items() if column in told.columns]
    caption = translate(
        "{count} leads on which both differ most, closed {by}",
        language,
        count=len(told),
        by=horizon_words(against.horizon, language),
    )
    return Section(title, [Table(caption, columns)])


def _date(as_of: object) -> str:
    return as_of.strftime("%Y-%m-%d") if isinstance(as_of, pd.Timestamp) else str(as_of)
