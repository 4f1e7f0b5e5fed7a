"""What the documents say is what the code does."""

import ast
import re
import shlex
from io import BytesIO
from itertools import chain
from pathlib import Path

import pytest
import typer
import yaml
from babel.messages.pofile import read_po

from pipeline import errors
from pipeline.cli.app import app
from pipeline.cli.screens.evaluation import SHOWN
from pipeline.commands.catalogue import feature_markdown
from pipeline.config.config import read_config
from pipeline.config.learning import PromotionGate
from pipeline.config.monitor import Monitor
from pipeline.config.reports import Reports

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
TEXTS = {page.relative_to(ROOT).as_posix(): page.read_text(encoding="utf-8") for page in PAGES}

MINIMAL = {
    "name": "team",
    "sources": {name: {"path": f"{name}.csv"} for name in ("leads", "calls", "orders")},
    "label": {"close": "first_order"},
    "schemes": ["robot_intent"],
}

each_page = pytest.mark.parametrize("page", TEXTS)


def _fenced(page, language):
    return re.findall(rf"^```{language}\n(.*?)^```$", TEXTS[page], flags=re.MULTILINE | re.DOTALL)


def _commands(page):
    """The commands of a page, in fences of a shell and in running text."""
    prose = re.sub(r"^```.*?^```$", "", TEXTS[page], flags=re.MULTILINE | re.DOTALL)
    lines = "\n".join(_fenced(page, "sh")).splitlines() + re.findall(r"`([^`]+)`", prose)
    return [shlex.split(line, comments=True) for line in lines if re.match(r"(leadgrade|make) [a-z]", line)]


def _anchors(page):
    prose = re.sub(r"^```.*?^```$", "", TEXTS[page], flags=re.MULTILINE | re.DOTALL)
    heads = re.findall(r"^#+ (.+)$", prose, flags=re.MULTILINE)
    return {re.sub(r"[^\w -]", "", head.lower()).replace(" ", "-") for head in heads}


def test_the_readme_is_short():
    assert (ROOT / "README.md").stat().st_size <= 9_000


def test_the_feature_page_is_the_catalogue():
    assert TEXTS["docs/features.md"] == feature_markdown()


def test_the_index_names_every_page():
    linked = set(re.findall(r"\]\(([\w-]+\.md)\)", TEXTS["docs/README.md"]))
    assert linked == {page.name for page in PAGES if page.parent.name == "docs"} - {"README.md"}


def test_the_chinese_index_names_every_chinese_page():
    linked = set(re.findall(r"\]\(([\w-]+\.md)\)", TEXTS["docs/zh/README.md"]))
    assert linked == {page.name for page in PAGES if page.parent == ROOT / "docs" / "zh"} - {"README.md"}


@each_page
def test_every_link_leads_somewhere(page):
    for link, anchor in re.findall(r"\]\((?!https?:)([^)#]*)#?([^)]*)\)", TEXTS[page]):
        target = ((ROOT / page).parent / link).resolve() if link else ROOT / page
        assert target.exists(), link
        assert not anchor or anchor in _anchors(target.relative_to(ROOT).as_posix()), (link, anchor)


@each_page
def test_every_command_exists(page):
    verbs = typer.main.get_command(app).commands
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for program, verb, *rest in _commands(page):
        if program == "make":
            assert re.search(rf"^{verb}:", makefile, flags=re.MULTILINE), verb
            continue
        command = verbs[verb]
        # A group of verbs, such as intents, has the verb itself as the next word.
        command = getattr(command, "commands", {}).get((rest or [""])[0], command)
        options = {option for parameter in command.params for option in parameter.opts}
        assert {word for word in rest if word.startswith("--")} <= options, (verb, rest)


def test_the_readme_shows_the_main_verbs():
    shown = {verb for program, verb, *_ in _commands("README.md") if program == "leadgrade"}
    assert shown >= {"check", "train", "score", "compare", "promote", "monitor"}


@each_page
def test_every_benchmark_exists_and_knows_its_options(page):
    for name, rest in re.findall(r"python -m benchmarks\.(\w+)([^`\n#]*)", TEXTS[page]):
        if name == "NAME":
            continue
        text = (ROOT / "tests" / "benchmarks" / f"{name}.py").read_text(encoding="utf-8")
        assert all(f'"{option}"' in text for option in re.findall(r"--[\w-]+", rest)), (name, rest)


@each_page
def test_every_module_that_is_named_exists(page):
    for path in re.findall(r"`((?:features|models|pipeline|tests|configs)/[\w/.-]*)`", TEXTS[page]):
        assert (ROOT / path).exists(), path


@each_page
def test_every_configuration_is_valid(page, tmp_path):
    for number, block in enumerate(_fenced(page, "yaml")):
        # Lines of one key beside each other are choices; each must do by itself.
        whole = len(re.findall(r"^grades:", block, flags=re.MULTILINE)) < 2
        for part in [block] if whole else block.splitlines():
            path = tmp_path / f"{number}.yaml"
            path.write_text(yaml.safe_dump(MINIMAL | yaml.safe_load(part), allow_unicode=True), "utf-8")
            read_config(path)


@pytest.mark.parametrize(
    ("page", "key", "settings"),
    [
        ("monitor", "monitor", Monitor()),
        ("operate", "promotion", PromotionGate()),
        ("reports", "reports", Reports()),
    ],
)
def test_the_defaults_that_are_told_are_the_defaults(page, key, settings):
    blocks = [yaml.safe_load(block) for block in _fenced(f"docs/{page}.md", "yaml")]
    (told,) = [block[key] for block in blocks if key in block]
    assert told == settings.model_dump(mode="json")


def test_the_exit_codes_that_are_told_are_the_program_s():
    told = set(map(int, re.findall(r"^\| (\d+) \|", TEXTS["docs/operate.md"], flags=re.MULTILINE)))
    raised = {kind.exit_code for kind in errors.LeadgradeError.__subclasses__()}
    assert told == {2, *raised}  # 2 is the command line's own


def test_the_lock_names_no_index_and_pins_everything():
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    assert all(re.fullmatch(r"[A-Za-z0-9_.-]+==[A-Za-z0-9_.+-]+", line) for line in lines)


def test_the_leaderboard_that_is_shown_has_the_program_s_columns():
    (head,) = re.findall(r"^leads +rows .*$", TEXTS["README.md"], flags=re.MULTILINE)
    first = ["leads", "rows", "closes", "system", SHOWN["auc"], "AUC 95%", "model better by"]
    assert re.split(r" {2,}", head) == [*first, *(name for key, name in SHOWN.items() if key != "auc")]


CATALOGUE = [
    entry
    for file in (ROOT / "pipeline" / "language" / "zh").glob("*.po")
    for entry in read_po(BytesIO(file.read_bytes()), locale="zh")
    if entry.id
]
# A sentence of the catalogue as it may be shown: whatever stands in its braces.
SENTENCES = [
    re.compile(re.sub(r"\\{.*?\\}", ".+", re.escape(str(entry.string))))
    for entry in CATALOGUE
    if not entry.context and len(re.findall("[一-鿿]", re.sub("{.*?}", "", str(entry.string)))) > 1
]
WORDS = {str(entry.string) for entry in CATALOGUE if entry.context}


@pytest.mark.parametrize("page", [page for page in TEXTS if page.startswith("docs/zh/")])
def test_what_is_shown_in_chinese_is_what_the_program_says(page):
    for block in _fenced(page, "text"):
        for shown in re.split(r"\n\n|\.\.\.\n", block):
            _check_shown(shown.splitlines())


def _check_shown(lines):
    """Each line is a sentence of the catalogue, or one of a table below its title: headings, then rows."""
    table = False
    for line in lines:
        cells = re.split(r" {2,}", line)
        if len(cells) == 1 and re.search("[一-鿿]", line):
            table = False
            assert any(one.fullmatch(line) for one in SENTENCES), line
        elif len(cells) > 1:
            # Of a row the first cell is ours; others may be the team's words.
            ours = {cell for cell in cells[: 1 if table else None] if re.search("[一-鿿]", cell)} - WORDS
            assert not {one for one in ours if not any(said.fullmatch(one) for said in SENTENCES)}, line
            table = True


HOUSE = TEXTS["docs/house.md"]


def test_the_house_names_every_folder_by_its_own_first_line():
    told = dict(re.findall(r"^\| `([a-z/]+)` \| (.*) \|$", HOUSE.partition("## The folders")[2], re.M))
    there = {}
    for path in chain(*((ROOT / root).rglob("__init__.py") for root in ("features", "models", "pipeline"))):
        told_first = str(ast.get_docstring(ast.parse(path.read_text("utf-8")))).partition("\n")[0]
        there[path.parent.relative_to(ROOT).as_posix()] = told_first.rstrip(".")
    assert told == there


def test_a_call_row_is_followed_in_at_most_fifteen_files():
    journey = HOUSE.partition("## One call row's journey")[2].partition("\n`leadgrade train`")[0]
    assert 10 <= len(set(re.findall(r"`((?:features|models|pipeline)/[a-z_/]+\.py)`", journey))) <= 15
