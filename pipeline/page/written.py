"""A page's sections as one HTML file: words, drawings, style and script together, and no address in it."""

from base64 import b64encode
from collections.abc import Callable, Sequence
from functools import cache
from hashlib import sha256
from importlib.resources import files

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from pipeline.language.catalogue import Language, translate
from pipeline.language.sentence import in_language
from pipeline.page.blocks import Chart, Section, Table
from pipeline.page.drawing import drawn

LANGUAGES: tuple[Language, ...] = ("en", "zh")

# Of fewer rows one sees all at once.
_FILTERED_FROM = 8


def written_page(title: str, sections: Callable[[Language], Sequence[Section]]) -> str:
    """The file's text.

    Args:
        title: of the configuration; a sentence is shown in either language.
        sections: makes the page's sections in a language.

    Example:
        >>> text = written_page("<b>Spring</b>", lambda language: [Section("Promises")])
        >>> "<h1>&lt;b&gt;Spring&lt;/b&gt;</h1>" in text
        True
    """
    script = _part("page.js")
    bodies = [(language, in_language(title, language), sections(language)) for language in LANGUAGES]
    return (
        _environment()
        .get_template("page.html.j2")
        .render(
            title=title,
            bodies=bodies,
            style=Markup(_part("page.css")),  # noqa: S704 - our own file
            script=Markup(script),  # noqa: S704 - our own file
            # The one script that the browser runs: nothing that a name could bring along.
            allowed=f"sha256-{b64encode(sha256(script.encode()).digest()).decode()}",
        )
    )


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FunctionLoader(_part), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    made.globals |= {"words": _words, "drawn": drawn, "filtered_from": _FILTERED_FROM}
    made.tests |= {
        "table": lambda block: isinstance(block, Table),
        "chart": lambda block: isinstance(block, Chart),
    }
    return made


def _words(language: Language) -> dict[str, str]:
    """What the page itself says, around its sections."""
    return {
        "theme": translate("light / dark", language),
        "filter": translate("show rows with", language),
        "footer": translate(
            "Charts were drawn by Vega-Lite and vl-convert (BSD 3-Clause licence) when this page was "
            "written. It holds all that it shows, and asks nothing of a network.",
            language,
        ),
    }


def _part(name: str) -> str:
    return (files(__package__) / "template" / name).read_text(encoding="utf-8")
