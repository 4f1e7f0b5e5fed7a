"""What turns ask for or answer besides their family, and the fragments that patterns share: written by hand."""

CueWords = tuple[str, ...]
Rules = tuple[tuple[str, CueWords, CueWords], ...]

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
    "yes": "好啦|可以啦|行啦|好的|好吧|好啊|好呀|好嘞|好好|好滴|好哒|好|行吧|行啊|行行|行|可以|没问题|没得问题|没有问题|没事|没关系|对的|对啊|对呀|对对|对|是的|是啊|是呀"
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
            r"\b(?:text (?:me|it|that|them)\b|send (?:me )?(?:a |an |it by |that by )?(?:text|sms|message)|by (?:text|sms)|as a text)\b",
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
    # Our invitation to a next step: a visit, a trial, an appointment, a sign-up, a call of an expert. Whether somebody is
    # interested, a text and what was agreed already are none.
    "invites": (
        (
            "邀请|邀约|参加|预约|约(?:个|您|你|一下|在|下|这|师傅|老师|明|周|星期|今)|约[^ ]{0,4}(?:时间|见|面)|报名|上门|拜访|见面|到店|来店|试听|试驾|试课|试镜|体验(?:一下|吧|好|可以| )|过来(?:体验|看|参观|试|吗|做|办|聊|坐|了解|面试|一趟|$| )|参观|看样|(?:给|为)?(?:您|你)?(?:线上|当面|现场)?演示|讲座|活动现场|面谈|面试|登记(?:一下|吗|好|$| )|安排(?:人|一位|个|师傅|老师|经理|招展|设计师|顾问|专家|专员|一次|一个|同事)|留个?(?:名额|位|座)|方便过来|加(?:您|你|一下|个|下)?(?:的)?(?:个)?微信|来我们|(?:请|想|欢迎)(?:您|你)[^ ]{0,6}(?:来|到|过来|做|参加)|来(?:展厅|校区|店里?|公司|门店|现场|馆|中心|试|看|做|一趟|坐)|(?:去|到)(?:您|你)(?:们)?(?:家|公司|那|府|单位)|(?:您|你)[^ ]{0,8}(?:过来|来店|到店|到场)|(?:经理|老师|师傅|设计师|顾问|专家|专员)[^ ]{0,8}(?:上门|联系您|联系你|回电|打给您|给您打|去现场|过去|拜访|当面|量)|(?:帮|给|替)(?:您|你)(?:先)?(?:登记|预约|报名|约|留|订|安排|办|开通|申请|改到|定)|当面(?:讲|谈|聊|说)|book一?个?|demo|test drive|placement test|开户|下单(?:吗|好|吧)|星期[一二三四五六日天]上来|上来",
            r"\b(?:invite|appointment|schedule (?:a|an|you|your|it|for)|book (?:a|you|in|your|it|one)|come (?:by|to|and|in|over|round|down|along)|visit|demo|join us|attend|meet(?:ing)? (?:with|up)|sign you up|(?:shall|should|can|could|may|let me|i ll|want me to|like me to|i can) (?:i |we )?(?:save|reserve|hold|switch|set|start|book|put|arrange|send (?:an?|our|the) (?:engineer|surveyor|specialist|technician|man)|pencil|enrol|enroll|register|sign|open|have (?:an?|our|one|the) \w+ (?:call|ring|visit|come)|get (?:an?|our) \w+ to)|test drive|open (?:day|house)|(?:would you|do you want to|care to|you could|why don t you) (?:like to |care to )?(?:come|join|attend|visit|try|move to|sign|register|pop|drop|stop|book|see (?:it|the)|meet))\b|(?:free )?(?:trial|consultation|survey|viewing|inspection|fitting|tour)\b",
        ),
        (
            "(?:有|感)(?:没有)?兴趣|想(?:要)?(?:先)?(?:了解|听)|(?:要不要|想不想|可以)(?:先)?(?:了解|听)|(?:体验|预约|参加|来|报名|登记|面试|试听|邀请|约)过|(?:预约|报名|参加|登记|咨询)的|上次(?:来|约)|已经(?:给|帮|为)(?:您|你)?[^ ]{0,3}(?:登记|约|安排|报|留)|还没有?到|(?:发|送)(?:个|条|份|您)?[^ ]{0,3}(?:短信|资料)|登记(?:表|处|的)|等您|怎么样了|您贵姓|(?:您|你)(?:之前|以前)|不打扰|^(?:好的|没问题|行|好)(?: |的)",
            r"\b(?:interested in hearing|hear more|you (?:booked|asked|signed|joined|attended|visited|came)|text you|send you (?:the|a) (?:brochure|link|text|details|leaflet)|since you|thank(?:s| you)|see you|look forward|sorry|great|no problem|of course)\b",
        ),
    ),
    # Our question: the customer's next turn answers it. A greeting that asks who is there is one, too.
    "asks": (
        (
            "吗|么(?:$| )|呢(?:$| )|(?:对|是|好|行|可以)吧(?:$| )|吧$|(?:好|行|可|要|是|有|能|方|想|得|会|愿|来|去|需|在|喜)(?:不|没|冇)(?:好|行|可|要|是|有|能|方|想|得|会|愿|来|去|需|在|喜)|多少|几(?:个|点|号|年|岁|位|层|次|天|时)|什么|怎么|怎样|如何(?:$| )|哪|谁|还是|多久|多大|好冇|是否|能否|怎么样",
            r"\b(?:can|could|may|shall|should|would|will|do|does|did|are|is|was|were|have|has|what|when|where|which|who|how|why|any|am) (?:i|we|you|it|this|that|there|the|your|he|she|they|a|an|much|many|long|about|time|kind|one|anyone|someone|mr|mrs|ms|planning|interest\w*|to)\b",
        ),
        ("什么(?:都|问题)?(?:可以|都行)|随时|欢迎|再见|打扰(?:您|你)?了|祝(?:您|你)|就知道怎么",),
    ),
    # A question of ours that wants yes or no.
    "asks_whether": (
        (
            "吗|(?:对|是|好|行|可以)?吧(?:$| )|(?:好|行|可|要|是|有|能|想|得|会|愿|来|去|需|在)(?:不|没|冇)(?:好|行|可|要|是|有|能|想|得|会|愿|来|去|需|在)|好冇|是否|能否|方不方便|么(?:$| )|过来(?:做|看)?[^ ]{0,4}$|一下$",
            r"\b(?:can|could|may|shall|should|would|will|do|does|did|are|is|was|were|have|has|am) (?:i|we|you|it|this|that|there|the|your|he|she|they|anyone|someone|my)\b",
        ),
        (
            "还是[^ ]{1,}(?:呢|$)|多少|几(?:个|点|号|年|岁|位|层|次|天)|什么(?:时候|地方|样)|哪(?:个|里|位|方面|块|家|边|类|种)|谁|怎么样|为什么",
            r"\b(?:what|when|where|which|who|how|why)\b",
        ),
    ),
    # A question of ours that asks who is there or whether they can talk: its answer is no reply of substance.
    "opens": (
        (
            "方便(?:说话|讲话|接|聊|讲|听|通话|倾)|(?:说话|讲话|接电话|通话|聊)(?:方便|吗)|占用|耽误|打扰(?:您|你)?[^ ]{0,3}(?:一|两|几)?分钟|(?:一|两)分钟|(?:说|讲|聊|倾)(?:两|几|一|下)(?:句|下|聊)|(?:有空|得闲|方便)(?:聊|讲|听|说)|(?:请问|是|您是|你是)[^ ]{0,14}(?:先生|女士|小姐|太太|家长|业主|负责人|负责[^ ]{0,4}的|老板|本人|机主|经理|妈妈|爸爸|车主|主管|会计)(?:吗|么|吧|呀|$| )|贵姓|怎么称呼|认识[^ ]{1,4}(?:先生|女士)",
            r"\b(?:am i (?:speaking|talking)|(?:speaking|talking) (?:to|with)|is (?:this|that) (?:mr|mrs|ms|miss|the|dr)|may i (?:speak|talk)|can i (?:speak|talk)|have (?:a|one|two|five) (?:moment|minutes?|second)|got (?:a|one|two) (?:moment|minutes?|second)|(?:good|convenient|bad) (?:time|moment)|(?:free|able|ok|okay) to (?:talk|speak|chat)|are you the (?:owner|person|manager|parent|one))\b",
        ),
        (),
    ),
    # Our question whether they need or want it: a bare no refuses.
    "offers": (
        (
            "(?:需要|要不要|想要|要|需不需要|想不想|用不用)[^ ]{0,12}(?:吗|么|嘛|呢)(?:$| )|(?:要不要|需不需要|想不想|用不用)[^ ]",
            r"\b(?:do|would|will|did) you (?:\w+ )?(?:need|want|like|require|fancy|care)\b|\b(?:are you|would you be) (?:\w+ )?interested\b",
        ),
        (
            "朋友|别人|身边|家人|父母|有[^ ]{0,10}(?:需要|需求)|(?:需要|需求)[^ ]{0,3}(?:多少|什么|哪)|(?:想|要)(?:问|确认|核实)|用到",
        ),
    ),
    # A bare no, which is a refusal where something was offered.
    "bare_no": (
        (
            "^(?:<fill>)*(?:没有|没|不|没得|不了|冇)(?:<fill>|没有|没|不|谢谢| )*$",
            r"^(?:no|nope|nah|no sorry|not really)(?: (?:no|sorry|thanks?|thank you))*$",
        ),
        (),
    ),
    # How one picks up the telephone.
    "picks_up": (
        (
            "^(?:喂|你好|您好| )*(?:请问)?(?:是)?(?:哪位|谁)(?:啊|呀|呢|找)?$",
            r"^(?:hello |hi )?who(?: is|s) (?:this|it|that)$",
        ),
        (),
    ),
    # No leave to speak.
    "forbids": (
        ("^(?:<fill>)*(?:不可以|不行|不能|不准|别说了?)(?:$| )", r"^no (?:you may not|you can t)$"),
        (),
    ),
    # A yes that comes first, whatever follows it.
    "yes_first": (
        (
            "^(?:<fill>)*(?:是啊|是的|对啊|对的|对呀|对(?:$| )|有啊|有的|有呀|有(?:$| )|可以|行啊|行吧|行(?:$| )|好的|好啊|好呀|好吧|好(?:$| )|那好|那行|嗯|恩|要的|方便|得(?:$| |啊)|中(?:$| )|是(?:$| ))",
            r"^(?:oh |well )?(?:yes|yeah|yep|sure|ok|okay|of course|i am|i do|i have|all right|alright|fine)\b",
        ),
        (
            "^(?:喂 ?)?(?:你|您)好|^(?:<fill>)*(?:可以|方便|行|好|有)[^ ]{0,10}(?:吗|么|不|没)|不|没|有(?:什么|没)|再见|拜拜|改天|再说",
            r"\b(?:not|no|don t|but)\b",
        ),
    ),
    # What puts nothing forward: fillers, greetings, leave taken, a moment asked for.
    "says_nothing": (
        (
            "^(?:<fill>|喂|你好|您好|稍等一下|等一下|等一会|早上好|早晨|下午好|谢谢|多谢|辛苦|再见|拜拜|拜|好的?|行|知道|明白|了解|收到|这样|是吗|没事|不客气|不好意思|客气|稍等|等一?下|等等|再会|见面说|好勒|好滴|恩)*$",
            r"^(?:hello|hi|hey|ok|okay|oh|ah|um|uh|mm|hm+|right|i see|thanks?|thank you|bye|good ?bye|good (?:morning|afternoon|evening|night)|nice|great|fine|all right|alright|that s (?:all right|ok|okay|fine)|cheers|sure|sorry|well|so|really|hold on|one moment|just a (?:second|moment|minute)|a|second| )+$",
        ),
        (),
    ),
    # Somebody thinks it over or asks another: that is not to be called later.
    "ponders": (
        (
            "考虑|商量|想想|想一想|想一下|想下|看看(?:吧|再|先|$)|再看|看一下|看情况|问问|问一下|先问|讨论|琢磨|研究|斟酌|consider|think|check|答复你",
            r"\b(?:think|decide|consider|check with|talk (?:to|it over)|discuss|speak (?:to|with) my|ask my|ask the|sleep on|mull|run (?:it|this) (?:by|past)|compare|let me check|get back to you)\b",
        ),
        ("再考虑打",),
    ),
    # A day or an hour that the customer names.
    "names_time": (
        (
            "(?:^| |那|就|等)(?:<fill>)*(?:<day>|[0-9一二两三四五六七八九十]+点|月底|月初|下班|放学|下个?月|国庆|五一|元旦|年后|过完年)",
            r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|\btomorrow\b|\b(?:this|next) (?:week|weekend|morning|afternoon|evening)\b|\b(?:at|around|about|after|before) (?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|eleven|noon)\b",
        ),
        (
            "不|没|几点|什么|怎么|吗|哪|(?:再|回头)(?:说|联系|聊|打|约|看|讲|定)|<put_off>|忙|开会|上班|出差|收到|打(?:过|来|给)|别|算了|考虑|商量|问",
            r"\b(?:not|no|can t|don t|won t|busy|call|ring|later|maybe|what|when|how|where|is|are|do|does|can|could|until|think|check|haven t)\b",
        ),
    ),
    # Whoever says so calls us swindlers.
    "accuses": (("骗子|诈骗|骗人|骗钱|忽悠|传销|scam|fraud|swindl|liar",), ()),
    # An appointment or an offer that is taken, by its deed: a yes alone may be a goodbye.
    "accepts": (
        (
            "<agreed>(?:去|来|到)(?:$| |的|吧|啊|呀|哈|看(?:看|样|房|车|店|展)?(?:$| |吧|的)|试|参|体验|店|你|您|那|找|面|谈|公司|现场|一趟)",
            "<agreed>(?:参加|报名|预约|登记|安排|约|见(?:个|一)?面|面谈|当面)|<agreed>(?:加(?:我|你|您|一?下|个|一个|的)*(?:微信|好友)|(?:你们?|您)(?:<fill>|<day>|把[^ ]{1,6})*(?:发|寄|送|传)(?:给我|我|过来|到我))",
            "(?:今天|今晚|明早|明天|明晚|后天|上午|下午|晚上|中午|周末|(?:这个?|下个?)?(?:周|星期|礼拜)[一二三四五六日天末]|[0-9一二两三四五六七八九十]+(?:点半?|号)|店里?|门口|现场|公司|你们?那边?|那边|这边)见(?:$| |面|吧|啊|哈|了)|就约|约(?:个|在|到|好)|安排(?:人|吧|一下|个)|我(?:会|要|想|愿意)?(?:参加|去|来|报名)(?:$| |的|吧)",
            "^(?:<fill>)*(?:去一趟|去看看|去试试|应该能(?:去|来|到)|能去|尽量(?:去|来|到)|过来)(?:$| |的)|^(?:<fill>)*加(?:吧|这个|$)|手机号?码?就是微信|<day>(?:可以|行|方便|有空)(?:$| )",
            r"\bi can (?:do|make) (?:mon|tues|wednes|thurs|fri|satur|sun|it|that|the|tomorrow)\w*|(?:day|morning|afternoon|evening|tomorrow) (?:is|s|would be|works|suits) ?(?:better|fine|good|best|ok|okay|me)?$|could do (?:the|mon|tues|wednes|thurs|fri|satur|sun)\w*",
            "(?:让|叫)(?:他|她|人|师傅|经理|老师|你们|顾问)[^ ]{0,8}(?:打|来|联系|加|过来|上门|回|找)|(?:那|就)+(?:定|约|订)(?:在)?<day>|(?:留|登记|约|报|订)吧(?:$| )|send个?invite|book(?:给我|吧|一个)|(?:帮|给|替)我(?:登记|报名|预约|安排|约|留(?:$| |吧|个?名额|个?位|个?座))|我们?(?:<day>|会|一定|肯定|就)*(?:准时|按时|(?:过去|过来|到)(?:$| |的|吧|店|你))",
            r"\b(?:sign me up|book me|i(?: ll| will| can| d love to) (?:come|be there|attend|join)|let s (?:meet|schedule|set)|count me in|put me down|pencil me in|(?:save|reserve|keep) me a|let s (?:do|say|make it|go with) (?:mon|tues|wednes|thurs|fri|satur|sun|tomorrow|next|this|it|that|the)\w*|see you (?:then|there|on|at|tomorrow|tonight|this|next|monday|tuesday|wednesday|thursday|friday|saturday|sunday))\b",
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
            "^(?:<fill>)*(?:知道|了解|收到|明白)(?:<fill>)*$|再见|再会|拜拜|掰掰|(?:^| |好|的|嘞|了)拜(?:$| |了)|(?:回|回头|下次|改天)见|晚安|8 ?8 ?6$|88$|(?:先|就|我)?挂(?:了|断|电话|吧|啦)|先(?:这样|挂|忙|走|不说|不聊)|那就这样(?:吧|了|啊)?$|(?:您|你|去)忙|祝(?:您|你)|失陪",
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
