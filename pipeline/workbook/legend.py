"""The last sheet: what the list is, what its grades say, and what stands in its columns."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

import pandas as pd

from pipeline.config.workbook import Written
from pipeline.language.catalogue import Language, translate
from pipeline.workbook.lead_list import GradedList, list_columns
from pipeline.workbook.playbooks import channel_word
from pipeline.workbook.sheet import Column, Sheet

_WHAT, _SAYS = "what", "says"


def legend_sheet(graded: GradedList, written: Written) -> Sheet:
    """What a reader may ask of the list, a line each."""
    languages: tuple[Language, ...] = ("zh", "en") if written == "both" else (written,)
    told = [list(_lines(graded, language)) for language in languages]
    lines = [
        tuple("\n".join(dict.fromkeys(said)) for said in zip(*line, strict=True))
        for line in zip(*told, strict=True)
    ]
    columns = (
        Column(_WHAT, lambda to: translate("What", to), width=28),
        Column(_SAYS, lambda to: translate("What it says", to), width=110),
    )
    return Sheet(lambda to: translate("Legend", to), pd.DataFrame(lines, columns=[_WHAT, _SAYS]), columns)


def _lines(graded: GradedList, to: Language) -> Iterator[tuple[str, str]]:
    yield from _list_lines(graded, to)
    counts = graded.leads["grade"].value_counts()
    for grade, says in graded.grades.items():
        number = translate("{count} leads", to, count=f"{int(counts.get(grade, 0)):,}")
        yield f"{translate('Grade', to)} {grade}", f"{says[f'grade_{to}']} ({number})"
    yield from _column_lines(graded, to)
    yield from _playbook_lines(graded, to)


def _list_lines(graded: GradedList, to: Language) -> Iterator[tuple[str, str]]:
    config = graded.config
    if config.simulation:
        yield (
            translate("List", to),
            translate("{name} (a simulated team: nobody here is real)", to, name=config.name),
        )
    else:
        yield translate("List", to), config.name
    here = graded.as_of.astimezone(ZoneInfo(config.timezone))
    as_of = f"{here:%Y-%m-%d %H:%M} ({config.timezone})"
    yield translate("As of", to), translate("{time}: what was known then", to, time=as_of)
    if len(graded.leads):
        yield translate("Graded by", to), str(graded.leads["model_version"].iloc[0])
    yield translate("Compared with", to), _last(graded, to)
    first = f"{config.workbook.call_first:,}"
    yield translate("Call first", to), translate("the best {count} leads by rank", to, count=first)


def _last(graded: GradedList, to: Language) -> str:
    if graded.last is None:
        return translate("no earlier list: from the next one on, changes are shown", to)
    times = graded.last["as_of"] if "as_of" in graded.last.columns else pd.Series(dtype="str")
    told = pd.to_datetime(times, utc=True, errors="coerce", format="ISO8601").dropna()
    if told.empty:
        return translate("the list that was named", to)
    here = told.max().tz_convert(graded.config.timezone)
    return translate("the list of {time}", to, time=f"{here:%Y-%m-%d %H:%M}")


def _column_lines(graded: GradedList, to: Language) -> Iterator[tuple[str, str]]:
    says = {
        "rank": translate("by grade, then by chance: 1 is to be called first", to),
        "moved": translate("whether the grade rose or fell since the last list", to),
        "action": translate("the next action by your rules for such leads", to),
        "due": translate(
            "the day of the next contact: the last call, and the days that your rules leave between calls; "
            "the list's own day for a lead that was never called",
            to,
        ),
        "flags": translate(
            "what your rules flag, and leads unlike those that the grades were learned from", to
        ),
        "speaks_for": translate(
            "facts that such leads have in common and that raise the chance, the strongest first; no promise "
            "that changing them changes the customer",
            to,
        ),
        "speaks_against": translate("facts that lower the chance, the strongest first", to),
        "expected_value": translate("the chance by the longest time, times the expected amount", to),
        "playbook_label": translate("the label that your rules give", to),
        "manual_grade": translate("the latest grade that somebody gave by hand", to),
    }
    for column in list_columns(graded, to):
        if column.name in says:
            yield column.header(to), says[column.name]


def _playbook_lines(graded: GradedList, to: Language) -> Iterator[tuple[str, str]]:
    scheme = graded.playbook
    if scheme is None:
        return
    if f"scheme_{scheme.id}" not in graded.leads.columns:
        yield getattr(scheme.name, to), translate("not shown: your data lack what these rules read", to)
        return
    for label in scheme.labels:
        name, playbook = f"{getattr(scheme.name, to)} {label.id}", label.playbook
        parts = [getattr(label.name, to), getattr(playbook.action, to), channel_word(playbook.channel, to)]
        if playbook.cadence_days is not None:
            parts.append(translate("every {days} days", to, days=f"{playbook.cadence_days:g}"))
        yield name, " · ".join(parts)
