"""What every part of the configuration is: no unknown keys, no silent conversions, no later change."""

from pydantic import BaseModel, ConfigDict


class Strict(BaseModel):
    """A part of the configuration: no unknown keys, no silent conversions, no later change."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)
