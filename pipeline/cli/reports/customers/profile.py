"""``leadgrade profile``."""

from pipeline.cli.options import AsOf, ConfigPath, instant


def profile(config: ConfigPath, as_of: AsOf = None) -> None:
    """Compare closers with all others: who, what, why, when, where and how much."""
    from pipeline.cli.reports.customers.profile_screen import compared
    from pipeline.commands.reports.profile import run_profile
    from pipeline.config.config import read_config
    from pipeline.language.reader import reader

    settings = read_config(config)
    compared(settings, run_profile(settings, instant(as_of, settings.timezone)), reader())
