"""Score bands: the close rate of such leads, with an interval on independent rows."""

import numpy as np
import pytest

from models.grades.score_bands import LEAST_CLOSES, MOST_BANDS, ScoreBands
from models.metrics.rates import wilson

HORIZONS = ("30d", "90d")


def drawn(seed, leads=2000, rows=1):
    """Leads of so many rows each; all rows of a lead close together."""
    rng = np.random.default_rng(seed)
    chance = rng.beta(1.0, 6.0, leads)
    closed = (rng.random(leads)[:, None] < np.column_stack([chance * 0.6, chance])).astype(float)
    return (np.repeat(part, rows, axis=0) for part in (chance, closed, np.arange(leads)))


def test_a_band_tells_the_close_rate_of_its_rows_with_wilsons_interval():
    chance, closed, leads = drawn(1)
    bands = ScoreBands.learn(chance, closed, leads, HORIZONS)
    told = bands.of(chance)
    assert told["band"].nunique() == MOST_BANDS
    for number, part in told.groupby("band"):
        own = closed[(told["band"] == number).to_numpy()]
        assert 190 <= len(part) <= 210
        for place, horizon in enumerate(HORIZONS):
            rate = own[:, place].mean()
            assert part[f"band_{horizon}"].unique() == pytest.approx([rate])
            low, high = wilson(rate, len(own))
            if rate > 0.0:
                assert part[f"band_{horizon}_low"].iloc[0] == pytest.approx(low, abs=1e-3)
                assert part[f"band_{horizon}_high"].iloc[0] == pytest.approx(high, abs=1e-3)


def test_a_higher_chance_never_has_a_lower_band():
    chance, closed, leads = drawn(2)
    bands = ScoreBands.learn(chance, closed, leads, HORIZONS)
    told = bands.of(np.sort(np.random.default_rng(0).random(500)))["band"]
    assert told.is_monotonic_increasing
    assert bands.of(np.array([0.0, 1.0]))["band"].tolist() == [1, MOST_BANDS]


def test_rows_of_one_lead_make_no_narrower_interval():
    wide, repeated = (ScoreBands.learn(*drawn(3, rows=rows), HORIZONS) for rows in (1, 5))
    one, other = (bands.rates["90d"][-1] for bands in (wide, repeated))
    assert other.rate == pytest.approx(one.rate, abs=0.02)
    assert other.effective == pytest.approx(one.effective, rel=0.1)


def test_the_interval_holds_the_mean_true_chance_of_its_band():
    held, count = 0, 0
    for seed in range(30):
        chance, closed, leads = drawn(seed, leads=1500, rows=2)
        bands = ScoreBands.learn(chance, closed, leads, HORIZONS)
        later, _, _ = drawn(1000 + seed, leads=3000)
        told = bands.of(later).assign(true=later)
        for _, part in told.groupby("band"):
            held += part["band_90d_low"].iloc[0] <= part["true"].mean() <= part["band_90d_high"].iloc[0]
            count += 1
    assert held / count >= 0.9


def test_few_closes_make_few_bands_and_one_chance_for_all_makes_one():
    chance, closed, leads = drawn(4)
    few = ScoreBands.learn(chance[:300], closed[:300], leads[:300], HORIZONS)
    assert len(few.edges) + 1 == np.nansum(closed[:300, -1]) // LEAST_CLOSES < MOST_BANDS
    alone = ScoreBands.learn(np.full(300, 0.1), closed[:300], leads[:300], HORIZONS)
    assert alone.edges == ()
    assert alone.of(np.array([0.0, 0.9]))["band"].tolist() == [1, 1]
    assert ScoreBands.learn(chance[:5], closed[:5], leads[:5], HORIZONS).edges == ()


def test_a_horizon_by_which_a_band_has_no_ripe_row_is_left_out():
    chance, closed, leads = drawn(5)
    closed[:, 0] = np.where(chance > np.median(chance), closed[:, 0], np.nan)
    bands = ScoreBands.learn(chance, closed, leads, HORIZONS)
    assert bands.columns == ("band", "band_90d", "band_90d_low", "band_90d_high")
    assert tuple(bands.of(chance).columns) == bands.columns
    assert not bands.of(chance).isna().any(axis=None)


def test_bands_are_read_back_and_damaged_ones_refused():
    chance, closed, leads = drawn(6)
    bands = ScoreBands.learn(chance, closed, leads, HORIZONS)
    assert ScoreBands.from_dict(bands.to_dict()) == bands
    state = bands.to_dict()
    for damaged in ({"edges": state["edges"][:-1]}, {"edges": state["edges"][::-1]}):
        with pytest.raises(ValueError, match="no score bands"):
            ScoreBands.from_dict({**state, **damaged})
