"""Files that are called workbooks and are none: text called .xls is read, others are named."""

from pathlib import Path

from pipeline.errors import SourceError

_OLE, _ZIP, _GZIP = b"\xd0\xcf\x11\xe0", b"PK\x03\x04", b"\x1f\x8b"
_LOOKED_AT = 4096


def is_misnamed_text(path: Path) -> bool:
    """Whether a file that is called .xls is text with separators, as many programs write it.

    Raises:
        SourceError: it is a web page, an XML file, text called .xlsx or something else that is no workbook.
    """
    with path.open("rb") as file:
        start = file.read(_LOOKED_AT)
    if start.startswith((_OLE, _ZIP)) or not start.strip():
        return False
    head = start.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    kind = _kind(head, start)
    if kind:
        what = f"is {kind} and no workbook"
        raise SourceError(f"{path}: {what}; open it in a spreadsheet program and save it as .xlsx")
    if path.suffix.lower() != ".xls" and b"\0" not in start:
        raise SourceError(f"{path}: is text and no workbook; call it .csv, or save it as a workbook")
    return path.suffix.lower() == ".xls"


def _kind(head: bytes, start: bytes) -> str:
    if head.startswith(b"<?xml") and b"office:spreadsheet" in head:
        return "an XML spreadsheet of 2003"
    if head.startswith((b"<html", b"<!doctype", b"<table", b"<meta", b"<head")) or b"<table" in head:
        return "a web page (HTML)"
    if head.startswith(b"<"):
        return "an XML file"
    if head.startswith((b"mime-version", b"content-type: multipart")):
        return "a web archive (MHTML)"
    return "a packed file (gzip)" if start.startswith(_GZIP) else ""
