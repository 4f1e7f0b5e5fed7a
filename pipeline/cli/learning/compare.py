"""``leadgrade compare``."""

from pipeline.cli.options import ConfigPath, Json


def compare(config: ConfigPath, as_json: Json = False) -> None:
    """Put the learned grades and the rule grades side by side on the test period's leads."""
    from pipeline import terminal
    from pipeline.cli.screens import evaluation as evaluation_screen
    from pipeline.commands.compare import run_compare
    from pipeline.config.config import read_config
    from pipeline.report.titles import title_of

    settings = read_config(config)
    evaluation, _, parting = run_compare(settings)
    if as_json:
        terminal.print_json({**evaluation.tables, "parting": parting})
        return
    title = title_of(settings.name, settings.simulation)
    evaluation_screen.results(evaluation, title, whole=True)
    evaluation_screen.calibration(evaluation, title)
    evaluation_screen.parting(parting, title, whole=True)
    terminal.say(f"lead by lead: {settings.output_path('compare.csv')}")
