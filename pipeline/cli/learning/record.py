"""``leadgrade record``."""

from pipeline.cli.options import ConfigPath


def record(config: ConfigPath) -> None:
    """Record the last training in MLflow, where the store did not take it, without training again."""
    from pipeline import terminal
    from pipeline.commands.record import run_record
    from pipeline.config.config import read_config
    from pipeline.language.sentence import Sentence

    scorer = run_record(read_config(config))
    terminal.say(Sentence("scorer {scorer} is recorded", scorer=scorer[:12]))
    terminal.say(
        Sentence(
            "it is the challenger now: leadgrade promote {config} compares it with the champion",
            config=config,
        )
    )
