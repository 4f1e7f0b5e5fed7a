"""What ``leadgrade serve`` does: a scorer answers requests until it is stopped."""

from pipeline.config.config import Config
from pipeline.errors import OutputError
from pipeline.targets import FETCHED, Outputs
from pipeline.tracking.champion import Chosen, scorer_for
from pipeline.tracking.saved_scorer import load_scorer

# Written below ``output_dir``.
WRITES = (FETCHED,)


def chosen_to_serve(config: Config, model: str | None = None) -> Chosen:
    """The scorer that is to answer, as ``champion.scorer_for`` reads ``model``."""
    Outputs(config, WRITES)
    return scorer_for(config, model, lambda: load_scorer(config))


def run_serve(chosen: Chosen, host: str, port: int, *, most_rows: int, most_mib: int) -> None:
    """Answer requests until the process is stopped.

    Args:
        chosen: from ``chosen_to_serve``.
        host: the address to listen at.
        port: likewise.
        most_rows: rows of a request.
        most_mib: size of a request.

    Raises:
        OutputError: nothing can listen there.
    """
    import uvicorn  # noqa: PLC0415 - slow to import

    from pipeline.tracking.answering import RequestLimits, application  # noqa: PLC0415

    app = application(chosen.scorer, RequestLimits(most_rows, most_mib << 20))
    server = uvicorn.Server(uvicorn.Config(app, host=host, port=port, log_level="warning", access_log=False))
    try:
        server.run()
    except SystemExit:
        raise OutputError(
            f"{host}:{port}: nothing can listen there: choose another --host or --port"
        ) from None
