"""Patterns of lines: when a turn was said, its label and what marks it, and lines that are no turn."""

# Around a label that is known to be one, since the data said so.
LABEL_OPENS, LABEL_ENDS = "\x01", "\x02"

TIME = (
    r"(?:\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?[ T]*)?"
    r"\d{1,2}[:：]\d{2}(?:[:：]\d{2})?(?:[.,]\d{1,3})?(?:\s?[ap]m\b)?"
)

SPAN = rf"{TIME}(?:\s*(?:-->|[-–~～→]|至|到)\s*{TIME})?"
SECONDS = r"\d+(?:\.\d+)?\s*(?:ms|s|sec|秒)"
# When a turn was said, as it stands around a label.
BRACKETED_STAMP = (
    rf"[\[(（【<{{]\s*(?:{SPAN}|{SECONDS}(?:\s*[-–~]\s*{SECONDS})?"
    r"|\d+(?:\.\d+)?(?:\s*[-–~,]\s*\d+(?:\.\d+)?)?)\s*[\])）】>}]"
)
BARE_STAMP = rf"(?:{SPAN}|{SECONDS}\b)"
STAMP = rf"(?:{BRACKETED_STAMP}|[\[(（【<{{]?{BARE_STAMP})"

_NUMBER = r"(?:[\[(（【#]?\d{1,4}[\])）】.、．|,:：]|#\d+|[①-⑳⑴-⒇]|第\d+[句轮条]|\d{1,4}\s)"
_SIGNS = r"""[\s\-–—*•·●○▪■◆◇►▶>＞#|_~,\[\]【】(（「『《<{"“'‘]|\p{So}|\x{FE0F}|\x{200D}"""
FRONT = rf"^(?:{STAMP}|{_NUMBER}|{_SIGNS})*"
CLOSED = r"""[\]】)）」』》>}"”*]"""
_BRACKETED = r"[\]】)）」』》>}*]"
_PAREN = r"(?:\s?[(（\[【][^()（）\[\]【】\n]{0,30}[)）\]】])?"
_WORD = r"""[\p{L}\p{N}][^\n:：=＝\t|<>()（）{}\[\]【】「」『』《》\"“”*，。？！,?!；;、…]{0,39}?"""
_MASKED = r"(?:\s?\d{2,4}[*＊xX]{2,}\d{0,4})?"
_MARK = r"(?:[:：]{1,2}|[=＝\t|]|->|=>|→|»|＞|>|\s[-–—]+\s|[–—]+)"
MARKED = (
    rf"{FRONT}(?<label>{_WORD}{_MASKED}{_PAREN})(?:"
    rf"{CLOSED}*\s*{BRACKETED_STAMP}\s*{_MARK}?|\s+{BARE_STAMP}\s*(?:{CLOSED}+\s*[:：]?|\s*[:：|\t]|\s|$)"
    rf"|(?:{CLOSED}|['’_])*\s*(?:{STAMP}\s*{CLOSED}*\s*)?{_MARK}|{_BRACKETED}+(?:\s*{STAMP})?\s*[:：]?)"
    r"[\s*_]*(?<said>.*)$"
)
OF_DATA = rf"^{LABEL_OPENS}(?<label>[^{LABEL_ENDS}]*){LABEL_ENDS}(?<said>.*)$"
# Lines that are no turn: rules of tables, times of subtitles, and how the call ended.
NO_TURN = (
    rf"(?i)^(?:[\s|:\-=+*_#~.—]*|webvtt.*|{STAMP}|[-—=\s]*(?:通话已?结束|end of call|call ended)[-—=\s.。]*)$"
)
AROUND = rf"^{STAMP}\s*[|\t]\s*|\s*\|\s*$|\s*[\[(（【]\s*(?:{SPAN}|{SECONDS})\s*[\])）】]\s*$"
QUOTED = r"""^["“「](.*)["”」]$"""
