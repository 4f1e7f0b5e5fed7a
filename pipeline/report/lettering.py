"""The fonts of pictures: those of the machine that know Latin and, where there are any, Chinese."""

from contextlib import AbstractContextManager
from functools import cache
from pathlib import Path

import matplotlib as mpl
from matplotlib.font_manager import findfont, findSystemFonts, fontManager, get_font
from matplotlib.ticker import FuncFormatter

from pipeline import terminal
from pipeline.language.catalogue import Language
from pipeline.language.sentence import Sentence

_LATIN = "DejaVu Sans"

# Shares of 1 in percent, with as many decimals as tell the steps of an axis apart.
AS_PERCENT = FuncFormatter(lambda share, _: f"{100.0 * share:.4g}%")

# Fonts that know simplified Chinese, and how their files begin.
_CHINESE = {
    "Noto Sans CJK SC": "NotoSansCJK",
    "Source Han Sans SC": "SourceHanSans",
    "Microsoft YaHei": "msyh",
    "PingFang SC": "PingFang",
    "SimHei": "simhei",
    "WenQuanYi Zen Hei": "wqy-zenhei",
    "WenQuanYi Micro Hei": "wqy-microhei",
}


def lettering() -> AbstractContextManager[None]:
    """The fonts to draw with; a character that none knows is to go through ``drawable``."""
    return mpl.rc_context({"font.family": [_LATIN, *_chinese_fonts()], "text.parse_math": False})


def drawable(text: str) -> str:
    """A text in which what no font knows is a question mark."""
    letters = {
        code for name in mpl.rcParams["font.family"] for code in get_font(findfont(name)).get_charmap()
    }
    return "".join(letter if letter == "\n" or ord(letter) in letters else "?" for letter in text)


def drawn_language(language: Language) -> Language:
    """The language to draw in: the reader's, or English where no font knows Chinese, which is said."""
    if language == "zh" and not _chinese_fonts():
        terminal.note(
            Sentence(
                "pictures are in English: no font of this machine knows Chinese; "
                "install one, as fonts-noto-cjk"
            )
        )
        return "en"
    return language


@cache
def _chinese_fonts() -> tuple[str, ...]:
    """Those of the machine, also if they were installed since matplotlib made its list."""
    found = _known()
    if not found:
        for path in findSystemFonts():
            if Path(path).name.startswith(tuple(_CHINESE.values())) and "Bold" not in path:
                fontManager.addfont(path)
        found = _known()
    return found


def _known() -> tuple[str, ...]:
    known = {font.name for font in fontManager.ttflist}
    return tuple(name for name in _CHINESE if name in known)
