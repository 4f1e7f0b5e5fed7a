"""What ``leadgrade kpi`` shows: pay and calls of each agent, and what became of the rows."""

from pipeline.cli.reports.report_screen import files_told, show_report
from pipeline.commands.reports import kpi as run
from pipeline.config.config import Config
from pipeline.language.catalogue import Language, translate
from pipeline.report.titles import title_of
from pipeline.terminal import say


def counted(config: Config, found: run.TeamMonth, language: Language) -> None:
    """Show a month."""
    title = title_of(config.name, config.simulation)
    paid = translate("{name}: {month}, leads and pay", language, name=title, month=found.month)
    show_report(found.agents, paid, language, most=12)
    show_report(found.calls, translate("calls by weekday", language), language, most=12)
    grades = found.account.filter(found.account["source"] == "manual_grades")
    told = dict(grades.select("became", "rows").iter_rows())
    say(
        translate(
            "{counted} of {rows} manual grades counted; {again} were given again in the month",
            language,
            counted=told.get("counted", 0),
            rows=sum(told.values()),
            again=told.get("again", 0),
        )
    )
    files_told(config, run.KPI_FILES, language)
    say(translate("graded by {scorer}", language, scorer=found.graded_by))
