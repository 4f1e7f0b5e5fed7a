"""The pages of train and compare on a trained world: whole, in both languages, and at home in a browser."""

import re
from html.parser import HTMLParser

import pytest
from support.browser import opened
from support.trained_world import trained

from pipeline.comparison.comparison import compare_grades, row_keys
from pipeline.language.catalogue import translate
from pipeline.page.pages import compare_page

MOST_BYTES = 5_000_000


class Cells(HTMLParser):
    """The tables of a page: a list of rows each, a row being its cells' texts."""

    def __init__(self, text):
        super().__init__()
        self.tables, self._in_cell = [], False
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self.tables[-1][-1].append("")
            self._in_cell = True

    def handle_endtag(self, tag):
        self._in_cell = self._in_cell and tag not in ("td", "th")

    def handle_data(self, data):
        if self._in_cell:
            self.tables[-1][-1][-1] += data


@pytest.fixture(scope="module")
def compared():
    world = trained()
    return compare_grades(world.config, world.training.evaluation, world.training.scorer)


@pytest.fixture(scope="module")
def pages(tmp_path_factory, compared):
    """Name -> file: that of the training as it was written, and one of the comparison."""
    folder, world = tmp_path_factory.mktemp("pages"), trained()
    evaluation, horizons = world.training.evaluation, world.training.scorer.horizons
    keys = row_keys(world.config, evaluation.rows)
    (folder / "compare.html").write_text(
        compare_page("demo", compared, evaluation, horizons, keys), encoding="utf-8"
    )
    (folder / "train.html").write_text(world.pages["train.html"], encoding="utf-8")
    return {name: folder / f"{name}.html" for name in ("train", "compare")}


def sections(text, language):
    body = re.search(f'<div class="page" lang="{language}".*?</main>', text, re.DOTALL)[0]
    return re.findall(r"<h2>(.*?)</h2>", body)


def test_a_training_tells_leaderboard_promises_suspects_value_and_segments(pages):
    text = pages["train"].read_text(encoding="utf-8")
    assert sections(text, "en") == [
        "In short",
        "What changed since the champion",
        "Leaderboard",
        "Were the promises kept",
        "Are the chances right",
        "How many closes do the first calls catch",
        "What may know the outcome",
        "Value",
        "By segment",
    ]
    assert sections(text, "zh") == [translate(title, "zh") for title in sections(text, "en")]


def test_a_comparison_begins_with_the_cross_table_and_ends_with_the_evaluation(pages):
    text = pages["compare"].read_text(encoding="utf-8")
    assert sections(text, "en")[:6] == [
        "Learned grades and manual grade",
        "Who was right",
        "As many calls, other leads",
        "How many closes do the first calls catch",
        "Where grades part more than elsewhere",
        "The sharpest disagreements",
    ]
    assert len(sections(text, "zh")) == len(sections(text, "en"))


def test_the_cross_table_on_the_page_adds_up_to_all_rows(pages, compared):
    first = Cells(pages["compare"].read_text(encoding="utf-8")).tables[0]
    head, *lines = first
    assert head[0] == "manual grade"
    assert head[-1] == lines[-1][0] == "all"
    counts = [[int(cell.split(" ")[0].replace(",", "")) for cell in line[1:]] for line in lines]
    assert sum(sum(line[:-1]) for line in counts[:-1]) == counts[-1][-1] == len(compared.against.rows)
    assert [line[-1] for line in counts] == [sum(line[:-1]) for line in counts]


def test_a_page_that_is_recorded_names_no_lead_and_no_agent(pages):
    text, rows = pages["train"].read_text(encoding="utf-8"), trained().training.evaluation.rows
    named = {*rows["lead_id"], *rows["manual_grade_agent"].dropna()}
    assert len(named) > 100
    assert [name for name in named if re.search(rf"\b{re.escape(name)}\b", text)] == []


def test_the_same_training_writes_the_same_page(pages, compared):
    world = trained()
    keys = row_keys(world.config, world.training.evaluation.rows)
    horizons = world.training.scorer.horizons
    again = compare_page("demo", compared, world.training.evaluation, horizons, keys)
    assert again == pages["compare"].read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["train", "compare"])
def test_a_page_is_small_and_holds_no_word_that_is_missing(pages, name):
    text = pages[name].read_text(encoding="utf-8")
    assert len(text.encode()) < MOST_BYTES
    assert not re.search(r">(nan|None|NaN|nan%|inf)<|nan \(|undefined", text)
    lines = Cells(text).tables
    assert len(lines) % 2 == 0
    half = len(lines) // 2
    assert [[len(row) for row in table] for table in lines[:half]] == [
        [len(row) for row in table] for table in lines[half:]
    ]


@pytest.mark.slow
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("name", ["train", "compare"])
def test_a_browser_shows_the_page_in_either_language_and_asks_nothing(pages, name, width):
    with opened(pages[name], width=width) as found:
        for button, language in (("中文", "zh"), ("English", "en")):
            found.page.get_by_role("button", name=button).click()
            assert found.page.evaluate("document.documentElement.lang") == language
            assert found.too_wide() <= 0
        for heading in found.shown().locator("th button").all():
            heading.click()
        # Paper is A4 whatever the screen: 210 mm of 96 dots an inch.
        found.page.set_viewport_size({"width": 794, "height": 1123})
        found.page.emulate_media(media="print")
        assert found.too_wide() <= 0
        assert (found.said, found.asked) == ([], [])
