"""What the documents say is what the code does."""

import re
from pathlib import Path

import typer

from pipeline.cli import app
from pipeline.listing import feature_markdown

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_feature_page_is_the_catalogue():
    assert (ROOT / "features" / "README.md").read_text(encoding="utf-8") == feature_markdown()


def test_every_command_of_the_readme_exists():
    verbs = typer.main.get_command(app).commands
    commands = re.findall(r"^`?leadgrade (\w+)([^#`\n]*)", README, flags=re.MULTILINE)
    assert {verb for verb, _ in commands} >= {"check", "train", "score", "compare", "features", "schemes"}
    for verb, rest in commands:
        command = verbs[verb]
        # A group of verbs, such as intents, has the verb itself as the next word.
        command = getattr(command, "commands", {}).get((rest.split() or [""])[0], command)
        options = {option for parameter in command.params for option in parameter.opts}
        assert set(re.findall(r"--[\w-]+", rest)) <= options, verb


def test_every_make_target_of_the_readme_exists():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"(?:^|`)make ([\w-]+)", README, flags=re.MULTILINE):
        assert re.search(rf"^{target}:", makefile, flags=re.MULTILINE), target


def test_every_link_of_the_readme_leads_somewhere():
    for link in re.findall(r"\]\(([^)#]+)\)", README):
        assert (ROOT / link).exists(), link


def test_the_lock_names_no_index_and_pins_everything():
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    assert all(re.fullmatch(r"[A-Za-z0-9_.-]+==[A-Za-z0-9_.+-]+", line) for line in lines)
