"""``leadgrade monitor``."""

from pipeline.cli.options import AsOf, ConfigPath, Json, ModelChoice, instant
from pipeline.errors import DriftError


def monitor(
    config: ConfigPath,
    as_of: AsOf = None,
    model: ModelChoice = None,
    as_json: Json = False,
) -> None:
    """Compare inputs, scores, grades and outcomes with what the scorer learned; exit code 11 on an alarm."""
    from pipeline import terminal
    from pipeline.cli.screens import monitoring as monitoring_screen
    from pipeline.commands.monitor import MONITOR, run_monitor
    from pipeline.config.config import read_config
    from pipeline.language.sentence import Sentence
    from pipeline.report.titles import title_of

    settings = read_config(config)
    found, watched, callers = run_monitor(settings, instant(as_of, settings.timezone), model)
    if as_json:
        terminal.print_json(monitoring_screen.monitor_tables(found, watched))
    else:
        title = title_of(settings.name, settings.simulation)
        monitoring_screen.monitored(found, watched, title, callers)
        terminal.say(Sentence("every check: {path}", path=settings.output_path(MONITOR)))
    if found.alarms:
        alarms = found.alarms[0]
        if len(found.alarms) > 1:
            alarms = Sentence("{first} and {others} more", first=alarms, others=len(found.alarms) - 1)
        raise DriftError(
            Sentence(
                "alarm: {alarms}; look at {path}, then mend the source, "
                "list what is meant to change in monitor.ignored, or train again",
                alarms=alarms,
                path=settings.output_path(MONITOR),
            )
        )
