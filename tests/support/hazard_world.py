"""A small simulated world whose close hazards are known, for the tests of models."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import expit


@dataclass(frozen=True)
class World:
    features: pd.DataFrame
    hazards: np.ndarray
    events: np.ndarray
    closed: np.ndarray
    lead_ids: np.ndarray


def simulate(leads: int = 600, rows: int = 3, seed: int = 0, windows: int = 3) -> World:
    """Leads with some rows each; later windows have not ripened for a part of the rows."""
    rng = np.random.default_rng(seed)
    n = leads * rows
    calls, hits = rng.poisson(3.0, n).astype(float), rng.poisson(1.0, n).astype(float)
    region = rng.choice(["north", "south", "west"], n)
    score = -2.2 + 0.25 * (calls - 3.0) + 0.8 * (hits - 1.0) + 0.8 * (region == "north")
    hazards = expit(score[:, None] - 0.2 * np.arange(windows))
    ripe = rng.integers(1, windows + 1, n)
    closing = rng.random((n, windows)) < hazards
    closed = np.cumsum(closing, axis=1) > 0
    before = np.column_stack([np.zeros(n, bool), closed[:, :-1]])
    unripe = np.arange(windows) >= ripe[:, None]
    features = pd.DataFrame({"calls_30d": calls, "intent_questions_30d": hits, "region": region})
    features.loc[::17, "calls_30d"] = np.nan
    features.loc[::19, "region"] = None
    return World(
        features=features,
        hazards=hazards,
        events=np.where(before | unripe, np.nan, closing),
        closed=np.where(unripe, np.nan, closed),
        lead_ids=np.repeat([f"L{i}" for i in range(leads)], rows),
    )


def test_the_world_closes_at_its_hazards():
    world = simulate(leads=4000)
    at_risk = ~np.isnan(world.events)
    assert np.isclose(np.nanmean(world.events), world.hazards[at_risk].mean(), atol=0.01)
    assert np.isnan(world.events[world.events[:, 0] == 1.0, 1]).all()
