"""LightGBM's model text: what is saved of trees, and what predicts."""

import lightgbm as lgb

from models.close.tree_checks import check_trees

MOST_THREADS = 1024


def read_booster(text: str, inputs: int) -> lgb.Booster:
    """Read LightGBM's model text.

    Raises:
        ValueError: it is not such a text, or a model of another number of inputs.
    """
    if not text.startswith("tree\n") or "\nend of trees\n" not in text:
        raise ValueError("the model text is no LightGBM model, or was cut off")
    check_trees(text, inputs)
    try:
        booster = lgb.Booster(model_str=text)
    except lgb.basic.LightGBMError as error:
        raise ValueError(f"the model text cannot be read: {error}") from error
    if booster.num_feature() != inputs:
        raise ValueError(f"the model text has {booster.num_feature()} inputs; expected {inputs}")
    return booster


def check_threads(threads: object) -> int:
    """A saved number of threads; so many as no machine has would end the process.

    Raises:
        ValueError: it is no such number.

    >>> check_threads(2)
    2
    """
    if not isinstance(threads, int) or not 1 <= threads <= MOST_THREADS:
        raise ValueError(f"threads is {threads!r}, and no number from 1 to {MOST_THREADS:,}")
    return threads
