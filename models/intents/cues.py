"""What turns ask for or answer besides their family, and the fragments that patterns share: written by hand."""

CueWords = tuple[str, ...]

FRAGMENTS: dict[str, str] = {
    # A yes that opens a clause, and what may stand between it and the deed that it agrees to.
    "agreed": "(?:^| )(?:<fill>)*(?:好|行|可以|没问题|嗯|恩|ok|okay|成|当然)(?:<fill>|<day>|<deed>|好|行|可以|没问题|嗯|ok)*",
    "deed": "们|咱|一定|肯定|会|能|要|愿意|直接|自己|开车|打车|带[^ ]{1,4}|一起|一块|准时|按时|过|上门|到店|开完会|忙完|派人|人|帮|给|替|把|先|来",
    "day": "今天|今晚|明早|明天|明晚|后天|上午|下午|早上|晚上|中午|傍晚|周末|(?:这个?|下个?)?(?:周|星期|礼拜)[一二三四五六日天末]|[0-9一二两三四五六七八九十]+(?:点半?|号|日|月)|到时候?",
    "put_off": "(?:改天|改日|以后|下次|下回|回头|等?有(?:空|时间|机会|需要|需求)|过(?:几天|段时间|一?阵))[^ ]{0,4}(?:约|来|去|见|安排|参加|报名|登记|过)|再(?:约|来|去|安排|参加|报名|过)",
    "taken_up": "我们?约了|约了(?:人|客|朋友|别|医|其他|老师|同)|有个?约|约会|(?:参加|报名|安排|登记)(?:过|了)|已经?(?:约|报|安排)|到(?:家|公司|店|单位|站|楼下)了",
    "you": "你们?|您们?|贵公司|咱们?|那边|这边",
    "number": "电话|号码|手机|手机号|联系方式|信息|资料|名字|姓名",
    "very": "很|太|挺|蛮|好|特别|非常|那么|这么|真|实在|有点|有些",
    "later": "等会|等一会|待会|呆会|一会儿?|回头|改天|改日|改时间|下次|下回|晚点|晚些|晚一点|迟点|迟些|过几天|过两天"
    "|过段时间|过阵子|过一阵|过会|过一会|明天|后天|下午|晚上|中午|下班|下周|下个?礼拜|下个?星期|周末|有空|有时间|空了|等我|以后|到时候?",
    "fill": "嗯|啊|哦|噢|喔|呃|额|哎|诶|唉|嘛|呢|吧|呀|哈|哇|那|就|也|都|的|了|我|你|您|这个|那个| ",
    "yes": "好的|好吧|好啊|好呀|好嘞|好好|好滴|好哒|好|行吧|行啊|行行|行|可以|没问题|没得问题|没有问题|没事|没关系|对的|对啊|对呀|对对|对|是的|是啊|是呀"
    "|是是|是|知道|明白|了解|清楚|懂|晓得|收到|记住|记得|正确|没错|没有错|不错|确定|确实|当然|肯定|必须|需要|要的|要|想要|愿意|同意|有的|有啊|有|ok|okay"
    "|会的|会|能|得|成|中|妥|弄好|办好|搞定|搞好|准备好|接受|答应|差不多|应该是|就是|就这样|应该|本人|没毛病|可以的|行的|使得|嗯嗯",
    "when": "什么时候|啥时候|什么时间|啥时间|什么日子|何时|几点|几号|哪一?天|哪个?月|哪一?年|几月|周几|星期几|礼拜几|多会儿?|多少号|多早",
    "where": "在哪|哪里|哪儿|什么地方|啥地方|哪个地方|什么位置|地址|位置|哪个(?:城市|省|区|县|市)",
}

# What a turn asks for besides its family.
CUES: dict[str, tuple[CueWords, CueWords]] = {
    "asked_sms": (
        (
            "(?:发|来|传|给)(?:我|个|条|一?个|一?条|到我?)*(?:的)?(?:手机)?短信|短信(?:资料)?(?:给我|发|联系|上|通知|说|过来)|资料短信|发(?:到)?(?:我)?手机(?:上|里)|短信(?:发|给)",
            r"\b(?:text me|send (?:me )?(?:a |an |it by )?(?:text|sms|message)|by (?:text|sms))\b",
        ),
        (
            "(?:别|不要|不用|不需要|勿|甭|没|没有)(?:再|给我?|你|您)*(?:发|来|收到)[^ ]{0,5}短信|短信(?:骚扰|轰炸)|(?:don t|do not|stop|no) [a-z ]*(?:text|sms)",
        ),
    ),
    "asked_wechat": (
        (
            "(?:加|添加|扫)(?:你|您|我|一?下|个|一个|的)*(?:的)?(?:微信|vx|wx)|微信(?:上)?(?:聊|说|联系|发|谈|沟通|号?(?:就)?是|加|给我|同号|资料)|(?:发|传)(?:到)?(?:我)?(?:的)?微信|wechat|whatsapp",
        ),
        (
            "(?:别|不要|不用|不想|不需要|没|没有|不)(?:再|给我?|你|您|用)*(?:加|发|上|有)?[^ ]{0,3}微信|(?:don t|do not|no) [a-z ]*(?:wechat|whatsapp)",
        ),
    ),
    "invites": (
        (
            "邀请|邀约|参加|预约|约(?:个|您|你|一下)?(?:时间|见|面)?|报名|上门|拜访|见面|到店|来店|试听|试驾|体验|参观|看样|演示|讲座|活动现场|面谈|登记一下|安排人|给您留个?(?:位|名额)|方便过来|加您?个?微信|来我们",
            r"\b(?:invite|appointment|schedule|book (?:a|you)|come (?:by|to|and)|visit|demo|join us|attend|meet(?:ing)? with|sign you up)\b",
        ),
        (),
    ),
    # An appointment or an offer that is taken, by its deed: a yes alone may be a goodbye.
    "accepts": (
        (
            "<agreed>(?:去|来|到)(?:$| |的|吧|啊|呀|哈|看(?:看|样|房|车|店|展)?(?:$| |吧|的)|试|参|体验|店|你|您|那|找|面|谈|公司|现场|一趟)",
            "<agreed>(?:参加|报名|预约|登记|安排|约|见(?:个|一)?面|面谈|当面)|<agreed>(?:加(?:我|你|您|一?下|个|一个|的)*(?:微信|好友)|(?:你们?|您)(?:<fill>|<day>|把[^ ]{1,6})*(?:发|寄|送|传)(?:给我|我|过来|到我))",
            "(?:<day>|店里?|门口|现场|公司|你们?那边?|那边|这边)见(?:$| |面|吧|啊|哈|了)|就约|约(?:个|在|到|好)|安排(?:人|吧|一下|个)|我(?:会|要|想|愿意)?(?:参加|去|来|报名)(?:$| |的|吧)",
            "(?:帮|给|替)我(?:登记|报名|预约|安排|约|留(?:$| |吧|个?名额|个?位|个?座))|我们?(?:<day>|会|一定|肯定|就)*(?:准时|按时|(?:过去|过来|到)(?:$| |的|吧|店|你))",
            r"\b(?:sign me up|book me|i(?: ll| will| can| d love to) (?:come|be there|attend|join)|let s (?:meet|schedule|set)|count me in|see you (?:then|there|on|at|tomorrow|tonight|this|next|monday|tuesday|wednesday|thursday|friday|saturday|sunday))\b",
            r"\b(?:yes|ok|okay|sure|fine|alright|great|yeah) (?:please |you can |then |just )*(?:add me|send (?:it|me|that|them)|come (?:over|by)|book it|schedule it)\b",
        ),
        (
            "不(?:参加|去|来|约|用|安排|报名|想|要|需|行|预约|方便|可以)|没(?:空|时间|兴趣)|别|算了|吗$|怎么|什么|don t|can t|not "
            "|<put_off>|<taken_up>|我们?(?:这边|先|来|自己|让人)*安排"
            r"|come back|be there for|be there with my|join (?:my|another)|(?:some|an)other (?:time|day)|some ?day|one day|maybe",
        ),
    ),
    # A goodbye, an errand, or a day that never comes: whoever says so agrees to nothing but to end the call.
    "leaves": (
        (
            "再见|再会|拜拜|掰掰|(?:^| |好|的|嘞|了)拜(?:$| |了)|(?:回|回头|下次|改天)见|晚安|8 ?8 ?6$|88$|(?:先|就|我)?挂(?:了|断|电话|吧|啦)|先(?:这样|挂|忙|走|不说|不聊)|那就这样(?:吧|了|啊)?$|(?:您|你|去)忙|祝(?:您|你)|失陪",
            "开会|开车|开着车|上班|上课|(?:去|来|要|先|得|在|正|正在|还在)(?:接(?:孩子|小孩|娃|人|个?电话|客)|送(?:孩子|小孩|娃|人|货)|吃饭|做饭|睡觉|出差|办事|忙|洗|买菜|赶|取|拿|外面|路上|医院|工地|机场|车站|厕所|加班|登机)|出门|出去|办(?:点|个)?事|路上|(?:快递|外卖|电梯|老板|领导|经理|客人|客户|顾客|同事|孩子|有人|车|地铁|公交)(?:来|到|叫|找)|来[^ ]{1,3}了|电话(?:进来|来了)|回聊|我先(?:下|撤)|开个?会|接(?:孩子|小孩|娃)|去(?:问|查|拿|取)|(?:叫|喊)我|信号不|<put_off>|<taken_up>",
            r"\b(?:good ?bye|bye|see ya|cya|take care|good night|hang(?:ing)? up|see you(?: later| around| soon)?$|(?:have|need|got|gotta) (?:to )?(?:go|run|hop|leave)(?: off| now)?(?:$| sorry| bye| thanks?| i )|(?:gotta|got to) (?:go|run|hop)|have a (?:good|nice|great)|talk (?:to you )?(?:later|soon)|catch you later|driving|(?:in|to|into) (?:a|another|my) (?:meeting|call)|at work|picking up|on (?:the|my) (?:road|way (?:to|out|home)))\b",
        ),
        # Who fixes the time before going has agreed to it.
        ("<day>(?:吧|可以|行|没问题|见|去|来|过去|过来|到)|(?:开车|开完会)[^ ]{0,4}(?:去|来|到)",),
    ),
    "declines": (
        (
            "(?:不|先不|暂不|就不|别|不用|不想|不要|先别|没法|没办法|不能|无法)(?:太|再|用|想|要|给我?)*(?:约|参加|去|来|安排|预约|登记|报名|过去|见面|上门)(?:$|[^越])|(?:参加|预约|约|安排|登记|报名|见面|活动|上门|拜访|去|来)[^ ]{0,4}(?:算了|免了|不用|不必|不了)|去不了|来不了|参加不了|到不了",
            r"\b(?:don t|do not|can t|cannot|won t|not) (?:want to |wish to |be able to )?(?:come|attend|join|meet|schedule|book)\b|no (?:appointment|meeting|visit|demo)",
        ),
        ("不去(?:吗|行)|来不来|去不去|参不参加",),
    ),
    "switchboard": (
        (
            "总机|分机号?|请(?:直)?拨(?:打)?(?:分机|零|0|[1-9])|查号请|转(?:接)?人工(?:服务)?请按|欢迎致电|欢迎拨打|按(?:零|0|[1-9])(?:转|键)|前台|请按(?:零|0|[1-9一二三四五六七八九])",
            r"\b(?:switchboard|extension|press (?:\d|one|two|zero)|operator|thank you for calling|front desk|reception(?:ist)?)\b",
        ),
        (),
    ),
}
