"""``leadgrade audit``."""

from pipeline.cli.options import AsOf, ConfigPath, ModelChoice, instant


def audit(config: ConfigPath, as_of: AsOf = None, model: ModelChoice = None) -> None:
    """Look at agents' grades: beside what others give to such leads, their closes, the calls behind them."""
    from pipeline.cli.reports.audit_screen import audited
    from pipeline.commands.reports.audit import run_audit
    from pipeline.config.config import read_config
    from pipeline.language.reader import reader

    settings = read_config(config)
    audited(settings, run_audit(settings, instant(as_of, settings.timezone), model), reader())
