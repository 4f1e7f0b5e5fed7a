"""What the verb score does: a lead list in, the graded list and what stands beside it out."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd

from pipeline import present
from pipeline.chosen import choose
from pipeline.config import Config
from pipeline.outcomes import observed_until
from pipeline.output import SUFFIXES, check_free, write_table
from pipeline.runs import check_recogniser, load_scorer
from pipeline.scheme_checks import checked_schemes
from pipeline.score import Scored, check_as_of, score
from pipeline.validate import Validated, read_tables


def run_score(
    config: Config,
    leads: Path | None,
    as_of: datetime | None,
    out: Path,
    *,
    overwrite: bool = False,
    reasons: int = 3,
    explain: bool = False,
    model: str | None = None,
) -> tuple[Scored, Validated, datetime]:
    """Score a lead list and write it, with a quarantine file for every lead that has no grade.

    ``model`` names the scorer as ``chosen.choose`` reads it: the champion when left out.
    """
    for path in (out, quarantine_path(out), *(explained_paths(out) if explain else ())):
        check_free(path, overwrite)
    if as_of is not None:
        check_as_of(config, as_of)
    chosen = choose(config, model, lambda: load_scorer(config))
    schemes = checked_schemes(config)
    if leads is not None:
        config = config.with_leads(leads)
    with present.working("reading the sources"):
        validated = read_tables(config, outcome=False, whole=leads is None)
    check_recogniser(config, chosen.scorer, validated)
    instant = as_of or export_time(config, validated)
    with present.working("scoring"):
        scored = score(
            config,
            validated.tables,
            chosen.scorer,
            schemes,
            instant,
            reasons=reasons,
            explain=explain,
            version=chosen.version,
        )
    scored = replace(scored, graded_by=chosen.graded_by)
    write_table(left_out(scored, validated), quarantine_path(out))
    for table, path in zip((scored.explained, scored.reasons), explained_paths(out), strict=True):
        if table is not None:
            write_table(table, path)
    write_table(scored.leads, out)
    return scored, validated, instant


def left_out(scored: Scored, validated: Validated) -> pd.DataFrame:
    """Every row without a grade: of any source if it could not be used, of the lead list if not open."""
    rows = validated.tables["leads"].select("lead_id", "row_number").to_pandas()
    unscored = scored.left_out.merge(rows, on="lead_id", how="left")
    reasons = unscored.assign(source="leads", column="lead_id", value="")
    quarantine = validated.quarantine.to_pandas()
    return pd.concat([quarantine, reasons[quarantine.columns]], ignore_index=True)


def quarantine_path(out: Path) -> Path:
    """The quarantine file beside a scored list.

    Example:
        >>> quarantine_path(Path("graded.csv.gz")).name
        'graded.quarantine.csv'
    """
    return _beside(out, "quarantine")


def explained_paths(out: Path) -> tuple[Path, Path]:
    """The explanations beside a scored list: of the rule grades, and of the scores.

    Example:
        >>> [path.name for path in explained_paths(Path("graded.csv.gz"))]
        ['graded.explained.csv', 'graded.reasons.csv']
    """
    return _beside(out, "explained"), _beside(out, "reasons")


def _beside(out: Path, what: str) -> Path:
    suffix = next((known for known in SUFFIXES if out.name.endswith(known)), "")
    return out.with_name(f"{out.name.removesuffix(suffix)}.{what}.csv")


def export_time(config: Config, validated: Validated) -> datetime:
    """As of when a list is graded if nobody says: its export, or up to when outcomes are known."""
    exported_at = config.sources["leads"].exported_at
    if exported_at is not None or config.flat:
        return exported_at or datetime.now(UTC)
    return observed_until(config, validated.tables)
