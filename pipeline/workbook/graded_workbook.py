"""A graded list as a workbook: what is read before the grading, and the file that comes of it."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Self

import pandas as pd

from features.schemes.declaration import Scheme
from models.scorer import LeadScorer
from pipeline.config.config import Config
from pipeline.config.workbook import Written
from pipeline.errors import SourceError
from pipeline.files.file_stamps import file_stamps
from pipeline.intake.work_folder import Work
from pipeline.reading.shown_columns import read_shown
from pipeline.schemes.scheme_files import schemes_of
from pipeline.scoring.grade_words import meaning
from pipeline.scoring.ranked_list import PLACE, Merged, bucket_by_bucket
from pipeline.targets import Outputs
from pipeline.workbook.kept_lists import keep_list, last_list, read_list
from pipeline.workbook.lead_list import GradedList, list_sheets
from pipeline.workbook.legend import legend_sheet
from pipeline.workbook.playbooks import playbook_for, playbooks_of
from pipeline.workbook.writer import write_workbook


def is_workbook(out: Path) -> bool:
    """Whether a list is to be written for salespeople."""
    return out.name.endswith(".xlsx")


@dataclass(frozen=True)
class Workbook:
    """What of a workbook is known before its leads are graded.

    Attributes:
        config: its leads are the list.
        written: the language.
        playbooks: the schemes whose next actions may be shown, in the order of preference.
        shown: what the team shows of each lead.
        stamps: of the lead list's files as ``shown`` was read.
        last: the list that it is compared with, where one was named.
    """

    config: Config
    written: Written
    playbooks: tuple[Scheme, ...]
    shown: pd.DataFrame
    stamps: object
    last: pd.DataFrame | None

    @classmethod
    def of(cls, config: Config, since: Path | None, written: Written | None) -> Self:
        """Read what is needed of a configuration's lead list, and the list that was named.

        Raises:
            ConfigError: ``workbook`` names a scheme that is not used.
            SourceError: the lead list lacks a column that is shown, or a file cannot be read.
        """
        playbooks = playbooks_of(config, schemes_of(config))
        stamps = _stamps(config)
        last = None if since is None else read_list(since)
        return cls(config, written or config.workbook.language, playbooks, read_shown(config), stamps, last)

    def write(
        self, work: Work, merged: Merged, scorer: LeadScorer, as_of: datetime, outputs: Outputs, out: Path
    ) -> None:
        """Write the workbook, and keep what the next one is compared with.

        Raises:
            SourceError: the lead list has changed since, so that nobody can say whose telephone is whose.
            OutputError: the disk or the rights do not allow it.
        """
        if _stamps(self.config) != self.stamps:
            path = self.config.data_path(self.config.sources["leads"].path)
            raise SourceError(f"{path}: has changed while it was graded: run the command again")
        leads = merged.by_rank()
        at_work = pd.concat(bucket_by_bucket(work, "at_work")).set_index(PLACE)
        graded = GradedList(
            config=self.config,
            # A column of the lead list may be called like one of what is told.
            leads=leads.drop(columns=at_work.columns, errors="ignore").join(at_work, on=PLACE),
            shown=self.shown,
            grades=meaning(scorer.policy, self.config.currency),
            horizons=scorer.horizons,
            playbook=playbook_for(leads, self.playbooks),
            last=last_list(self.config, as_of) if self.last is None else self.last,
            as_of=as_of,
        )
        sheets = [*list_sheets(graded, self.written), legend_sheet(graded, self.written)]
        write_workbook(outputs.at(out), sheets, self.written)
        keep_list(outputs, leads, as_of)


def _stamps(config: Config) -> object:
    return file_stamps(config.data_path(config.sources["leads"].path))
