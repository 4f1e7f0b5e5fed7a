"""The monitor's picture: an alarm is seen, chance is not drawn as one, and no promise lies on another."""

from datetime import UTC, datetime

import pandas as pd
import pytest

from models.drift.report import ALARM
from pipeline.monitoring.monitor import Monitoring
from pipeline.report import lettering
from pipeline.report.monitor_chart import monitor_chart

GRADES = pd.DataFrame({"grade": list("AB"), "before": [0.1, 0.9], "now": [0.2, 0.8]})
EXPECTED = pd.DataFrame({"by": ["30d"], "before": [0.8], "now": [0.7]})
REALISED = pd.DataFrame(
    {"by": ["30d"], "expected": [6.2], "closes": [9], "p": [0.3], "level": [""]}
    | {"gap": [0.05], "gap_low": [-0.04], "gap_high": [0.17]}
)


def promises(rates):
    """One of each grade; all so small that they would lie on one another near zero."""
    rows = [
        {"grade": grade, "by": "30d", "promised": rate, "realised": 1.1 * rate, "low": 0.5 * rate}
        | {"high": 2 * rate, "verdict": "kept", "level": ""}
        for grade, rate in zip("ABCDE", rates, strict=False)
    ]
    return pd.DataFrame(rows)


def found(sizes, levels, rates=(0.004, 0.003, 0.0022, 0.002)):
    checks = {"source": "open leads", "column": [f"c{i}" for i in range(len(sizes))], "check": "distribution"}
    drift = pd.DataFrame(checks | {"size": sizes, "level": levels})
    as_of = datetime(2026, 6, 30, 16, tzinfo=UTC)
    return Monitoring(as_of, 100, drift, GRADES, EXPECTED, REALISED, promises(rates))


def panel(figure, begins):
    (axis,) = (one for one in figure.axes if one.get_title().startswith(begins))
    return axis


def ticks(axis):
    axis.figure.canvas.draw()
    return [label.get_text() for label in axis.get_xticklabels()]


def test_what_is_within_chance_is_not_drawn_however_large():
    figure = monitor_chart(found([10.0, 3.0], ["", ""]), "team")
    axis = panel(figure, "Changes")
    assert not axis.patches
    assert [text.get_text() for text in axis.texts] == ["none in 2 checks of inputs, scores and grades"]
    assert "no alarm" in figure.get_suptitle()


def test_an_alarm_is_a_red_bar_beyond_the_line_and_chance_stays_away():
    figure = monitor_chart(found([1.5, 10.0], [ALARM, ""]), "team")
    axis = panel(figure, "Changes")
    (bar,) = axis.patches
    assert bar.get_width() == 1.5
    assert bar.get_facecolor()[:3] == pytest.approx((0.839, 0.153, 0.157), abs=0.01)
    assert [label.get_text() for label in axis.get_yticklabels()] == ["open leads, c0: distribution"]
    assert "alarms: 1" in figure.get_suptitle()


def test_each_promise_has_a_line_of_its_own_and_the_axis_tells_its_steps_apart():
    axis = panel(monitor_chart(found([], []), "team"), "Promises")
    assert [label.get_text() for label in axis.get_yticklabels()] == ["A, 30d", "B, 30d", "C, 30d", "D, 30d"]
    places = [
        line.get_ydata()[0] for line in axis.lines if line.get_marker() == "o" and len(line.get_ydata())
    ]
    assert sorted(places) == [0, 1, 2, 3]
    shown = ticks(axis)
    assert len(shown) > 3
    assert len(set(shown)) == len(shown)


def test_without_ripe_promises_and_closes_it_says_so():
    seen = found([], [])
    empty = Monitoring(seen.as_of, 5, seen.drift, GRADES, EXPECTED, REALISED.head(0), seen.promises.head(0))
    figure = monitor_chart(empty, "team")
    said = {axis.get_title().split(" ")[0]: [t.get_text() for t in axis.texts] for axis in figure.axes}
    assert said["Newest"] == ["none yet"]
    assert said["Promises"] == ["too few leads yet"]


def test_it_speaks_chinese_where_a_font_does():
    if lettering.drawn_language("zh") != "zh":
        pytest.skip("no font of this machine knows Chinese: install fonts-noto-cjk to test Chinese pictures")
    figure = monitor_chart(found([1.5], [ALARM]), "团队", "zh")
    assert figure.get_suptitle() == "团队：截至 2026-06-30 16:00 UTC，警报：1 项"
    titles = [axis.get_title() for axis in figure.axes]
    assert not [title for title in titles if "?" in title or title.isascii()]
    figure.canvas.draw()  # a character that no font knows would warn


def test_without_a_chinese_font_it_is_in_english_and_says_why(monkeypatch, capsys):
    monkeypatch.setattr(lettering, "_chinese_fonts", lambda: ())
    figure = monitor_chart(found([], []), "team", "zh")
    assert panel(figure, "Changes")
    assert "no font of this machine knows Chinese" in capsys.readouterr().err
