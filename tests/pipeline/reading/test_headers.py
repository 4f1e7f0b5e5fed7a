"""Files whose column names stand further down, on another sheet, or nowhere."""

import gzip

import pytest
import xlsxwriter
from support.reading import LEADS, make_config, read, refusal

from pipeline.config.config import read_config
from pipeline.errors import ConfigError
from pipeline.reading.ingest import read_source, text_parts_of

# As Asterisk writes its call log: no header, and a person's name and number in the first row.
CDR = """"L1","2001","5550001","out","Agent A <2001>","2026-03-27 15:07:24",87,"ANSWERED","1774624044.0"
"L2","2001","5550002","out","Agent A <2001>","2026-03-27 15:27:58",27,"NO ANSWER","1774625278.2"
"""
CDR_NAMES = ["account", "src", "dst", "context", "clid", "start", "billsec", "disposition", "uniqueid"]
CDR_COLUMNS = {"call_id": "uniqueid", "lead_id": "account", "started_at": "start", "duration": "billsec"}


def workbook(tmp_path, **sheets):
    book = xlsxwriter.Workbook(tmp_path / "leads.xlsx")
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for place, row in enumerate(rows):
            sheet.write_row(place, 0, row)
    book.close()


def lead_ids(raw):
    return raw.frame["lead_id"].to_list()


ROWS = [["lead_id", "created_at"], ["L1", "2024-05-01"], ["L2", "2024-05-02"]]


@pytest.mark.parametrize(
    "above", [[["线索导出 2026-04 (共3条)"]], [["基本信息", "商机"]], [["sales"], [], ["May"]], [[], []]]
)
def test_a_sheet_with_rows_above_its_header(tmp_path, above):
    workbook(tmp_path, Sheet=[*above, *ROWS])
    row = len(above) + 1
    if any(above):
        told = refusal(tmp_path, None, path="leads.xlsx")
        assert told.endswith(f"the column names seem to be in row {row}: set the source's header_row: {row}")
    else:
        assert lead_ids(read(tmp_path, None, path="leads.xlsx")) == ["L1", "L2"]
    assert lead_ids(read(tmp_path, None, path="leads.xlsx", header_row=row)) == ["L1", "L2"]


@pytest.mark.parametrize(
    "above", ["leads of May\n", "sales, May\n\n", '"a title, quoted"\n\n\n', "exported by;May\n"]
)
def test_a_text_with_lines_above_its_header(tmp_path, above):
    line = above.count("\n") + 1
    assert f"header_row: {line}" in refusal(tmp_path, above + LEADS)
    found = read(tmp_path, above + LEADS, header_row=line)
    assert lead_ids(found) == ["L1", "L2"]
    assert found.frame["row_number"].to_list() == [1, 2]


def test_a_header_row_that_is_not_there(tmp_path):
    assert "has no row 9; set header_row" in refusal(tmp_path, LEADS, header_row=9)
    workbook(tmp_path, Sheet=ROWS)
    assert "has no row 9; set header_row" in refusal(tmp_path, None, path="leads.xlsx", header_row=9)


def test_the_sheet_that_has_the_columns_is_named(tmp_path):
    workbook(tmp_path, _meta=[["key", "value"], ["exported", "2026"]], Pivot=[["x"]], Leads=[["May"], *ROWS])
    assert "on the sheet 'Leads': set the source's sheet" in refusal(tmp_path, None, path="leads.xlsx")
    assert lead_ids(read(tmp_path, None, path="leads.xlsx", sheet="Leads", header_row=2)) == ["L1", "L2"]


@pytest.mark.parametrize("line", ["sep=;\n", "sep=;\r\n", '"sep=;"\n', "SEP=;\n"])
def test_excels_line_about_the_separator_is_no_header(tmp_path, line):
    assert lead_ids(read(tmp_path, line + LEADS.replace(",", ";"))) == ["L1", "L2"]


def test_a_log_without_header_is_read_by_the_names_given(tmp_path):
    found = read(tmp_path, CDR, "calls", names=CDR_NAMES, columns=CDR_COLUMNS)
    assert found.frame["call_id"].to_list() == ["1774624044.0", "1774625278.2"]
    assert found.frame["row_number"].to_list() == [1, 2]
    assert found.frame["duration_ms"].to_list() == [87_000, 27_000]


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_names_go_with_any_delimiter(tmp_path, delimiter):
    text = CDR.replace(",", delimiter)
    names = [name.replace("context", f"con{delimiter}text") for name in CDR_NAMES]
    assert lead_ids(read(tmp_path, text, "calls", names=names, columns=CDR_COLUMNS)) == ["L1", "L2"]


def test_names_of_packed_files_and_workbooks(tmp_path):
    names, columns = ["who", "when"], {"lead_id": "who", "created_at": "when"}
    packed = gzip.compress(b"L1,2024-05-01\nL2,2024-05-02\n")
    assert lead_ids(read(tmp_path, packed, path="leads.csv.gz", names=names, columns=columns)) == ["L1", "L2"]
    workbook(tmp_path, Sheet=ROWS[1:])
    found = read(tmp_path, None, path="leads.xlsx", names=names, columns=columns)
    assert lead_ids(found) == ["L1", "L2"]


def test_names_hold_for_every_part_of_a_log(tmp_path, monkeypatch):
    monkeypatch.setattr("pipeline.files.source_file.PART_BYTES", 20)
    config = make_config(tmp_path, "calls", names=CDR_NAMES, columns=CDR_COLUMNS)
    (tmp_path / "calls.csv").write_text(CDR, encoding="utf-8")
    parts = list(text_parts_of(config, "calls", outcome=True))
    read_parts = [read_source(config, "calls", part=part).frame for part in parts]
    assert [frame["row_number"].to_list() for frame in read_parts] == [[1], [2]]


def test_another_number_of_names_than_columns(tmp_path):
    told = refusal(tmp_path, CDR, "calls", names=CDR_NAMES[:-1])
    assert told.endswith("names lists 8 columns, but the first row has 9")
    workbook(tmp_path, Sheet=ROWS[1:])
    assert "names lists 1 columns, but the sheet has 2" in refusal(
        tmp_path, None, path="leads.xlsx", names=["who"]
    )


def test_a_row_of_data_is_not_shown_as_if_it_were_a_header(tmp_path):
    told = refusal(tmp_path, CDR, "calls", columns=CDR_COLUMNS)
    assert told.endswith(
        "the first row holds values, and no column 'call_id': list the names of its 9 columns in their order "
        "in sources.calls.names, or set sources.calls.header_row"
    )
    assert "Agent A" not in told
    assert "5550001" not in told


def test_a_header_is_shown_masked(tmp_path):
    told = refusal(
        tmp_path, "Kunde,seit,li.lei@example.com,tel 13800138021,a,b,c,d,e\nL1,2024-05-01,,,,,,,\n"
    )
    assert "found: Kunde, seit, l**@example.com, tel 138******21" in told


@pytest.mark.parametrize(
    ("settings", "word"),
    [
        ("{path: l.csv, names: [a, b], header_row: 2}", "remove one"),
        ("{path: l.parquet, header_row: 2}", "a Parquet file names its columns itself"),
        ("{path: l.csv, names: [a, A]}", "names lists a column twice"),
    ],
)
def test_settings_that_contradict_each_other(tmp_path, settings, word):
    path = tmp_path / "team.yaml"
    path.write_text(f"name: x\nsources: {{leads: {settings}}}\nlabel: {{close: first_order}}\n", "utf-8")
    with pytest.raises(ConfigError, match=word):
        read_config(path)
