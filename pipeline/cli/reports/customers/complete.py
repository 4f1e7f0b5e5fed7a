"""``leadgrade complete``."""

from pipeline.cli.options import AsOf, ConfigPath, instant


def complete(config: ConfigPath, as_of: AsOf = None) -> None:
    """Count what is filled in of each field and lead, worst first, and what empty cells cost."""
    from pipeline.cli.reports.customers.complete_screen import filled
    from pipeline.commands.reports.complete import run_complete
    from pipeline.config.config import read_config
    from pipeline.language.reader import reader

    settings = read_config(config)
    filled(settings, run_complete(settings, instant(as_of, settings.timezone)), reader())
