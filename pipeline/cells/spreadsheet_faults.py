"""What spreadsheets show for no value: errors, in the languages of Excel, and formulas never worked out."""

import polars as pl

from pipeline.files.workbook import NO_VALUE

# Excel names its errors in the language of its menus. Chinese, Japanese and Korean ones are in English.
_WORDS = (
    r"N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!|FIELD!|BLOCKED!|CONNECT!|BUSY!|UNKNOWN!|GETTING_DATA",
    r"NV|BEZUG!|WERT!|ZAHL!|ÜBERLAUF!",  # German
    r"VALEUR!|NOM\?|NOMBRE!|NUL!|PROPAGATION!",  # French
    r"¡?VALOR!|¡REF!|¡DIV/0!|¿NOMBRE\?|¡N[UÚ]M!|¡NULO!|N/D|NULO!|NOME\?|N[UÚ]M!",  # Spanish, Portuguese
    r"VALORE!|RIF!|NULLO!",  # Italian
    r"WAARDE!|VERW!|DEEL/0!|NAAM\?|GETAL!|LEEG!|N/B",  # Dutch
    r"ARG!|ADR!|DZIEL/0!|NAZWA\?|LICZBA!|ZERO!",  # Polish
    r"ЗНАЧ!|ССЫЛКА!|ДЕЛ/0!|ИМЯ\?|ЧИСЛО!|ПУСТО!|Н/Д",  # Russian
    r"DEĞER!|BAŞV!|SAYI/0!|AD\?|SAYI!|BOŞ!|YOK",  # Turkish
    r"#+",  # a column that is too narrow
)
# LibreOffice numbers its own.
_ERRORS = rf"^(?:#(?:{'|'.join(_WORDS)})|Err:5\d\d)$"


def begins_like_fault(text: pl.Series) -> bool:
    """Whether a cell begins like a spreadsheet's error, as few do."""
    return bool((text.str.starts_with("#") | text.str.starts_with("Err:")).any())


def spreadsheet_faults(text: pl.Series) -> list[tuple[pl.Series, str]]:
    """Which cells of a column are none, and why.

    >>> cells = pl.Series(["#N/A", "#WERT!", "Err:502", "#1"])
    >>> [which.to_list() for which, _ in spreadsheet_faults(cells)][0]
    [True, True, True, False]
    """
    if not begins_like_fault(text):
        return []
    return [
        (text.str.contains(_ERRORS), "is a spreadsheet's error; mend the cell, or list it in null_values"),
        (
            text == NO_VALUE,
            "is a formula without a value; save the workbook once more by the spreadsheet program",
        ),
    ]
