"""A page of sections: names are text, both languages are there, a browser sorts and asks nothing."""

import re
from html.parser import HTMLParser

import pandas as pd
import pytest
from support.browser import opened

from pipeline.page.blocks import Chart, Paragraph, Section, Table
from pipeline.page.columns import rates, words
from pipeline.page.vega_lite import curves_chart, interval_chart, promise_chart
from pipeline.page.written import written_page

HOSTILE = "<script>document.title='taken'</script><img src=http://example.com/x onerror=alert(1)>"
NAMES = [HOSTILE, "b10", "b9", "甲", *(f"n{place}" for place in range(6))]
RATES = [0.2, 0.05, float("nan"), 0.6, *(0.3 for _ in range(6))]


def _estimates():
    bounds = {"value": [0.01, 0.004], "low": [0.005, 0.001], "high": [0.02, float("nan")]}
    return pd.DataFrame({"name": [HOSTILE, "B"], **bounds, "told": [HOSTILE, "B: 0.4%"]})


def _sections(language):
    heads = {"en": "team", "zh": "团队"}
    estimates = _estimates()
    kept = estimates.rename(columns={"value": "rate"}).assign(promised=[0.012, 0.003])
    curves = pd.DataFrame({"name": ["a", "a"], "x": [0, 1], "y": [0, 1], "told": ["0", HOSTILE]})
    blocks = [
        Paragraph(HOSTILE),
        Table(f"{heads[language]} {HOSTILE}", [words(heads[language], NAMES), rates("rate", RATES)]),
        Chart("estimates", interval_chart(estimates, "rate")),
        Chart("promises", promise_chart(kept, "promised", "realised")),
        Chart("curves", curves_chart(curves, "x", "y", ["a"])),
    ]
    return [Section(heads[language], blocks)]


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    path = tmp_path_factory.mktemp("page") / "page.html"
    path.write_text(written_page(f"Spring {HOSTILE}", _sections), encoding="utf-8")
    return path


class Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


def test_names_are_text_wherever_they_stand(page):
    tags = Tags()
    tags.feed(page.read_text(encoding="utf-8"))
    assert [tag for tag, _ in tags.found].count("script") == 1
    assert "img" not in [tag for tag, _ in tags.found]
    assert not [attrs for _, attrs in tags.found if any(name.startswith("on") for name in attrs)]


def test_no_address_but_of_the_svg_namespace_and_no_name_twice(page):
    tags = Tags()
    tags.feed(page.read_text(encoding="utf-8"))
    addresses = [
        attrs[name] for _, attrs in tags.found for name in ("src", "href", "xlink:href") if name in attrs
    ]
    assert {address for address in addresses if not address.startswith("#")} == {"data:,"}
    names = [attrs["id"] for _, attrs in tags.found if "id" in attrs]
    assert sorted(names) == sorted(set(names))


def test_both_languages_stand_in_the_page_and_colours_are_its_own(page):
    text = page.read_text(encoding="utf-8")
    assert text.count('class="page"') == 2
    drawings = re.findall(r"<svg.*?</svg>", text, re.DOTALL)
    assert len(drawings) == 6
    # A colour that is no variable would not turn with light and dark.
    assert set(re.findall(r'(?:fill|stroke)="([^"]+)"', "".join(drawings))) <= {
        "none", "transparent", "var(--ink)", "var(--quiet)", "var(--grid)", "var(--c1)",
    }  # fmt: skip


def test_small_rates_have_axes_that_tell_them_apart(page):
    drawing = re.findall(r"<svg.*?</svg>", page.read_text(encoding="utf-8"), re.DOTALL)[1]
    labels = re.findall(r">([\d.]+%)<", drawing)
    assert len(labels) > 6
    across, up = labels[: len(labels) // 2], labels[len(labels) // 2 :]
    assert len(set(across)) == len(across)
    assert len(set(up)) == len(up)


@pytest.mark.slow
def test_a_browser_sorts_filters_and_changes_language(page):
    with opened(page) as found:
        first = found.shown().locator("tbody td:first-child")
        found.shown().get_by_role("button", name="rate").click()
        assert first.all_inner_texts()[0] == "甲"
        assert first.all_inner_texts()[-1] == "b9"  # it has no rate: last either way
        found.shown().get_by_role("button", name="rate").click()
        assert (first.all_inner_texts()[0], first.all_inner_texts()[-1]) == ("b10", "b9")
        found.shown().get_by_role("button", name="team").click()
        assert [one for one in first.all_inner_texts() if one.startswith("b")] == ["b9", "b10"]
        found.shown().get_by_role("searchbox").fill("B1")
        assert found.shown().locator("tbody tr:visible").count() == 1
        found.page.get_by_role("button", name="中文").click()
        assert found.page.evaluate("document.documentElement.lang") == "zh"
        assert found.shown().get_by_role("heading", level=2).inner_text() == "团队"
        assert (found.said, found.asked) == ([], [])
        assert found.page.title().startswith("Spring <script>")


@pytest.mark.slow
def test_a_chinese_browser_sees_chinese_and_a_dark_one_dark(page):
    with opened(page, locale="zh-CN", color_scheme="dark") as found:
        assert found.shown().get_by_role("heading", level=2).inner_text() == "团队"
        paper = "getComputedStyle(document.body).backgroundColor"
        assert found.page.evaluate(paper) == "rgb(20, 24, 31)"
        found.shown().get_by_role("button", name="深色").click()
        assert found.page.evaluate(paper) == "rgb(255, 255, 255)"


@pytest.mark.slow
@pytest.mark.parametrize("width", [1280, 390])
def test_a_page_is_no_wider_than_its_window(page, width):
    with opened(page, width=width) as found:
        assert found.too_wide() <= 0
        found.page.get_by_role("button", name="中文").click()
        assert found.too_wide() <= 0


@pytest.mark.slow
def test_resting_on_a_point_says_what_it_is(page):
    with opened(page) as found:
        found.shown().locator("path[aria-label='B: 0.4%']").first.hover()
        assert found.page.locator("#told").inner_text() == "B: 0.4%"
