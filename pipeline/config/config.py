"""The configuration: strict, frozen, read from YAML in one place."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, ValidationError, field_validator, model_validator

from features.tables import TableName
from pipeline.config.data import (
    AttributeSettings,
    Cohort,
    Days,
    LabelSettings,
    Share,
    Source,
    Split,
    is_zone,
    known_zone,
)
from pipeline.config.grades import Grades, check_grades, default_grades
from pipeline.config.learning import (
    Calibration,
    Intents,
    Leaks,
    Model,
    PromotionGate,
    Search,
    Threshold,
    Tracking,
)
from pipeline.config.mistakes import all_of, describe_errors
from pipeline.config.monitor import Monitor
from pipeline.config.privacy import Privacy
from pipeline.config.reports import Reports
from pipeline.config.reserved_names import told_apart, wrong_entries
from pipeline.config.strict import Strict
from pipeline.config.undated import has_final_outcome, with_final_outcome
from pipeline.config.workbook import WorkbookSettings
from pipeline.config.yaml_file import load_yaml, to_json, with_override
from pipeline.errors import ConfigError
from pipeline.language.sentence import Sentence

__all__ = [
    "AttributeSettings",
    "Cohort",
    "Config",
    "Days",
    "Intents",
    "LabelSettings",
    "Leaks",
    "Model",
    "Monitor",
    "Privacy",
    "PromotionGate",
    "Search",
    "Share",
    "Source",
    "Split",
    "Threshold",
    "Tracking",
    "describe_config_error",
    "read_config",
    "to_config",
]


class Config(Strict):
    """Everything a run needs to know.

    Attributes:
        name: shown in reports and run names.
        simulation: true for a made-up world; every output then says so.
        timezone: for times without an offset, month starts and hours of the day.
        currency: unit of money; amounts are kept in ``10**-currency_digits`` of it.
        data_dir: folder of the sources, relative to the configuration's file; the environment
            variable ``LEADGRADE_DATA`` overrides it.
        output_dir: folder of everything a run writes, relative to the configuration's file.
        escape_cells: keep cells of CSV files from being formulas in a spreadsheet (an apostrophe in front),
            and undo that in sources; ``false`` writes and reads every cell as it is.
        flat: the leads source is the only one: attributes and an outcome per row, in time order.
        tolerance: share of a source's rows that may be bad before the run stops.
        outcome_tolerance: share of the outcomes (orders, won stages, won leads) that may be without use
            before the run stops; of won leads without a date, see ``label.final_outcome``.
        horizons_days: ends of the consecutive windows of the close hazard.
        calibration: of each window's hazard: ``auto`` chooses, or one family for all.
        grades: conditions of the grades, best first; the first that holds wins, else the last
            letter (one more than there are conditions). Or a policy that sets them when the model is
            fitted, such as ``{policy: capacity, by_days: 180, shares: {A: 0.1, B: 0.2}}``.
        schemes: names or paths of rule schemes to evaluate on the same leads; ``all`` is every
            shipped one.
        scheme_parameters: thresholds of those schemes to change, by scheme and name.
        reports: the rules of the team's own reports.
        refit: after evaluation, move all periods forward and fit once more.
        engine: where lists are scored: ``local``, on all cores here, or ``spark``, a bucket of leads a task.
    """

    name: str
    simulation: bool = False
    timezone: str = "UTC"
    currency: str = ""
    currency_digits: Annotated[int, Field(ge=0, le=4)] = 2
    data_dir: str = "."
    output_dir: str = "out"
    escape_cells: bool = True
    flat: bool = False
    sources: dict[TableName, Source]
    tolerance: Share = 0.02
    outcome_tolerance: Share = 0.05
    attributes: dict[str, AttributeSettings] = Field(default={})
    label: LabelSettings
    horizons_days: Annotated[tuple[Days, ...], Field(min_length=1)] = (30, 90, 180)
    cohort: Cohort = Cohort()
    split: Split = Split()
    model: Model = Model()
    calibration: Calibration = "auto"
    search: Search = Search()
    intents: Intents = Intents()
    leaks: Leaks = Leaks()
    grades: Grades = Field(default_factory=default_grades)
    schemes: tuple[str, ...] = ()
    scheme_parameters: dict[str, dict[str, bool | int | float | str]] = Field(default={})
    promotion: PromotionGate = PromotionGate()
    monitor: Monitor = Monitor()
    privacy: Privacy = Privacy()
    tracking: Tracking = Tracking()
    workbook: WorkbookSettings = WorkbookSettings()
    reports: Reports = Reports()
    refit: bool = False
    engine: Literal["local", "spark"] = "local"
    path: Path = Field(default=Path("config.yaml"), exclude=True)

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        return known_zone(name)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        found = list(self._contradictions())
        if found:
            raise ValueError("; ".join(found))
        return self

    def _contradictions(self) -> Iterator[str]:
        """What each part says well, but not beside the others."""
        if "leads" not in self.sources:
            yield "sources needs leads"
        if list(self.horizons_days) != sorted(set(self.horizons_days)):
            yield "horizons_days must increase"
        if self.flat and (set(self.sources) != {"leads"} or self.label.close != "outcome"):
            yield "a flat list has the leads source only, and label.close: outcome"
        given = self.model_fields_set & {"horizons_days", "cohort"}
        if self.flat and given:
            yield f"a flat list has one horizon, its own, and no cohort: remove {' and '.join(sorted(given))}"
        try:
            if not has_final_outcome(self):
                check_grades(self.grades, self.horizons_days, flat=self.flat)
        except ValueError as error:
            yield str(error)
        for name, source in self.sources.items():
            if name != "orders" and (source.order_lines or source.separator):
                yield f"sources.{name}: order_lines and separator are for orders: remove them"
            if source.complete_from and not (name == "facts" and "old_value" in source.columns):
                yield f"sources.{name}: complete_from is for facts that name their old_value: remove it"
        if self.split.gap_rows and not self.flat:
            yield "split.gap_rows is for flat lists; windows of days keep their own gap: remove it"
        away = "recency_half_life_days" if self.flat else "recency_half_life_rows"
        if getattr(self.model, away) is not None:
            yield f"model.{away}: a flat list counts in rows, dated leads in days: use the other"
        yield from wrong_entries(self)
        outcome = {self.label.column, self.label.closed_at} & set(self.attributes)
        if outcome:
            yield f"attributes may not name the outcome's column {sorted(filter(None, outcome))}"

    def data_path(self, name: str = "") -> Path:
        """Where a source lies: ``name`` below ``data_dir``; an absolute name stands for itself.

        >>> label = LabelSettings(close="first_order")
        >>> Config(
        ...     name="x", sources={"leads": Source(path="l.csv")}, label=label, path=Path("/team/conf/x.yaml")
        ... ).data_path("l.csv").as_posix()
        '/team/conf/l.csv'
        """
        return Path(os.path.normpath(self.path.parent / self.data_dir / name))

    def check_trainable(self) -> None:
        """Refuse a choice of label or cohort whose source is not there: in silence it would mean another.

        Raises:
            ConfigError: names the choice and the source or key that it needs.
        """
        label, cohort = self.label, self.cohort
        needs = (
            (f"label.close: {label.close}", label.by_orders, "orders"),
            ("label.close: won_stage", label.close == "won_stage", "stages"),
            ("label.lost_stages", bool(label.lost_stages), "stages"),
            ("cohort.at: stage_entry", cohort.at == "stage_entry", "stages"),
            ("cohort.min_calls", cohort.min_calls > 0, "calls"),
        )
        wrong = [
            f"{key} needs sources.{source}; add the source"
            for key, chosen, source in needs
            if chosen and source not in self.sources
        ]
        if wrong:
            raise ConfigError(f"{self.path}: {all_of(wrong)}")

    def with_model(self, model: Model) -> Self:
        """The same configuration with other parameters of the model."""
        return self.model_copy(update={"model": model})

    def with_leads(self, leads: Path) -> Self:
        """The same configuration with another lead list, named from the working folder."""
        source = self.sources["leads"].model_copy(update={"path": str(leads.absolute()), "exported_at": None})
        return self.model_copy(update={"sources": {**self.sources, "leads": source}})

    def output_path(self, name: str = "") -> Path:
        """Where a run's file goes: ``name`` below ``output_dir``; an absolute name stands for itself."""
        return Path(os.path.normpath(self.path.parent / self.output_dir / name))


def read_config(path: Path, overrides: Mapping[str, object] | None = None) -> Config:
    """Read and check a YAML configuration.

    Dates and times without an offset are in the configuration's own time zone (a date is its
    midnight) and come back in UTC. The environment variable ``LEADGRADE_DATA`` replaces
    ``data_dir``.

    Args:
        path: the YAML file.
        overrides: values that replace the file's: ``{"model.seed": 3}``, or nested mappings.

    Raises:
        ConfigError: the file is missing, is not YAML, or has a wrong key or value; the message
            names every wrong key by its path.
    """
    path = Path(path)
    raw = load_yaml(path)
    for key, value in (overrides or {}).items():
        raw = with_override(raw, key, value)
    return to_config(raw, path)


def to_config(raw: Mapping[str, object], path: Path) -> Config:
    """Check a configuration that is there as nested mappings, as YAML holds it.

    Args:
        raw: keys and values.
        path: the file that it stands for: its folder is where relative paths start, its name is in messages.

    Raises:
        ConfigError: as ``read_config``.
    """
    folder = os.environ.get("LEADGRADE_DATA")
    if folder:
        raw = {**raw, "data_dir": str(Path(folder).expanduser().absolute())}
    if "path" in raw:
        raise ConfigError(
            Sentence(
                "{path}: path: unknown key; remove it (a source's file is sources.leads.path)", path=path
            )
        )
    zone = raw.get("timezone")
    context = {"timezone": zone} if isinstance(zone, str) and is_zone(zone) else {}
    text = to_json(raw)
    if "\\u0000" in text:
        raise ConfigError(Sentence("{path}: a value holds the character NUL; remove it", path=path))
    try:
        config = Config.model_validate_json(text, context=context)
    except ValidationError as error:
        raise ConfigError(f"{path}: {describe_config_error(error)}") from None
    return with_final_outcome(told_apart(config.model_copy(update={"path": path})))


def describe_config_error(error: ValidationError) -> str:
    """Say in one line what is wrong with a configuration, and where: every wrong key by its path."""
    return describe_errors(error, Config)
