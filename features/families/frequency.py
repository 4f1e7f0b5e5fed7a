"""Frequency: how often the lead was called, how often it answered, and for how long it talked.

*Answered* means connected: a person, a switchboard or a fax picked up.
"""

from features.feature import Condition, Feature, by_rule, windowed

_CONNECTED = (Condition("is_connected", True),)
_INBOUND = (Condition("direction", "inbound"),)
_HUNG_UP = (
    "as the log says; where it does not say who hung up, a rule tells it, not a record: the customer is "
    "taken to have if an answered call took at most 5 seconds or its last words are the customer's refusal",
    "以日志为准；日志未记挂断方时按规则推断，并非记录的事实：接通后5秒内结束或以客户拒绝结束的通话视为客户挂断",
)
_STATUS = (
    "as the log says; where it has no status, a rule hears it in the transcript: with a menu or an extension "
    "the call is a switchboard, with a mailbox's greeting voicemail, else answered where the customer speaks",
    "以日志为准；日志无状态时按规则由通话文本推断：有语音菜单或分机提示的为总机，有留言提示的为语音信箱，客户有说话的为接通",
)

FREQUENCY: tuple[Feature, ...] = (
    *windowed("calls", (7, 30, 90, None), "calls", None, "count", "calls", "calls", "通话次数"),
    *windowed(
        "answered_calls",
        (7, 30, 90, None),
        "calls",
        None,
        "count",
        "calls",
        "connected calls",
        "接通次数",
        _CONNECTED,
    ),
    *windowed(
        "inbound_calls",
        (30, 90, None),
        "calls",
        None,
        "count",
        "calls",
        "calls from the customer",
        "客户来电次数",
        _INBOUND,
    ),
    *windowed(
        "answered_share",
        (90, None),
        "calls",
        "is_connected",
        "mean",
        "share",
        "share of calls that connected",
        "接通率",
    ),
    *windowed(
        "no_answer_calls",
        (None,),
        "calls",
        None,
        "count",
        "calls",
        "calls that rang out",
        "无人接听次数",
        (Condition("status", "no_answer"),),
    ),
    *windowed(
        "dead_number_calls",
        (None,),
        "calls",
        "is_dead_number",
        "sum",
        "calls",
        "calls to a number that is off, suspended or empty",
        "关机、停机或空号次数",
    ),
    *windowed(
        "talk_s",
        (30, 90, None),
        "calls",
        "duration_ms",
        "sum",
        "s",
        "seconds of connected calls",
        "接通时长（秒）",
        _CONNECTED,
        1000,
    ),
    *windowed(
        "mean_talk_s",
        (90, None),
        "calls",
        "duration_ms",
        "mean",
        "s",
        "mean length of connected calls, seconds,",
        "平均接通时长（秒）",
        _CONNECTED,
        1000,
    ),
    *windowed(
        "max_talk_s",
        (None,),
        "calls",
        "duration_ms",
        "max",
        "s",
        "longest connected call, seconds,",
        "最长接通时长（秒）",
        _CONNECTED,
        1000,
    ),
    *windowed(
        "call_s",
        (30, None),
        "calls",
        "duration_ms",
        "sum",
        "s",
        "seconds of calls",
        "通话时长（秒）",
        (),
        1000,
    ),
    *windowed(
        "agents", (None,), "calls", "agent_id", "n_unique", "agents", "agents who called", "跟进坐席数"
    ),
    *windowed(
        "call_days", (90,), "calls", "local_day", "n_unique", "days", "days with a call", "有通话的天数"
    ),
    *windowed(
        "call_activities", (None,), "calls", "activity", "n_unique", "kinds", "kinds of calls", "通话类型数"
    ),
    *by_rule(
        windowed(
            "quick_hangups",
            (None,),
            "calls",
            "is_quick_hangup",
            "sum",
            "calls",
            "calls the customer hung up within 5 seconds",
            "客户5秒内挂断次数",
        ),
        *_HUNG_UP,
    ),
    *by_rule(
        windowed(
            "customer_hangup_share",
            (None,),
            "calls",
            "is_customer_hangup",
            "mean",
            "share",
            "share of connected calls that the customer ended",
            "客户先挂断占比",
            _CONNECTED,
        ),
        *_HUNG_UP,
    ),
    Feature(
        "unanswered_run",
        "calls",
        "is_unreached",
        "trailing_run",
        "calls",
        "latest calls in a row that did not connect",
        "最近连续未接通次数",
    ),
    *by_rule(
        (
            Feature(
                "last_call_status",
                "calls",
                "status",
                "last",
                "",
                "status of the latest call attempt",
                "最近一次呼叫状态",
                kind="category",
            ),
        ),
        *_STATUS,
    ),
    Feature(
        "last_call_direction",
        "calls",
        "direction",
        "last",
        "",
        "direction of the latest call",
        "最近一次通话方向",
        kind="category",
    ),
    Feature(
        "last_call_activity",
        "calls",
        "activity",
        "last",
        "",
        "what the latest call was for",
        "最近一次通话类型",
        kind="category",
    ),
    *by_rule(
        (
            Feature(
                "status_last_connected_call",
                "calls",
                "status",
                "last",
                "",
                "status of the latest connected call",
                "最近接通通话的状态",
                where=_CONNECTED,
                kind="category",
            ),
        ),
        *_STATUS,
    ),
    *by_rule(
        (
            Feature(
                "hung_up_by_last_call",
                "calls",
                "hung_up_by",
                "last",
                "",
                "who ended the latest connected call",
                "最近接通通话的挂断方",
                where=_CONNECTED,
                kind="category",
            ),
        ),
        *_HUNG_UP,
    ),
    Feature(
        "talk_s_last_call",
        "calls",
        "duration_ms",
        "last",
        "s",
        "length of the latest connected call, seconds",
        "最近接通时长（秒）",
        where=_CONNECTED,
        per=1000,
    ),
)
