"""Texts that were decoded by a wrong encoding are named; those that were not are left in peace."""

import polars as pl
import pytest
from support.reading import read, refusal

from pipeline.cells.garbled import holds_garbled, is_garbled
from pipeline.reading.ingest import describe_reading

CHINESE = ["客户电话", "转介绍", "展览会现场", "微信公众号"]
WESTERN = ["Téléphone", "Straße", "São Paulo", "Genève", "coût élevé", "Ærø", "5 €"]
OTHERS = [
    "Выставка",
    "전시회",
    "ホームページ",
    "臺北展覽",
    "№ 5",
    "NÃO",
    "Ärzte für Ö",
    "官网",
    "联通",
    "一",
    "模",
    "汉",
]


@pytest.mark.parametrize(
    "text", [*CHINESE, *WESTERN, *OTHERS, "plain", "", "25 °C", "L\u200b1", "王小明", "龘靐齉"]
)
def test_a_text_that_is_whole_is_not_named(text):
    assert not is_garbled(text)


@pytest.mark.parametrize("text", [one for one in WESTERN if one != "5 €"] + CHINESE)
@pytest.mark.parametrize("codec", ["cp1252", "latin-1"])
def test_utf8_read_as_an_encoding_of_western_europe(text, codec):
    assert is_garbled(text.encode().decode(codec, "replace"))


@pytest.mark.parametrize("text", [*CHINESE, "上海", "北京市"])
def test_utf8_read_as_gb18030(text):
    assert is_garbled(text.encode().decode("gb18030", "replace"))


@pytest.mark.parametrize("text", CHINESE)
def test_gbk_read_as_another_encoding(text):
    assert is_garbled(text.encode("gbk").decode("cp1252", "replace"))
    lost = text.encode("gbk").decode("utf-8", "replace")
    assert is_garbled(lost)
    assert is_garbled(lost.encode().decode("gbk", "replace"))


def test_a_column_is_looked_at_by_its_different_words():
    assert holds_garbled(pl.Series(["Web", "Telefon", None, "TÃ©lÃ©phone"]))
    assert holds_garbled(pl.Series(["Salon Ã  GenÃ¨ve"]))
    assert not holds_garbled(pl.Series([*CHINESE, *WESTERN, *OTHERS, None]))
    assert not holds_garbled(pl.Series([1, 2]))


def test_it_is_said_and_the_cell_is_read_as_it_stands(tmp_path):
    content = "lead_id,created_at,channel,note\nL1,2024-05-01,锟斤拷,ok\nL2,2024-05-01,展会,ok\n"
    raw = read(tmp_path, content, top={"attributes": {"channel": {}, "note": {"kind": "text"}}})
    assert raw.frame["channel"].to_list() == ["锟斤拷", "展会"]
    told = describe_reading("leads", raw.path, [raw.account])
    assert "; texts in channel were decoded by a wrong encoding before they were saved" in told


def test_names_of_columns_that_were_decoded_so(tmp_path):
    header = "客户编号,创建时间".encode().decode("gb18030", "replace")
    columns = {"lead_id": "客户编号", "created_at": "创建时间"}
    told = refusal(tmp_path, f"{header}\nL1,2024-05-01\n", columns=columns)
    assert told.endswith("or export it again: its names were decoded by a wrong encoding before")
    plain = refusal(tmp_path, "客户,创建时间\nL1,2024-05-01\n", columns=columns)
    assert "wrong encoding" not in plain
