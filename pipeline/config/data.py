"""What a configuration says of data, one strict and frozen model each part; `config` puts them together."""

from datetime import UTC, datetime
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo, available_timezones

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)

from pipeline.config.bounds import SourceBounds
from pipeline.config.rows import RowSettings
from pipeline.config.strict import Strict
from pipeline.privacy import mask

# What the system's list of zones holds besides zones: this machine's own, and one that tells it is not set.
_NO_PLACES = {"localtime", "posixrules", "Factory"}

Days = Annotated[int, Field(gt=0, le=3650)]
Share = Annotated[float, Field(ge=0.0, le=1.0)]


def is_zone(name: str) -> bool:
    """Tell whether there is a time zone of that name, and it names the same one on every machine.

    >>> is_zone("Asia/Shanghai"), is_zone("localtime"), is_zone("posix/Asia/Shanghai")
    (True, False, False)
    """
    return name in available_timezones() - _NO_PLACES


def known_zone(name: str) -> str:
    """Return the time zone's name, or raise ValueError if there is no such zone."""
    if not is_zone(name):
        raise ValueError(f"unknown time zone {mask(name)!r}; write it like Asia/Shanghai")
    return name


def to_moment(text: str, timezone: str) -> datetime:
    """Read one date or time as an instant in UTC; without an offset it is in the time zone.

    Raises:
        ValueError: it is neither, or lies at the very ends of the calendar.

    >>> to_moment("2024-05-28 16:03", "Asia/Shanghai").isoformat()
    '2024-05-28T08:03:00+00:00'
    """
    try:
        return _in_utc(datetime.fromisoformat(text.strip()), timezone)
    except (ValueError, OverflowError) as error:
        raise ValueError("not a date or time; write it as 2024-01-31 or 2024-01-31 18:00") from error


def _in_utc(moment: datetime, timezone: str) -> datetime:
    return (moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(timezone))).astimezone(UTC)


def _to_moment(value: object, info: ValidationInfo) -> object:
    """Read a date or time in the configuration's zone, which read_config passes as context."""
    zone = (info.context or {}).get("timezone", "UTC")
    if isinstance(value, datetime):
        return _in_utc(value, zone)
    return to_moment(value, zone) if isinstance(value, str) else value


Moment = Annotated[datetime, BeforeValidator(_to_moment)]


def _to_power_of_ten(factor: int) -> int:
    if str(factor).strip("0") != "1" or factor > 10**12:
        raise ValueError("must be a power of ten from 10 to 1000000000000, such as 10000 for 万")
    return factor


PowerOfTen = Annotated[int, Field(gt=1), AfterValidator(_to_power_of_ten)]

Encoding = Literal["auto", "utf-8", "gb18030", "big5", "euc-kr", "shift_jis", "cp1252", "cp1251", "utf-16"]


class Source(RowSettings):
    """One file and the dialect it is written in.

    Attributes:
        sheet: the Excel sheet; the first one when left out.
        encoding: ``auto`` tells UTF-8, UTF-16 and Chinese GB18030 apart, and refuses what it cannot tell.
        delimiter: ``auto`` looks at the header line.
        decimal: the decimal mark of numbers written as text; ``auto`` goes by the column, and what it
            does not tell (``1.234``) is a bad cell.
        timezone: for times without an offset; the configuration's own when left out.
        time_formats: strptime formats tried in order before the usual ones; ``epoch_s`` and
            ``epoch_ms`` read numbers as seconds and milliseconds since 1970, ``excel_serial`` as days.
        values: our column name -> (the file's word -> ours).
        null_values: further words that mean "missing".
        duration_unit: unit of plain numbers in ``duration``; ``clock`` reads ``mm:ss`` (``5m 12s``,
            ``5分12秒`` and ``00:05:12`` are read in any).
        multiply: our column name -> by which power of ten its numbers and amounts are multiplied, as its
            header says (``金额(万元)``: 10000); a cell with a unit of its own (``1.2万``) is read by that.
        order_lines: of orders: ``sum`` where an order has several rows with one id, whose amounts add up.
        separator: of orders: what stands between the leads of an order that names several.
        exported_at: when the file was exported: nothing after it can be known.
        complete_from: of facts with old values: every change is there from here on; from the first row on
            when left out.
        tolerance: share of rows that may be bad before the run stops.
        bounds: how large it may be.
    """

    sheet: str | None = None
    encoding: Encoding = "auto"
    delimiter: str = "auto"
    decimal: Literal[".", ",", "auto"] = "auto"
    timezone: str | None = None
    time_formats: tuple[str, ...] = ()
    values: dict[str, dict[str, str]] = Field(default={})
    null_values: tuple[str, ...] = ()
    duration_unit: Literal["ms", "s", "min", "clock"] = "s"
    multiply: dict[str, PowerOfTen] = Field(default={})
    order_lines: Literal["sum"] | None = None
    separator: Annotated[str, Field(min_length=1, max_length=5)] | None = None
    exported_at: Moment | None = None
    complete_from: Moment | None = None
    tolerance: Share | None = None
    bounds: SourceBounds = SourceBounds()

    def power_of(self, ours: str) -> int:
        """The power of ten that plain numbers of one of our columns are multiplied by."""
        return len(str(self.multiply.get(ours, 1))) - 1

    @field_validator("timezone")
    @classmethod
    def _zone(cls, name: str | None) -> str | None:
        return name if name is None else known_zone(name)

    @field_validator("time_formats")
    @classmethod
    def _read_times(cls, formats: tuple[str, ...]) -> tuple[str, ...]:
        if formats:
            # Polars takes long to load, and few sources need it here.
            from pipeline.values.time_formats import check_format  # noqa: PLC0415

            for fmt in formats:
                check_format(fmt)
        return formats

    @field_validator("delimiter")
    @classmethod
    def _one_character(cls, delimiter: str) -> str:
        if delimiter != "auto" and (len(delimiter) != 1 or delimiter in '"\r\n' or not delimiter.isascii()):
            raise ValueError("a delimiter is one ASCII character, such as ';', or auto")
        return delimiter


class AttributeSettings(Strict):
    """A customer attribute: what kind it is and when it is known.

    Attributes:
        kind: how its values read.
        known: ``at_creation`` (a lead column, true when the lead was created), ``dated`` (a field
            of the facts table) or ``snapshot`` (a lead column, true when exported: shown, never
            trained on).
        entered_at: of a dated one that stands in the lead list: the column that says when it was entered.
        meaning, meaning_zh: a few words for the feature table and the reasons.
        unit: unit of a number.
    """

    kind: Literal["categorical", "numeric", "text", "date"] = "categorical"
    known: Literal["at_creation", "dated", "snapshot"] = "at_creation"
    entered_at: str | None = None
    meaning: str = ""
    meaning_zh: str = ""
    unit: str = ""

    @model_validator(mode="after")
    def _dated(self) -> Self:
        if self.entered_at and self.known != "dated":
            raise ValueError("entered_at is for known: dated")
        return self


class LabelSettings(Strict):
    """What counts as a close, and as a loss.

    Attributes:
        close: the lead's first order, its first won stage, a column of the lead list, or each order of its
            customer (``next_order``), who stays open.
        won_stages, lost_stages: names of final stages.
        column: the outcome column, for ``close: outcome``.
        won_values: its values that mean a close.
        closed_at: the column with the close's time. A flat list has none; of a dated list without one, the
            label is the final outcome of the leads that have matured.
        final_outcome: whether the label is that in spite of ``closed_at``, so that leads that were won
            without a date have a label. Left out, it is where more of the won than ``outcome_tolerance``
            have no date; ``false`` leaves them without a label, however many they are.
        matured_days: of a final outcome: so long after its as-of it is one.
        undone: what a won lead is whose stage is another one since: still a ``close``, or ``no_close``.
        observed_from: outcomes are complete from here; earlier instants are in no cohort.
        observed_until: outcomes are complete up to here; the label source's ``exported_at``, or
            else its latest row, when left out.
    """

    close: Literal["first_order", "next_order", "won_stage", "outcome"]
    won_stages: tuple[str, ...] = ()
    lost_stages: tuple[str, ...] = ()
    column: str | None = None
    won_values: tuple[str, ...] = ("yes", "1", "true")
    closed_at: str | None = None
    final_outcome: bool | None = None
    matured_days: Days | None = None
    undone: Literal["close", "no_close"] = "close"
    observed_from: Moment | None = None
    observed_until: Moment | None = None

    @property
    def by_orders(self) -> bool:
        """Whether orders are the closes."""
        return self.close in ("first_order", "next_order")

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.close == "won_stage" and not self.won_stages:
            raise ValueError("close: won_stage needs won_stages")
        if self.close == "outcome" and not self.column:
            raise ValueError("close: outcome needs column")
        if self.final_outcome is not None and (self.close != "outcome" or not self.closed_at):
            raise ValueError("final_outcome is for close: outcome with closed_at: remove it")
        if self.matured_days and (self.close != "outcome" or (self.closed_at and not self.final_outcome)):
            raise ValueError(
                "matured_days is for close: outcome without closed_at: remove one of them, "
                "or set final_outcome: true"
            )
        if self.undone == "no_close" and self.close != "won_stage":
            raise ValueError("undone: no_close is for close: won_stage: remove it")
        if self.observed_from and self.observed_until and self.observed_from >= self.observed_until:
            raise ValueError("observed_from must be earlier than observed_until")
        return self


class Cohort(Strict):
    """Who is a training row, and when.

    Attributes:
        at: ``monthly`` (every open lead at each first of the month), ``after_creation`` (creation
            plus ``days``), ``stage_entry`` (on entering one of ``stages``) or ``column`` (a time
            column of the lead list).
        days, stages, column: what the choice of ``at`` needs.
        max_age_days: leads older than this leave a monthly cohort.
        min_calls: calls known before the as-of that a lead needs to be in the cohort.
        sample_leads: train on at most so many leads, drawn whole; on all of them when left out.
    """

    at: Literal["monthly", "after_creation", "stage_entry", "column"] = "monthly"
    days: tuple[Annotated[int, Field(ge=0, le=3650)], ...] = ()
    stages: tuple[str, ...] = ()
    column: str | None = None
    max_age_days: Days | None = None
    min_calls: Annotated[int, Field(ge=0)] = 0
    sample_leads: Annotated[int, Field(ge=1)] | None = None

    @model_validator(mode="after")
    def _complete(self) -> Self:
        needs = {"after_creation": "days", "stage_entry": "stages", "column": "column"}.get(self.at)
        if needs and not getattr(self, needs):
            raise ValueError(f"at: {self.at} needs {needs}")
        return self


class Split(Strict):
    """Train, calibrate and test periods, by as-of.

    Attributes:
        calibrate_from, test_from: first as-of of the later periods (a flat list without dates
            counts rows from 1); taken from ``shares`` when left out.
        shares: parts of the rows, in time order, of train, calibrate and test.
        gap_rows: flat lists only: rows whose outcome is not yet known when the next period begins.
    """

    calibrate_from: Moment | int | None = None
    test_from: Moment | int | None = None
    shares: tuple[Share, Share, Share] = (0.6, 0.2, 0.2)
    gap_rows: Annotated[int, Field(ge=0)] = 0

    @field_validator("shares")
    @classmethod
    def _sum(cls, shares: tuple[float, float, float]) -> tuple[float, float, float]:
        if abs(sum(shares) - 1.0) > 1e-9 or min(shares) <= 0.0:
            raise ValueError("shares must be positive and sum to 1")
        return shares

    @model_validator(mode="after")
    def _both(self) -> Self:
        if (self.calibrate_from is None) != (self.test_from is None):
            raise ValueError("give both calibrate_from and test_from, or neither")
        return self
