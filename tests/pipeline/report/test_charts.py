import io

import numpy as np
import pytest

from pipeline.evaluation.leaderboard import System
from pipeline.report import charts
from pipeline.report.lettering import drawn_language

HORIZONS = ("30d", "90d")


@pytest.fixture
def world():
    """Honest probabilities, labels that are ripe for the first rows only at 90 days, two rows per lead."""
    rng = np.random.default_rng(1)
    p = np.sort(rng.beta(1, 8, (600, 2)), axis=1)
    closed = (rng.random((600, 1)) < p).astype(float)
    closed[400:, 1] = np.nan
    grades = np.where(p[:, 0] > 0.1, "A", "B").astype(object)
    coarse = np.where(p > 0.1, 0.2, 0.05)
    leads = np.array([f"L{i // 2}" for i in range(600)], dtype=object)
    return [System("model", "model", grades, p), System("rules", "scheme", grades, coarse)], closed, leads


def png(figure):
    file = io.BytesIO()
    figure.savefig(file)
    return file.getvalue()


def line(axis, label):
    (found,) = (one for one in axis.lines if one.get_label() == label)
    return np.asarray(found.get_xdata()), np.asarray(found.get_ydata())


def test_reliability_shows_mean_promise_and_close_rate_of_ripe_rows_per_horizon(world):
    systems, closed, leads = world
    figure = charts.reliability_chart(systems[0], closed, leads, HORIZONS, "team")
    assert [axis.get_title() for axis in figure.axes] == [
        f"within 30 days: {int(closed[:, 0].sum())} of 600 rows closed",
        f"within 90 days: {int(closed[:400, 1].sum())} of 400 rows closed",
    ]
    for k, axis in enumerate(figure.axes):
        ripe = ~np.isnan(closed[:, k])
        promised, actual = line(axis, "model, with 95% interval")
        assert len(promised) == 10
        assert promised.mean() == pytest.approx(systems[0].probabilities[ripe, k].mean())
        assert actual.mean() == pytest.approx(closed[ripe, k].mean())
    assert png(figure).startswith(b"\x89PNG")


def test_gains_count_tied_leads_in_proportion(world):
    systems, closed, _ = world
    figure = charts.gains_chart(systems, closed, HORIZONS, "team")
    called, found = line(figure.axes[0], "rules")
    first = systems[1].probabilities[:, 0] > 0.1
    assert called.tolist() == pytest.approx([0.0, first.mean(), 1.0])
    assert found.tolist() == pytest.approx([0.0, closed[first, 0].sum() / closed[:, 0].sum(), 1.0])
    assert png(figure)


def test_lift_is_the_close_rate_of_those_called_over_that_of_all(world):
    systems, closed, _ = world
    figure = charts.lift_chart(systems, closed, HORIZONS, "team")
    share, lift = line(figure.axes[0], "model")
    best = np.argsort(-systems[0].probabilities[:, 0])[:60]
    assert lift[np.isclose(share, 0.1)][0] == pytest.approx(closed[best, 0].mean() / closed[:, 0].mean())
    assert (share[-1], lift[-1]) == pytest.approx((1.0, 1.0))
    assert png(figure)


def test_a_horizon_without_ripe_rows_and_equal_probabilities_are_drawn(world):
    systems, closed, leads = world
    closed = closed.copy()
    closed[:, 0] = np.nan
    flat = System("model", "model", systems[0].grades, np.full((600, 2), 0.2))
    for figure in (
        charts.reliability_chart(flat, closed, leads, HORIZONS, "team"),
        charts.gains_chart([flat], closed, HORIZONS, "team"),
        charts.lift_chart([flat], closed, HORIZONS, "team"),
    ):
        assert figure.axes[0].get_title() == "within 30 days: 0 of 0 rows closed"
        assert not figure.axes[0].lines
        assert len(figure.legends[0].get_texts()) == 2
        assert png(figure)


def test_names_with_dollars_chinese_and_no_end_are_drawn_without_a_warning(world):
    systems, closed, _ = world
    odd = System("规则 $x_1", "scheme", systems[1].grades, systems[1].probabilities)
    figure = charts.gains_chart([systems[0], odd], closed, HORIZONS, "线索 $a^ \U0001f600 " + "long " * 40)
    assert png(figure)


def test_axes_of_small_rates_tell_their_steps_apart(world):
    systems, closed, leads = world
    rare = System("model", "model", systems[0].grades, systems[0].probabilities / 300.0)
    rarely = closed * (np.arange(600) % 150 == 0)[:, None]
    figure = charts.reliability_chart(rare, rarely, leads, HORIZONS, "team")
    figure.canvas.draw()
    shown = [label.get_text() for label in figure.axes[0].get_xticklabels()]
    assert len(shown) > 3
    assert len(set(shown)) == len(shown)


def test_charts_speak_chinese_where_a_font_does(world):
    if drawn_language("zh") != "zh":
        pytest.skip("no font of this machine knows Chinese: install fonts-noto-cjk to test Chinese pictures")
    systems, closed, leads = world
    for figure in (
        charts.reliability_chart(systems[0], closed, leads, HORIZONS, "团队", None, "zh"),
        charts.gains_chart(systems, closed, HORIZONS, "团队", "zh"),
        charts.lift_chart(systems, closed, HORIZONS, "团队", "zh"),
    ):
        said = [
            figure.get_suptitle(),
            *(axis.get_title() for axis in figure.axes),
            figure.axes[0].get_ylabel(),
        ]
        assert not [text for text in said if text.isascii() or "?" in text]
        assert png(figure)
