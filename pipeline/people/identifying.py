"""Attributes that identify single leads, told by what their values are, by their names, or by being rare.

Such a column tells a scorer nothing that holds for another lead, and what it says has no business outside of
the team's own rows.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

import polars as pl

from pipeline.config.config import Config
from pipeline.config.data import AttributeSettings
from pipeline.errors import ConfigError

Identity = Literal[
    "phone numbers", "ID card numbers", "bank card numbers", "e-mail addresses", "names", "keys"
]

# So many of the leads must have such a value: a few stray ones are collapsed as rare.
MOST_OF = 0.5
NEARLY_UNIQUE = 0.9
# Of fewer leads nothing is said, and of more than this it is said by some.
LEAST_KNOWN = 20
LOOKED_AT = 5_000

_PHONE = re.compile(r"(?:\+?86)?1[3-9]\d{9}|\+\d{8,15}|0\d{9,11}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_ID_CARD = re.compile(r"\d{6}(?:18|19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx]")
_CARD = re.compile(r"\d{13,19}")
_SEPARATORS = str.maketrans("", "", " -.()")
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)

# Words in a column's name, whole ones between its other letters; in Chinese wherever they stand.
_WORDS = re.compile(
    r"(?<![a-z])(?:"
    r"(?:full|first|last|family|given|customer|client|contact|person)s?[ _-]?names?|names?|surnames?"
    r"|e-?mails?|phones?|mobiles?|tel|telephones?|cell(?:phones?)?|wechat|weixin|qq|address(?:es)?"
    r"|id[ _-]?cards?|passports?|ssn|iban|licen[cs]e[ _-]?plates?"
    r"|(?:bank[ _-]?)?(?:card|account)[ _-]?(?:no|nr|num|number|id)"
    r")(?![a-z])"
    r"|姓名|名字|联系人|手机|电话|座机|身份证|证件号|护照|银行卡|卡号|账号|帐号|邮箱|邮件|微信|地址|住址|车牌",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Identifying:
    """An attribute whose values name single leads.

    Attributes:
        name: of the attribute.
        what: its values are.
        share: of the leads that have a value.
    """

    name: str
    what: Identity
    share: float

    @property
    def sentence(self) -> str:
        """What it is, and what to do.

        >>> print(Identifying("call", "keys", 0.97).sentence.partition(";")[0])
        attributes.call names single leads: 97 % of them have a value alone
        """
        how = {
            "names": f"{self.share:.0%} of them share a value with hardly another, and so is it called",
            "keys": f"{self.share:.0%} of them have a value alone",
        }.get(self.what, f"{self.share:.0%} of its values look like {self.what}")
        told = f"attributes.{self.name} names single leads: {how}".replace("%", " %", 1)
        return f"{told}; remove it, or add it to privacy.allowed"


def find_identifying(config: Config, rows: pl.DataFrame) -> tuple[Identifying, ...]:
    """The attributes that identify single leads, but for those that the team allows.

    Args:
        config: the configuration.
        rows: of the matrix: ``lead_id``, and a column for each attribute that is read as it is.
    """
    asked = {
        name: spec
        for name, spec in config.attributes.items()
        if name in rows.columns
        and spec.known != "snapshot"
        and spec.kind in ("categorical", "numeric")
        and name not in config.privacy.allowed
    }
    # The last row of each lead, of as many leads as tell.
    leads = rows.select("lead_id", *asked).unique("lead_id", keep="last", maintain_order=True).head(LOOKED_AT)
    found = (_identifying(name, spec, leads[name], config) for name, spec in asked.items())
    return tuple(one for one in found if one is not None)


def refuse_identifying(config: Config, rows: pl.DataFrame) -> None:
    """Refuse to learn from attributes that identify single leads.

    Raises:
        ConfigError: names each, and what to do.
    """
    found = find_identifying(config, rows)
    if found:
        raise ConfigError(f"{config.path}: {'; '.join(one.sentence for one in found)}")


def _identifying(name: str, spec: AttributeSettings, values: pl.Series, config: Config) -> Identifying | None:
    texts = _texts(values.drop_nulls())
    if len(texts) < LEAST_KNOWN:
        return None
    for what, is_one in _LOOKS.items():
        share = sum(map(is_one, texts)) / len(texts)
        if share >= MOST_OF:
            return Identifying(name, what, share)
    if spec.kind == "numeric":
        return None
    times = values.drop_nulls().value_counts(name="times")["times"]
    rare = int(times.filter(times < config.privacy.rare_below).sum()) / len(texts)
    if rare >= MOST_OF and is_called_so(name, config):
        return Identifying(name, "names", rare)
    alone = int((times == 1).sum()) / len(texts)
    return Identifying(name, "keys", alone) if alone >= NEARLY_UNIQUE else None


def is_called_so(name: str, config: Config) -> bool:
    """Whether a column's name, the file's name for it or its meaning says that it is one's name or number."""
    spec = config.attributes.get(name)
    meanings = () if spec is None else (spec.meaning, spec.meaning_zh)
    columns = [source.columns.get(name, "") for source in config.sources.values()]
    return any(_WORDS.search(str(word)) for word in (name, *columns, *meanings))


def looks_like(text: str) -> bool:
    """Whether a value looks like one's number or address.

    >>> looks_like("li.lei@example.com"), looks_like("138 0013 8021"), looks_like("展会")
    (True, True, False)
    """
    return any(is_one(text) for is_one in _LOOKS.values())


def _texts(known: pl.Series) -> list[str]:
    if not known.dtype.is_numeric():
        return [str(value).strip() for value in known]
    return [f"{value:.0f}" if float(value).is_integer() else str(value) for value in known]


def _is_phone(text: str) -> bool:
    """Whether it is written as a phone number, with a country's code or as in China.

    >>> _is_phone("138-0013-8021"), _is_phone("+44 20 7946 0958"), _is_phone("20240101")
    (True, True, False)
    """
    return _PHONE.fullmatch(text.translate(_SEPARATORS)) is not None


def _is_id_card(text: str) -> bool:
    """Whether it is an ID card's number: a region, a date of birth, and the right check digit (GB 11643).

    >>> _is_id_card("11010519491231002X"), _is_id_card("110105194912310021")
    (True, False)
    """
    if _ID_CARD.fullmatch(text) is None:
        return False
    total = sum(weight * int(digit) for weight, digit in zip(_ID_WEIGHTS, text, strict=False))
    return "10X98765432"[total % 11] == text[-1].upper()


def _is_card(text: str) -> bool:
    """Whether it is a payment card's number: 13 to 19 digits with the right check digit (ISO/IEC 7812).

    >>> _is_card("6222 0200 0000 0000 006"), _is_card("4111111111111111"), _is_card("4111111111111112")
    (False, True, False)
    """
    digits = text.translate(_SEPARATORS)
    if _CARD.fullmatch(digits) is None:
        return False
    doubled = (2 * int(digit) for digit in digits[-2::-2])
    return (sum(int(digit) for digit in digits[::-2]) + sum(n - 9 if n > 9 else n for n in doubled)) % 10 == 0


def _is_email(text: str) -> bool:
    return _EMAIL.fullmatch(text) is not None


_LOOKS: Mapping[Identity, Callable[[str], bool]] = {
    "e-mail addresses": _is_email,
    "ID card numbers": _is_id_card,
    "phone numbers": _is_phone,
    "bank card numbers": _is_card,
}


def told_of(found: Iterable[Identifying]) -> tuple[str, ...]:
    """A line of each, for whoever looks before training."""
    return tuple(f"{one.sentence}: train refuses it" for one in found)
