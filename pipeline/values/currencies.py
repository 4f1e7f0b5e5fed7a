"""What currency an amount says it is in: signs, codes and words, and which of them may mean the same."""

from collections.abc import Iterable

from babel.numbers import list_currencies

_DOLLARS = "USD CAD AUD NZD SGD HKD TWD MXN BRL ARS CLP COP"
# A sign of several currencies means whichever of them is configured.
_SIGNS = {
    "¥": "CNY JPY",
    "元": "CNY TWD HKD MOP",
    "圆": "CNY",
    "块": "CNY",
    "RMB": "CNY",
    "人民币": "CNY",
    "CN¥": "CNY",
    "CNH": "CNY",
    "元整": "CNY TWD HKD MOP",
    "圆整": "CNY",
    "円": "JPY",
    "日元": "JPY",
    "원": "KRW",
    "₩": "KRW",
    "$": _DOLLARS,
    "US$": "USD",
    "美元": "USD",
    "HK$": "HKD",
    "港币": "HKD",
    "港元": "HKD",
    "NT$": "TWD",
    "NTD": "TWD",
    "台币": "TWD",
    "新台币": "TWD",
    "A$": "AUD",
    "AU$": "AUD",
    "C$": "CAD",
    "CA$": "CAD",
    "S$": "SGD",
    "NZ$": "NZD",
    "MX$": "MXN",
    "R$": "BRL",
    "€": "EUR",
    "欧元": "EUR",
    "£": "GBP",
    "英镑": "GBP",
    "₹": "INR",
    "RS": "INR PKR LKR NPR MUR SCR",
    "RS.": "INR PKR LKR NPR MUR SCR",
    "KR": "SEK NOK DKK ISK",
    "KR.": "SEK NOK DKK ISK",
    "ZŁ": "PLN",
    "₽": "RUB",
    "РУБ": "RUB",
    "РУБ.": "RUB",
    "₺": "TRY",
    "₫": "VND",
    "฿": "THB",
    "₴": "UAH",
    "KČ": "CZK",
    "FT": "HUF",
}
# Of these, amounts are written with a decimal point wherever they are used.
_DOTTED = frozenset(["CNY", "JPY", "KRW", "INR", "GBP", "TWD", "HKD", "THB"])


def signs() -> list[str]:
    """What an amount may be marked with besides a code of three letters; the longest first."""
    return sorted(_SIGNS, key=len, reverse=True)


def is_currency(mark: str) -> bool:
    """Whether a sign, code or word names a currency that there is, or was.

    >>> is_currency("cny"), is_currency("pct")
    (True, False)
    """
    return mark.upper() in _SIGNS or mark.upper() in list_currencies()


def codes(mark: str) -> frozenset[str]:
    """Return the currencies that a sign, code or word may mean.

    >>> sorted(codes("¥")), sorted(codes("eur"))
    (['CNY', 'JPY'], ['EUR'])
    """
    return frozenset(_SIGNS.get(mark.upper(), mark.upper()).split())


def foreign(marks: Iterable[str], currency: str) -> list[str]:
    """Return the marks that mean another currency than the configured one.

    Without a configured one all must be able to mean the same; where they are not, all are foreign.

    >>> foreign(["¥", "$", "CNY"], "CNY")
    ['$']
    >>> foreign(["¥", "CNY"], ""), foreign(["€", "$"], "")
    ([], ['€', '$'])
    """
    found = list(dict.fromkeys(marks))
    if currency:
        return [mark for mark in found if not codes(mark) & codes(currency)]
    shared = frozenset.intersection(*map(codes, found)) if found else frozenset()
    return [] if shared else found


def has_decimal_point(mark: str) -> bool:
    """Whether amounts with this mark are always written with a decimal point.

    >>> has_decimal_point("￥".replace("￥", "¥")), has_decimal_point("$")
    (True, False)
    """
    return codes(mark) <= _DOTTED
