"""What is shown of learned grades beside those of rules and people: 40 lines of a hundred columns, or all."""

from collections.abc import Sequence

import pandas as pd

from pipeline.comparison.capacity_curve import MODEL, RANDOM
from pipeline.comparison.comparison import Comparison
from pipeline.comparison.sides import Sides
from pipeline.comparison.slices import LEAD_AGE, PAIR
from pipeline.comparison.swap_sets import COMES_IN
from pipeline.evaluation.leaderboard import few
from pipeline.language.catalogue import look_up_word, translate
from pipeline.language.reader import reader
from pipeline.language.sentence import Sentence
from pipeline.terminal import say, show

# Rows of the printed tables; the files hold all.
FEW_SLICES, FEW_SYSTEMS = 3, 3
TOLD_BELOW = 0.05

HINDSIGHT = Sentence(
    "these grades have no date: given after the outcome was known, they may know it, and show what hindsight "
    "sees, not what was told at the time"
)
HANDS = Sentence("agents call their own As more: a manual grade partly causes the close that it foretells")
RESCALED = Sentence(
    "its labels are no grades of the policy: where grades part, each is worth its learned close rate"
)


def compared(found: Comparison, title: str, *, whole: bool) -> None:
    """One system closely, then the others in a line each.

    Args:
        found: the comparison.
        title: of the tables.
        whole: show every system, slice and sharpest disagreement.
    """
    against = found.against
    if against is None:
        say(Sentence("nothing to compare with: no manual grades, and no scheme that these data allow"))
        return
    names = [one.name for one in found.sides] if whole else _named(found, against)
    table = found.cross[found.cross["system"] == against.name]
    words = {
        "title": title,
        "other": look_up_word(against.name, reader()),
        "best": against.best_label,
        "by": against.horizon,
    }
    lines = Sentence("{title}: {other} (lines) and learned grade: rows, closed within {by}", **words)
    show(cross_summary(table, against), lines)
    right = Sentence("{title}: who was right where the grades part, rows and closed within {by}", **words)
    show(_agreement(found, names), right)
    show(_swaps(found, against), Sentence("{title}: as many calls as {other} {best}, by the model", **words))
    told = found.capacity[found.capacity["system"].isin([MODEL, RANDOM, *names])]
    caught = Sentence("{title}: share of those closed within {by} that the first calls catch", **words)
    show(_wide(told), caught)
    _slices(found, title, None if whole else FEW_SLICES)
    if whole:
        _sharpest(found, title)
    if note := _note(against):
        say(note)


def cross_summary(table: pd.DataFrame, sides: Sides) -> pd.DataFrame:
    """Rows and close rate of each pair, a line per label and a column per learned grade, with totals."""
    lines = []
    language = reader()
    for label in (*sides.labels, "all"):
        own = table if label == "all" else table[table["its_label"] == label]
        cells = {
            grade: _cell(own if grade == "all" else own[own["learned_grade"] == grade])
            for grade in (*sides.grades, "all")
        }
        lines.append({sides.name: look_up_word(label, language), **cells})
    return pd.DataFrame(lines)


def _cell(pairs: pd.DataFrame) -> str:
    rows, ripe = int(pairs["rows"].sum()), int(pairs["ripe"].sum())
    return f"{rows} {_percent(pairs['closes'].sum() / ripe)}" if ripe else str(rows)


def _percent(rate: float) -> str:
    return "-" if pd.isna(rate) else f"{100.0 * rate:.1f}%"


def _note(against: Sides) -> str:
    """What one must know to read the tables."""
    if against.kind == "hindsight":
        return HINDSIGHT
    if against.kind == "manual":
        return HANDS
    return "" if against.same_scale else RESCALED


def _agreement(found: Comparison, names: Sequence[str]) -> pd.DataFrame:
    own = found.agreement.set_index("system").loc[list(names)].reset_index()
    lines = [
        {
            "system": one["system"],
            "same": _percent(one["same"]),
            "kappa, weighted": translate(
                "{value:.2f} ({low:.2f} to {high:.2f})",
                reader(),
                value=one["kappa"],
                low=one["kappa_low"],
                high=one["kappa_high"],
            ),
            "model higher": f"{one['model_higher']} {_percent(one['model_higher_closed'])}",
            "it higher": f"{one['other_higher']} {_percent(one['other_higher_closed'])}",
            "points apart": _points(one["right_by"], one["right_low"], one["right_high"]),
            "right": _right(one["right_low"], one["right_high"]),
        }
        for one in own.to_dict("records")
    ]
    return pd.DataFrame(lines)


def _points(by: float, low: float, high: float) -> str:
    values = {"value": 100 * by, "low": 100 * low, "high": 100 * high}
    return translate("{value:+.1f} ({low:+.1f} to {high:+.1f})", reader(), **values)


def _right(low: float, high: float) -> str:
    """Whose order the closes bear out, beyond chance."""
    return "model" if low > 0 else "it" if high < 0 else "-"


def _swaps(found: Comparison, against: Sides) -> pd.DataFrame:
    own = found.swaps[found.swaps["system"] == against.name]
    return pd.DataFrame(
        [
            {
                "lead": one["group"],
                "rows": one["rows"],
                "leads": one["leads"],
                "closed": _percent(one["rate"]),
                "95%": translate(
                    "{low} to {high}", reader(), low=_percent(one["low"]), high=_percent(one["high"])
                ),
                "in less out, points": _points(one["better_by"], one["better_low"], one["better_high"])
                if one["group"] == COMES_IN
                else "",
                "right": _right(one["better_low"], one["better_high"]) if one["group"] == COMES_IN else "",
            }
            for one in own.to_dict("records")
        ]
    )


def _named(found: Comparison, against: Sides) -> list[str]:
    """The systems to show where there is room for a few: of those that tell leads apart, the best known."""
    telling = [one.name for one in found.sides if one.rows["its_label"].nunique() > 1]
    others = [name for name in few(telling) if name != against.name][:FEW_SYSTEMS]
    return [against.name, *others]


def _wide(capacity: pd.DataFrame) -> pd.DataFrame:
    wide = capacity.pivot(index="system", columns="calls", values="caught")
    wide = wide.loc[list(dict.fromkeys(capacity["system"]))].map(_percent)
    return wide.rename(columns=lambda share: f"{share:.0%}").rename_axis(columns=None).reset_index()


def _slices(found: Comparison, title: str, most: int | None) -> None:
    if found.slices.empty:
        return
    sure = int((found.slices["p"] < TOLD_BELOW).sum())
    told = found.slices if most is None else found.slices[found.slices["p"] < TOLD_BELOW].head(most)
    if len(told):
        apart = [
            translate("{value:+.2f} ({low:+.2f} to {high:+.2f})", reader(), value=by, low=low, high=high)
            for by, low, high in zip(told["apart"], told["low"], told["high"], strict=True)
        ]
        values = [
            _age(value) if by == LEAD_AGE else value
            for by, value in zip(told["by"], told["value"], strict=True)
        ]
        shown = told[["rows", "leads"]].assign(**{"model higher than elsewhere, grades": apart})
        shown.insert(0, "slice", told["by"].map(_slice_name))
        shown.insert(1, "value", values)
        heading = Sentence(
            "{title}: slices that part more than the rest ({sure} beyond chance)", title=title, sure=sure
        )
        show(shown, heading)
    else:
        say(
            Sentence(
                "no slice (by agent, attribute, month, lead age) parts more than the rest, beyond chance"
            )
        )


def _slice_name(name: str) -> str:
    """What a slice is of, in the reader's language; attributes stand as they were declared."""
    names = [look_up_word(part, reader()) for part in name.split(PAIR)]
    return " × ".join(names) if reader() == "zh" else PAIR.join(names)


def _age(span: str) -> str:
    """``0 to 30 days``, or ``over 365 days``, in the reader's language."""
    days = [word for word in span.split() if word.isdecimal()]
    if len(days) == 1:
        return translate("over {days} days", reader(), days=days[0])
    return translate("{low} to {high} days", reader(), low=days[0], high=days[1])


def _sharpest(found: Comparison, title: str) -> None:
    """The reasons of both sides, in the reader's language alone; the file has both."""
    other = "_en" if reader() == "zh" else "_zh"
    hidden = ["its_chance", *(name for name in found.sharpest.columns if name.endswith(other))]
    own = {f"for_{reader()}": "reasons for", f"against_{reader()}": "reasons against"}
    told = found.sharpest.drop(columns=hidden).rename(columns=own | {f"rule_{reader()}": "rule"})
    show(told, Sentence("{title}: the sharpest disagreements", title=title))
