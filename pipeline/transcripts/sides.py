"""Sides: which of two speakers is ours, where their labels do not say so.

Who opens the call with a greeting and a question, introduces a company, says ``您`` and calls the other by
name is ours; who asks who is calling, what it costs, or declines, is the customer. A call's own words tell
it where they are plain. A label such as ``A`` that names nobody is besides looked at over the whole log:
where
it is the same side in nearly all calls that tell, it is so in those that do not, and a call whose words say
the opposite is not read.
"""

from collections.abc import Iterable, Mapping

import polars as pl

from pipeline.transcripts.label_styles import DIALLED, is_generic

# Plain enough: on the calls to tune by no call is told the wrong way round from well below this on.
PLAINLY = 3.5
# A label has a side over the log where so many calls tell it, and nearly all alike.
CALLS_THAT_TELL, ALIKE = 20, 0.95

_WORD = r"(?-u:\b)"
_OURS = {
    r"我是[做搞].{1,12}的|我是.{0,12}(?:公司|中心|银行|保险|平台|机构|组委会|贷款).{0,6}的"
    r"|[给給]您介[绍紹]": 2.0,
    r"我是.{0,6}(?:顾问|專員|专员|客服|老师|老師|助理|助手|经理)": 1.5,
    r"[这這][边邊里裡]是|[这這][边邊]提供|我[这這]边是|我們這|我这边|呢邊係|我哋係": 2.5,
    r"我们是|我們是": 1.5,
    rf"(?i){_WORD}this is (?:the|\w+ (?:from|at|with)|about)|on behalf of": 2.5,
    rf"(?i){_WORD}calling (?:you )?(?:about|from|on behalf|to|regarding)|{_WORD}my name is": 2.5,
    r"您": 1.5,
    r"请问|請問|想[请請]?[问問]": 0.7,
    r"(?:方便|占用).{0,6}(?:吗|嗎|说|講|聊|倾|傾|接)|有兴趣|有興趣|感兴趣|感興趣|了解一下|您可以": 1.2,
    r"想請你|得唔得閒|想唔想|好唔好？": 1.2,
    r"祝您|打扰|打擾|恭喜|唔阻你|抱歉|稍后": 1.2,
    rf"(?i){_WORD}(?:would you|are you (?:still|looking|planning|using|the|happy|interested))": 1.2,
    rf"(?i){_WORD}(?:do you (?:have|run|need|own|currently|use)|have you (?:heard|thought|considered"
    rf"|got))": 1.2,
    rf"(?i){_WORD}(?:may i|could i|am i speaking|can i (?:ask|speak|take|interest)|we (?:have|offer|can"
    rf"|could|do))": 1.2,
    rf"(?i){_WORD}you (?:asked|enquired|requested|could|filled)|sorry to (?:have )?(?:troubled"
    rf"|bothered)": 1.2,
    rf"(?i){_WORD}your (?:contract|policy|account|plan)": 1.2,
    r"(?:先生|女士|小姐|太太|[总總姐哥])[，,您好]|(?:speak (?:to|with)|hello|hi),? (?:Mr|Mrs|Ms|Miss"
    r"|Dr)\.? [A-Z]": 1.0,
}
_THEIRS = {
    r"(?i)^(?:喂+|喂[，,]?你好|hello|yes|hi|speaking|早晨)[?？。.!！]*$": 2.0,
    r"[你您]们?是(?:谁|哪|做|干|不是|机器)|你們?是(?:誰|哪|做|幹|不是|機器)|[你您]哪[里裡位]"
    r"|^哪[里裡位]": 2.5,
    r"[你您]谁|你[边邊係]邊|邊位|您?[那这]边(?:是哪|是做|什么)|怎么(?:知道|有)我": 2.5,
    r"從哪|从哪.{0,4}(?:我|号码|电话)|邊度攞|打[错錯挫]|别再?打|別再?打|投[诉訴]": 2.5,
    r"(?i)who(?:'s| is| are) (?:this|calling|you|it)|(?:where|how) did you get|wrong number": 2.5,
    r"(?i)stop calling|(?:don'?t|not) call|take me off": 2.5,
    r"不需要|不用了|没兴趣|沒興趣|冇興趣|没性趣|没空|[在很]忙|在开[会车扯]|不考虑|不想要|不贷款": 2.0,
    r"(?i)not interested|no,? thanks?|i'?m (?:fine|busy|driving|at work)": 2.0,
    r"多少[钱錢]|多哨钱|幾多|怎[么麼](?:收费|收費|算|卖|賣)|[太好]贵|便宜|有没有优惠": 2.0,
    r"(?i)how much (?:is|does|would|less|will|for)": 2.0,
    r"(?i)what(?:'s| is| would| does| do| will)?[^?]{0,24}(?:cost|price|premium|pay|charge)": 2.0,
    r"(?i)^(?:我(?:已经|已經|不|没|沒|在|自己|家|跟|都|们|們|早)|嗯|恩|哦|好[的吧]?$|行|对|對"
    r"|是[的阿啊])": 0.8,
    r"^(?:没有|沒有|冇|有[的啊呀]?)": 0.8,
    r"(?i)^(?:yes|no\b|yeah|ok|okay|not|i'?m|i am|i have|i don'?t|i already|depends)": 0.8,
    # What somebody says who wants something of us.
    r"我[想要](?:问|問|咨询|了解|查|取消|改|约)|帮我|幫我|你们(?:还|有|那|的|这|系统|家)|您那边"
    r"|您这边(?:是|做|什么|几)": 3.0,
    r"我是.{0,4}(?:业主|車主|车主|妈妈|爸爸|媽媽|家长|家長|朋友|老公|太太|客户)|什么时候(?:来|到|发)": 3.0,
    r"(?i)i(?:'d| would) like to|i want to|i(?:'m| am) calling (?:to ask|because|about the)|i (?:saw|have "
    r"a question)": 3.0,
    r"(?i)\bmy (?:order|policy|account|booking|appointment)": 3.0,
}
_QUESTION = r"(?i)[?？]|吗|嗎|请问|請問|呢|呀$"
_GREETING = r"(?i)您好|你好|hello|\bhi\b|good (?:morning|afternoon|evening)|先生|女士|喂，|早上好|下午好"
_CUSTOMER_NAME = r"(?i)(?:先生|女士|小姐|太太|阿姨|叔叔?|[总總])$|^(?:mr|mrs|ms|miss|dr)\b"


# How many calls tell by their words that a label is the ``agent``'s or the ``customer``'s; the others:
# ``untold``.
Evidence = dict[str, int]


def told_by_words(turns: pl.DataFrame, log: Mapping[str, str]) -> pl.DataFrame:
    """The sides of calls of two speakers.

    Args:
        turns: ``call``, ``label`` and ``said`` of calls with two labels each, in order.
        log: labels whose side is known over the whole log, from ``sides_over_log``.

    Returns:
        ``call``, ``label``, ``own`` (the side that the call's own words tell, if any) and ``side`` (what
        is to be
        taken; none where nothing is plain, or the call contradicts the log).
    """
    scores = _scores(turns)
    other = pl.col("score").sum().over("call") - pl.col("score")
    ahead = pl.col("score") - other
    own = pl.when(ahead >= PLAINLY).then(pl.lit("agent")).when(ahead <= -PLAINLY).then(pl.lit("customer"))
    known = pl.col("label").replace_strict({**DIALLED, **log}, default=None, return_dtype=pl.String)
    told = scores.select("call", "label", own.alias("own"), known.alias("known"))
    by_other = _opposite(pl.col("known").drop_nulls().first().over("call"))
    agreed = pl.col("known").drop_nulls().n_unique().over("call") == pl.col("known").count().over("call")
    logged = pl.when(agreed).then(pl.coalesce("known", by_other))
    clash = (pl.col("own") != pl.col("logged")).fill_null(False)
    return told.with_columns(logged.alias("logged")).select(
        "call", "label", "own", pl.when(~clash).then(pl.coalesce("own", "logged")).alias("side")
    )


def _opposite(side: pl.Expr) -> pl.Expr:
    return pl.when(side == "agent").then(pl.lit("customer")).when(side == "customer").then(pl.lit("agent"))


def _scores(turns: pl.DataFrame) -> pl.DataFrame:
    """How much each speaker of a call speaks as we do: ``call``, ``label``, ``score``."""
    said = pl.col("said")
    cues = pl.sum_horizontal(
        *(said.str.contains(cue).cast(pl.Float64) * weight for cue, weight in _OURS.items()),
        *(said.str.contains(cue).cast(pl.Float64) * -weight for cue, weight in _THEIRS.items()),
    )
    place = pl.int_range(pl.len()).over("call")
    long = said.str.len_chars() >= pl.when(said.str.contains(r"\p{Han}")).then(9).otherwise(24)
    opens = (place < 3) & long & said.str.contains(_QUESTION) & said.str.contains(_GREETING)
    first = opens & (opens.cast(pl.Int64).cum_sum().over("call") == 1)
    length = said.str.len_chars()
    told = turns.with_columns((cues + first.cast(pl.Float64) * 2.5).alias("cue"), length.alias("length"))
    by_speaker = told.group_by("call", "label", maintain_order=True).agg(
        pl.col("cue").sum(), pl.col("length").mean().alias("length")
    )
    share = (pl.col("length") / pl.col("length").sum().over("call")).fill_nan(0.5)
    named = pl.col("label").str.contains(_CUSTOMER_NAME).cast(pl.Float64) * -2.0
    return by_speaker.select("call", "label", (pl.col("cue") + (share - 0.5) * 3.0 + named).alias("score"))


def tally(told: pl.DataFrame) -> dict[str, Evidence]:
    """How often each label that names nobody is told by a call's own words."""
    counted = told.group_by("label", pl.col("own").fill_null("untold")).len()
    found: dict[str, Evidence] = {}
    for label, own, calls in counted.sort("label", "own").rows():
        if is_generic(label):
            found.setdefault(label, _none())[own] = calls
    return found


def _none() -> Evidence:
    return {"agent": 0, "customer": 0, "untold": 0}


def added(tallies: Iterable[Mapping[str, Evidence]]) -> dict[str, Evidence]:
    """The tallies of parts of a log as one of the whole.

    Example:
        >>> part = {"a": {"agent": 1, "customer": 1, "untold": 0}}
        >>> added([part, part])
        {'a': {'agent': 2, 'customer': 2, 'untold': 0}}
    """
    whole: dict[str, Evidence] = {}
    for part in tallies:
        for label, count in part.items():
            sum_ = whole.setdefault(label, _none())
            for name in ("agent", "customer", "untold"):
                sum_[name] += count[name]
    return dict(sorted(whole.items()))


def sides_over_log(evidence: Mapping[str, Evidence]) -> dict[str, str]:
    """The labels that are one side over a whole log.

    Example:
        >>> sides_over_log({"a": {"agent": 98, "customer": 2}, "b": {"agent": 9, "customer": 91}})
        {'a': 'agent'}
    """
    found: dict[str, str] = {}
    for label, count in evidence.items():
        calls = count["agent"] + count["customer"]
        side = "agent" if count["agent"] >= count["customer"] else "customer"
        if calls >= CALLS_THAT_TELL and count[side] >= ALIKE * calls:
            found[label] = side
    return found
