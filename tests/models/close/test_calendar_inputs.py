import json

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from models.close.calendar_inputs import calendar_ranges
from models.close.close_model import CloseModel

ROWS = 4000


def listed(seed=0):
    """A figure that falls, then comes back to where it was in the best of times; a lead's own age."""
    rng = np.random.default_rng(seed)
    months = np.arange(ROWS) // 200
    figure = np.array([5.0 - 0.2 * abs(month - 12) for month in months])
    return pd.DataFrame({"figure": figure, "age": rng.normal(40.0, 9.0, ROWS)}), months


def test_monthly_figures_move_with_the_calendar_and_what_is_told_of_leads_does_not():
    frame, months = listed()
    frame["days"] = np.random.default_rng(3).uniform(0.0, 500.0, ROWS) + 0.05 * np.arange(
        ROWS
    )  # a log that grows older
    frame["rare"] = np.where(np.arange(ROWS) % 3 == 0, np.arange(ROWS), np.nan)
    frame["same"], frame["empty"], frame["region"] = 1.0, np.nan, "north"
    late = frame["figure"][months >= 18]
    assert calendar_ranges(frame, months // 2) == {"figure": (late.min(), late.max())}
    assert calendar_ranges(frame, np.arange(ROWS)) == {"figure": (late.min(), late.min())}
    order = np.random.default_rng(1).permutation(ROWS)
    shuffled = calendar_ranges(frame.iloc[order], np.arange(ROWS)[order])
    assert shuffled == calendar_ranges(frame, np.arange(ROWS))
    assert calendar_ranges(frame.iloc[:0], np.arange(0)) == {}


def test_a_figure_that_goes_back_to_another_year_is_answered_for_as_the_newest():
    frame, months = listed()
    good = months < 5
    closed = np.random.default_rng(2).random(ROWS) < expit(-2.0 + 2.5 * good)
    parameters = {"learning_rate": 0.1, "num_leaves": 7, "max_trees": 60, "min_leads_in_leaf": 20}
    model = CloseModel(**parameters, threads=1).fit(frame, closed.astype(float)[:, None])
    back = pd.DataFrame({"figure": [frame["figure"][100]] * 3, "age": [30.0, 40.0, 50.0]})
    assert model.predict_hazards(back).min() > 0.4
    model.hold(calendar_ranges(frame, np.arange(ROWS)))
    newest = months >= 19
    assert model.predict_hazards(back).max() < 0.3
    assert model.predict_hazards(frame[newest]).mean() == pytest.approx(closed[newest].mean(), abs=0.09)
    again = CloseModel.from_dict(json.loads(json.dumps(model.to_dict())), model.text_)
    np.testing.assert_array_equal(again.predict_hazards(back), model.predict_hazards(back))
    broken = model.to_dict() | {"ranges": {"region": [0.0, 1.0]}}
    with pytest.raises(ValueError, match="ranges do not fit"):
        CloseModel.from_dict(broken, model.text_)
    with pytest.raises(ValueError, match="ranges do not fit"):
        CloseModel.from_dict(model.to_dict() | {"ranges": {"figure": [2.0, 1.0]}}, model.text_)
