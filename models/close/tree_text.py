"""LightGBM's model text: what is saved of trees, and what predicts."""

import lightgbm as lgb


def read_booster(text: str, inputs: int) -> lgb.Booster:
    """Read LightGBM's model text.

    Raises:
        ValueError: it is not such a text, or a model of another number of inputs.
    """
    if not text.startswith("tree\n") or "\nend of trees\n" not in text:
        raise ValueError("the model text is no LightGBM model, or was cut off")
    try:
        booster = lgb.Booster(model_str=text)
    except lgb.basic.LightGBMError as error:
        raise ValueError(f"the model text cannot be read: {error}") from error
    if booster.num_feature() != inputs:
        raise ValueError(f"the model text has {booster.num_feature()} inputs; expected {inputs}")
    return booster
