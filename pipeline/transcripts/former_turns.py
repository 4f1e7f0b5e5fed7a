"""Turns as the second and third version of the rules told them, for scorers taught so: never changed."""

import polars as pl

from pipeline.transcripts.reader import Account, ReadCalls

_CUSTOMER = "客户|客戶|顾客|顧客|用户|用戶|customer|client|caller|user|lead"
_OURS = "坐席|座席|客服|销售|銷售|业务员|機器人|机器人|agent|robot|bot|rep|sales|operator"
_MARK = rf"(?i)^\s*(?:(?<customer>{_CUSTOMER})|(?<ours>{_OURS}))\s*\d*\s*[:：]"


def read_by_former_rules(transcripts: pl.DataFrame, version: int) -> ReadCalls:
    r"""Every line has a side: that of the label before it, the customer's where there is none.

    Args:
        transcripts: ``call`` and ``text``.
        version: of the rules; the second did not know a carriage return for a line's end.

    Example:
        >>> calls = pl.DataFrame({"call": [1], "text": ["agent: hello\ncustomer: how much"]})
        >>> read_by_former_rules(calls, 3).turns.select("ours", "said").rows()
        [(True, 'hello'), (False, 'how much')]
    """
    text = pl.col("text").fill_null("")
    if version > 2:
        text = text.str.replace_all("\r", "\n", literal=True)
    lines = transcripts.select("call", text.str.split("\n").alias("line"))
    marks = lines.explode("line").with_columns(pl.col("line").str.extract_groups(_MARK).alias("mark"))
    ours = (
        pl.when(pl.col("mark").struct.field("ours").is_not_null())
        .then(True)
        .when(pl.col("mark").struct.field("customer").is_not_null())
        .then(False)
    )
    turns = marks.select(
        "call",
        ours.forward_fill().over("call").fill_null(False).alias("ours"),
        pl.col("line").str.replace(_MARK, "").str.strip_chars().alias("said"),
    )
    return ReadCalls(turns.filter(pl.col("said") != ""), transcripts.select("call").head(0), Account())
