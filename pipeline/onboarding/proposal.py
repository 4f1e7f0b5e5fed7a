"""A configuration proposed from files: what each is, why, and what is unsure of it."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.config.config import Config
from pipeline.errors import SourceError
from pipeline.language.catalogue import Language, translate
from pipeline.onboarding.attributes_told import Attribute, attributes_of
from pipeline.onboarding.closes_told import Closes, closes_of
from pipeline.onboarding.export_time import exported_at
from pipeline.onboarding.places_told import currency_of, zone_of
from pipeline.onboarding.said import recognised_as, unsure_of, why_late, why_unused
from pipeline.onboarding.settings import Settings
from pipeline.onboarding.source_settings import settings_of
from pipeline.onboarding.time_settings import clock_of
from pipeline.onboarding.unit_settings import say_factors
from pipeline.recognition.columns_seen import SeenColumn
from pipeline.recognition.flat_list import flat_list
from pipeline.recognition.sheets_seen import sheets_of
from pipeline.recognition.tables_told import Table, Told, tables_told


@dataclass(frozen=True)
class Proposal:
    """A configuration that is proposed.

    Attributes:
        raw: its keys and values, in their order.
        unsure: what is to be looked at, a sentence each.
        notes: what was recognised.
        commented: source -> lines that stand there as comments: to be taken, or what is not read.
        left: the lead list's columns that are not read.
    """

    raw: Mapping[str, object]
    unsure: tuple[str, ...]
    notes: tuple[str, ...]
    commented: Mapping[str, Sequence[str]] = field(default_factory=dict)
    left: tuple[str, ...] = ()


def propose(
    paths: Sequence[Path], out: Path, *, timezone: str | None = None, language: Language = "en"
) -> Proposal:
    """Propose a configuration for the files of a team.

    Args:
        paths: the files: a lead list, and calls, orders or deals, stages, history, grades.
        out: where the configuration will stand, by which the files are named.
        timezone: of times without an offset, where it is known.
        language: of what is said.

    Raises:
        SourceError: a file cannot be read, none is a lead list, or nothing says which leads closed.
    """
    sheets = [sheet for path in paths for sheet in sheets_of(path)]
    told = tables_told(sheets)
    closes = closes_of(told) if told else None
    flat = flat_list(sheets) if closes is None else None
    if flat and (ends := closes_of(flat)):
        return _Proposed(flat, ends, out, timezone, language, flat=True).whole()
    if told is None:
        raise SourceError(
            f"{', '.join(one.title for one in sheets)}: no lead list is among them: a table with a key of "
            "its own and the time when each lead was created; add it, or write sources.leads by hand"
        )
    if closes is None:
        raise SourceError(
            f"{told.leads.sheet.title}: nothing says which leads closed; add the file of orders, deals or "
            "stages, or a column of the outcome"
        )
    return _Proposed(told, closes, out, timezone, language).whole()


class _Proposed:
    """The parts of a proposal, from what the sheets are."""

    def __init__(
        self,
        told: Told,
        closes: Closes,
        out: Path,
        timezone: str | None,
        language: Language,
        *,
        flat: bool = False,
    ) -> None:
        self._told, self._closes, self._language, self._flat = told, closes, language, flat
        self._tables = [*told.tables, *([closes.orders] if closes.orders else [])]
        self._out = out
        self._folder = Path(
            os.path.commonpath([table.sheet.path.absolute().parent for table in self._tables])
        )
        self._attributes = attributes_of(told, closes)
        self._unsure: list[str] = []
        if flat:
            sentence = translate("rows without times are taken to be in their order (flat: true)", language)
            self._unsure.append(sentence)
        self._zone = timezone or self._told_zone()
        self._settings = {table.name: self._settings_of(table) for table in self._tables}

    def whole(self) -> Proposal:
        exported = None if self._flat else exported_at(self._tables, self._zone)
        sources: dict[str, object] = {}
        for name, one in self._settings.items():
            sources[name] = (
                {"path": one.told.pop("path")} | ({"exported_at": exported} if exported else {}) | one.told
            )
            self._unsure += one.unsure
        self._say_the_rest()
        raw: dict[str, object] = {
            "name": self._out.stem, "timezone": self._zone, "currency": self._currency(),
            "data_dir": Path(os.path.relpath(self._folder, self._out.absolute().parent)).as_posix(),
            "output_dir": "out", "sources": sources, "attributes": self._said_attributes(),
            "label": self._closes.label,
        }  # fmt: skip
        if self._flat:
            raw["flat"] = True
        Config.model_validate(_tupled(raw), context={"timezone": self._zone})
        notes = [recognised_as(table, self._language) for table in self._tables]
        commented: dict[str, Sequence[str]] = {
            table.name: [*self._settings[table.name].commented, *self._unread(table)]
            for table in self._tables
        }
        return Proposal(raw, tuple(self._unsure), tuple(notes), commented, self._left())

    def _settings_of(self, table: Table) -> Settings:
        more: dict[str, SeenColumn] = {}
        if table.name == "leads":
            more = {one.name: one.column for one in self._attributes if one.column}
            if self._closes.outcome:
                more["outcome"] = self._closes.outcome
                closed = table.roles.get("closed_at")
                more |= {"closed_on": closed.column} if closed else {}
        found = settings_of(table, more, self._closes, self._folder, self._language)
        say_factors(table, self._attributes if table.name == "leads" else (), found, self._language)
        return found

    def _told_zone(self) -> str:
        zone, sure = zone_of(self._tables, self._told.team)
        if not sure and not self._flat:
            self._unsure.append(
                translate(
                    "times without an offset are taken for those of {zone} (timezone, or --timezone)",
                    self._language,
                    zone=zone,
                )
            )
        return zone

    def _currency(self) -> str:
        return currency_of(
            self._tables, [one.column for one in self._attributes if one.column and one.kind == "numeric"]
        )

    def _said_attributes(self) -> dict[str, object]:
        return {one.name: self._said(one) for one in self._attributes}

    def _said(self, one: Attribute) -> dict[str, str]:
        said: dict[str, str] = {} if one.kind == "categorical" else {"kind": one.kind}
        if one.known != "at_creation":
            said["known"] = one.known
        header = one.column.name if one.column else one.name
        return said | {"meaning" if header.isascii() else "meaning_zh": header}

    def _say_the_rest(self) -> None:
        self._unsure += [why_unused(sheet, why, self._language) for sheet, why in self._told.unused]
        for table in self._tables:
            self._unsure += unsure_of(table, self._language)
        self._unsure += [why_late(one, self._language) for one in self._attributes if one.late]

    def _unread(self, table: Table) -> list[str]:
        """What of a table beside the lead list is not read."""
        clocks = [clock_of(table, ours, one.column) for ours, one in table.roles.items()]
        used = {one.column.name for one in table.roles.values()} | {one.name for one in clocks if one}
        left = [one.name for one in table.sheet.columns if one.name not in used]
        if table is self._told.leads or table.sheet is self._told.leads.sheet or not left:
            return []
        return [translate("not read: {names}", self._language, names=", ".join(left))]

    def _left(self) -> tuple[str, ...]:
        leads = self._told.leads
        used = {one.column.name for ours, one in leads.roles.items() if ours not in ("outcome", "closed_at")}
        used |= {one.column.name for one in self._attributes if one.column}
        used |= {self._closes.outcome.name} if self._closes.outcome else set()
        clocks = [clock_of(leads, ours, one.column) for ours, one in leads.roles.items()]
        used |= {one.name for one in clocks if one}
        return tuple(one.name for one in leads.sheet.columns if one.name not in used)


def _tupled(value: object) -> object:
    """Lists as the tuples that a strict configuration has."""
    if isinstance(value, Mapping):
        return {key: _tupled(one) for key, one in value.items()}
    return tuple(_tupled(one) for one in value) if isinstance(value, list) else value
