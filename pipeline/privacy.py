"""What personal data may look like in quarantine files, error messages and logs."""

import re

MAX_CHARS = 40
# Nothing beyond is looked at, however long a cell: masking takes no longer, and shows no more.
_LOOKED_AT = 10 * MAX_CHARS
# A date stays; else a run of digits, with the separators that people put into phone numbers.
_DIGITS = re.compile(
    r"(?<!\d)(?:(?:19|20)\d\d([-.])\d{1,2}\1\d{1,2}|\d{1,2}([-.])\d{1,2}\2(?:19|20)\d\d)(?!\d)"
    r"|(?P<number>\d(?:[ \-.()]?\d){6,})"
)
_EMAIL = re.compile(r"(?<![\w.+\-])[\w.+\-]++@(?=[\w\-]++\.)")
# Names as they are written: in Chinese one of the hundred family names that six of seven people have, with a
# given name; else two or three words with capitals.
_FAMILY_NAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔"
    "钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
_NAME = re.compile(
    rf"[{_FAMILY_NAMES}][\u4e00-\u9fff]{{1,2}}|[A-Z][A-Za-z'’\-]*[a-z](?: [A-Z][A-Za-z'’\-]*\.?){{1,2}}"
)
# What may go on beyond the last character that is looked at, read backwards: a number, or an address.
_OPEN = (re.compile(r"[\d \-.()]*+"), re.compile(r"[\w.+\-@]*+"))


def mask(value: object) -> str:
    """Show a value without personal data: long numbers starred, e-mail names cut, at most 40 characters.

    Numbers of seven digits or more keep their first three and last two digits; dates stay readable.

    >>> mask("call 13800138021")
    'call 138******21'
    >>> mask("138-0013-8021"), mask("2024-13-45 25:00"), mask("li.lei@example.com")
    ('138******21', '2024-13-45 25:00', 'l**@example.com')
    """
    whole = str(value).strip()
    text = " ".join(whole[:_LOOKED_AT].split())
    if len(whole) > _LOOKED_AT:
        text = _without_open_end(text)
    text = _DIGITS.sub(_star, text)
    text = _EMAIL.sub(lambda found: f"{found[0][0]}**@", text)
    return text if len(text) <= MAX_CHARS and len(whole) <= _LOOKED_AT else f"{text[: MAX_CHARS - 1]}…"


def mask_id(value: object) -> str:
    """Show an identifier like `mask`; one without any digit may be a name: only its first letter stays.

    >>> mask_id("L7"), mask_id("13800138021"), mask_id("王小明")
    ('L7', '138******21', '王**')
    """
    text = mask(value)
    return text if not text or re.search(r"\d", text) else f"{text[0]}**"


def mask_name(value: object) -> str:
    """Show a value like `mask`; one that is written like a person's name by its first letter only.

    What is meant is a cell where no name is expected, as in a row whose cells have moved.

    >>> mask_name("王小明"), mask_name("Han Meimei"), mask_name("tomorrow"), mask_name("未接通")
    ('王**', 'H**', 'tomorrow', '未接通')
    """
    text = mask(value)
    return f"{text[0]}**" if _NAME.fullmatch(text) else text


def mask_text(value: object) -> str:
    """Stand for free text, which may hold anything, by its length.

    >>> mask_text("my name is ...")
    '<text, 14 chars>'
    """
    return f"<text, {len(str(value))} chars>"


def _without_open_end(text: str) -> str:
    """Drop what stands where a long text is cut: a part of a number or an address is none to tell it by.

    >>> _without_open_end("call 138 0013"), _without_open_end("li.lei")
    ('call', 'l**')
    """
    backwards = text[::-1]
    end = max(found.end() for part in _OPEN if (found := part.match(backwards)))
    return text[: len(text) - end] or f"{text[0]}**"


def _star(found: re.Match[str]) -> str:
    if not found["number"]:
        return found[0]
    digits = re.sub(r"\D", "", found[0])
    return f"{digits[:3]}{'*' * (len(digits) - 5)}{digits[-2:]}"
