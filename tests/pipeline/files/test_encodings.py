"""Encodings: by a setting each is read, by itself only what its characters tell beyond doubt."""

import gzip
import random

import pytest
from support.encoded_files import ENCODINGS, lead_list
from support.reading import read, refusal

from pipeline.files.dialect import DialectError, to_utf8

FILES_EACH = 60
SETTINGS = {"euc_kr": "euc-kr"}
WORDS = {
    "big5": ["臺北展覽", "轉介紹客戶", "電話行銷"],
    "euc_kr": ["전시회", "소개", "홈페이지"],
    "shift_jis": ["展示会", "紹介", "ホームページ"],
    "cp1252": ["Salon à Genève", "Téléphone", "Straße €5"],
    "cp1251": ["Выставка", "Сайт", "Звонок"],
    "gb18030": ["展会", "转介绍", "官网"],
    "utf-16": ["展会", "Ёлка", "전시회"],
    "utf-16-le": ["展会", "Ёлка", "전시회"],
    "utf-16-be": ["展会", "Ёлка", "전시회"],
}
TOP = {"attributes": {"channel": {}}}


def leads(words):
    return "lead_id,created_at,channel\n" + "".join(
        f"L{i},2024-05-01,{word}\n" for i, word in enumerate(words)
    )


@pytest.mark.parametrize("encoding", WORDS)
@pytest.mark.parametrize("packed", [False, True])
def test_each_encoding_is_read_by_its_setting(tmp_path, encoding, packed):
    data = leads(WORDS[encoding]).encode(encoding)
    setting = SETTINGS.get(encoding, encoding[:6] if encoding.startswith("utf-16") else encoding)
    path = "leads.csv.gz" if packed else "leads.csv"
    raw = read(tmp_path, gzip.compress(data) if packed else data, path=path, encoding=setting, top=TOP)
    assert raw.frame["channel"].to_list() == WORDS[encoding]
    assert raw.encoding == setting


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_excels_unicode_text_is_told_by_its_mark_or_its_zeros(tmp_path, encoding):
    text = leads(WORDS[encoding]).replace(",", "\t").replace("\n", "\r\n")
    raw = read(tmp_path, text.encode(encoding), path="leads.txt", top=TOP)
    assert raw.frame["channel"].to_list() == WORDS[encoding]
    assert (raw.encoding, raw.delimiter) == ("utf-16", "\t")


@pytest.mark.parametrize("encoding", ["big5", "euc_kr", "shift_jis", "cp1252", "cp1251"])
def test_what_is_not_beyond_doubt_is_refused_with_the_settings_it_could_have(tmp_path, encoding):
    message = refusal(tmp_path, leads(WORDS[encoding]).encode(encoding), top=TOP)
    assert SETTINGS.get(encoding, encoding) in message.split("set encoding to")[1]


def test_a_declared_encoding_that_the_file_is_not_in_is_refused(tmp_path):
    message = refusal(tmp_path, leads(["重庆"]).encode("gb18030"), encoding="shift_jis", top=TOP)
    assert "gb18030" in message.split("is not SHIFT_JIS; set encoding to")[1]
    message = refusal(tmp_path, leads(WORDS["cp1252"]).encode("cp1252"), encoding="utf-8", top=TOP)
    assert "line 2 is not UTF-8; set encoding to cp1252" in message
    assert "UTF-16" in refusal(tmp_path, leads(["展会"]).encode(), encoding="utf-16", top=TOP)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_made_files_are_never_taken_for_another_encoding(encoding):
    """A small part of ``tests/benchmarks/encodings.py``."""
    rng, taken = random.Random(7), 0
    for _ in range(FILES_EACH):
        text = lead_list(ENCODINGS[encoding], rng)
        try:
            read_as = to_utf8(text.encode(encoding), "auto")[0].decode()
        except DialectError:
            continue
        assert read_as == text
        taken += 1
    assert taken == (FILES_EACH if encoding == "gb18030" else 0)


def test_one_word_said_often_is_not_evidence(tmp_path):
    """The bytes of 관리 are common characters in Chinese, by chance, however often they stand there."""
    assert "관리".encode("euc_kr").decode("gb18030") == "包府"
    assert "set encoding" in refusal(tmp_path, leads(["관리"] * 5000).encode("euc_kr"), top=TOP)
