"""``leadgrade funnel``."""

from pipeline.cli.options import AsOf, ConfigPath, instant


def funnel(config: ConfigPath, as_of: AsOf = None) -> None:
    """Count the funnel: leads per layer, moves a week, conversion and days, and a layer that runs dry."""
    from pipeline.cli.reports.funnel_screen import layered
    from pipeline.commands.reports.funnel import run_funnel
    from pipeline.config.config import read_config
    from pipeline.language.reader import reader

    settings = read_config(config)
    layered(settings, run_funnel(settings, instant(as_of, settings.timezone)), reader())
