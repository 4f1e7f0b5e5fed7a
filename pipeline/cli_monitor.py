"""The verb that watches a scorer at work."""

import typer

from pipeline.cli_options import AsOf, ConfigPath, Json, ModelChoice, instant
from pipeline.errors import DriftError

app = typer.Typer()


@app.command()
def monitor(
    config: ConfigPath,
    as_of: AsOf = None,
    model: ModelChoice = None,
    as_json: Json = False,
) -> None:
    """Compare inputs, scores, grades and outcomes with what the scorer learned; exit code 11 on an alarm."""
    from pipeline import screen, screen_monitor
    from pipeline.config import read_config
    from pipeline.monitor_run import MONITOR, run_monitor

    settings = read_config(config)
    found, watched = run_monitor(settings, instant(as_of, settings.timezone), model)
    if as_json:
        screen.print_json(screen_monitor.as_tables(found, watched))
    else:
        screen_monitor.monitored(found, watched, screen.title_of(settings.name, settings.simulation))
        screen.say(f"every check: {settings.output_path(MONITOR)}")
    if found.alarms:
        more = f" and {len(found.alarms) - 1} more" if len(found.alarms) > 1 else ""
        raise DriftError(
            f"alarm: {found.alarms[0]}{more}; look at {settings.output_path(MONITOR)}, then mend the source, "
            f"list what is meant to change in monitor.ignored, or train again"
        )
