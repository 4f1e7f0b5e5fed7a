"""``leadgrade record``."""

from pipeline.cli.options import ConfigPath


def record(config: ConfigPath) -> None:
    """Record the last training in MLflow, where the store did not take it, without training again."""
    from pipeline import terminal
    from pipeline.commands.record import run_record
    from pipeline.config.config import read_config

    scorer = run_record(read_config(config))
    terminal.say(f"scorer {scorer[:12]} is recorded")
    terminal.say(f"it is the challenger now: leadgrade promote {config} compares it with the champion")
