"""Answers in words that leave no doubt: tried before the broader rules."""

from models.intents.words.cues import Rules

_QUESTION = "吗(?:$| )|么(?:$| )|多少|几点|怎么|什么时候|哪(?:里|儿|个|家)"

ANSWERED_OUTRIGHT: Rules = (
    (
        "complaint",
        (
            "消委会|消费者委员会|金管会|银保监|律师函",
            "(?:叫|让|喊|找)你?们?的?(?:领导|经理|主管|老板|上司|负责人)(?:来|出来|听|接|过来)|(?:我|就|要)report|申诉|消基会|黑猫",
        ),
        ("没(?:有)?申诉|电话给|联系我|打给我|怎么申诉",),
    ),
    (
        "wrong_number",
        (
            "我不是[^ ]{1,5}(?:妈妈|爸爸|家长|先生|女士|小姐)(?:$| )|换号(?:码)?了(?:$| )|说的(?:那|这)?个?(?:谁|人)?我不认识|(?:这|这个)(?:号|电话|支电话)[^ ]{0,4}(?:以前|之前|原来)?(?:不是我的?|换人|换了人)|搞错人",
            r"\bthere s no \w+ here\b|\bmoved (?:out|away)\b|\bgot this number\b",
            "没(?:有)?姓[^ ]{1,2}的|我叫别的|^(?:<fill>)*我?不是 ?[a-z]{3,12}$|你?(?:说|找)的(?:这个|那个)?人?不是我(?:$| )|(?:我|这)不性[^ ]",
            r"\b(?:dial+ed|rang|called) (?:the )?wrong|i think you (?:have|ve) (?:the )?wrong|there s no (?:\w+ )?here (?:by|called)",
        ),
        (_QUESTION,),
    ),
    (
        "voicemail",
        (
            "(?:号码|用户|电话)(?:已经?)?(?:停机|暂停服务|拒接|关机|欠费)|已?开启[^ ]{0,4}(?:拒接|助手|防扰)|用户正忙|请稍后再拨",
            r"\bplease (?:hang up and )?try (?:your call )?again later\b|not accepting messages",
            "(?:拨|打)的?电话(?:没有|无)(?:回应|应答|人接)|暂时?(?:没有?|未能)(?:人)?接听",
        ),
        (),
    ),
    (
        "already_bought",
        (
            "(?:刚|才|早)(?:刚|就)?(?:交|签|换|办|装|存|续|定|提|租|贷)(?:完|好|过|上|妥)(?:了|监控|保险)?(?:吗$|$| |啊)|(?:全家|都|已经)(?:都)?(?:上|买|办)了(?:保险|会员|宽带)|合作(?:好)?(?:几|多|两|三|很多)年|(?:保姆|房子|师傅|学校|老师|工作|装修队|搬家公司)(?:都|已经)?找好了|你们(?:那|这)[^ ]{0,2}(?:存|买|办|做|报)过|上个?(?:礼拜|周|月)[^ ]{0,3}(?:提|买|换|签|装|办)的|用的就是你们|装好了(?:$| |很久)",
            r"\bdid (?:one|it|that|this)[a-z ]* already\b|\b(?:we ve|i ve|we have|i have) got (?:a supplier|one|our own|somebody|someone)|had it done|been using (?:another|one|it|a)\b|we ve got one$",
            "^(?:<fill>|家里|现在|公司|其实)*(?:已经|早就|都)?有了(?:$| |啊|呀|谢)|^(?:<fill>|我们?)*(?:家里|公司)(?:已经|都|早就)?有(?:$| |了)|(?:已经|早就|都)?有(?:固定)?(?:的)?(?:供应商|vendor|supplier|合作方|服务商|代理)(?:$|了| |在)|是(?:你们?的?|贵公司的?|咱们的?)(?:老)?(?:会员|客户|用户|学员)(?:$|了| |啊)|刚续(?:的|了|过|完)|(?:在|上着|报了)(?:上)?(?:别的|其他|另外的?|别家)(?:的)?(?:班|课|机构|学校)|(?:已经|都)找到(?:工作|房子|了)|找到工作了|^(?:<fill>|们|早|都|已经)*(?:买|办|装|报|定|订)了+(?:啦|咯|喽|喇)|already ?(?:买|有|办|装|sign|报|订|换)|早就报过",
        ),
        (
            _QUESTION,
            "没(?:有)?|不(?:是|要|用|买)|(?:兴趣|空|时间|钱|打算|想法|需要|需求|意向|事|人|意见|问题)了",
        ),
    ),
    (
        "objection",
        (
            "被坑(?:了|过)|坑过|谁敢(?:投|买|信)|还不是(?:要|得)(?:钱|交)|没(?:有)?闲钱|生意(?:难|不好)做|(?:学|用|买|做|办)了也没(?:用|效果)|(?:隐形|乱)收费",
            r"\b(?:way |a lot )?more than (?:i|we) (?:pay|have|spend)|business is (?:slow|bad|down)|always a catch|don t give (?:out )?(?:my )?(?:details|information|card)",
            "(?:别家|别人家|人家|其他家|隔壁|网上|外面|同行)[^ 不]{0,5}(?:便宜|低|少)(?:多|一半|了|很多|好多|一些|点)|怕(?:没|没有|不|买了没)?(?:效果|用处?|质量|后悔|浪费|白花|风险|不值|不靠谱|不安全)|(?:评价|口碑|名声|风评|评论)(?:都|很|太|也|不太)?(?:不好|不行|差)|担心(?:质量|效果|安全|售后|风险|跑路|被|没|会不会)|哪有(?:这么|那么)(?:好|便宜)|不(?:太|怎么|是很|敢)放心|不放心|(?:我|有点|不)(?:太|敢|怎么)?(?:不)?trust|压力(?:太|有点)?大",
            r"\bdon t (?:really )?have (?:the |a |any |much |that kind of )(?:budget|money|cash|funds)|bad experiences?|been (?:burn(?:ed|t)|scammed|ripped)|let down before|(?:cheaper|better price|less) (?:elsewhere|somewhere else|online|at)|worried (?:about|it|that)|concerned (?:about|that)",
        ),
        (_QUESTION, "不(?:担心|怕)|没(?:有)?压力"),
    ),
    (
        "refusal",
        (
            "别(?:费心|浪费|折腾)|省省吧|^(?:<fill>)*够用(?:$| |了)|免谈|不(?:搞|玩|碰)(?:这|那|贷|股)|^(?:<fill>|们|孩子|单位|家里|从来)*不(?:听|缺|缺钱|搞|玩|碰|炒股|投资|理财|招|补课|学|换|约|做美容|贷款|信这)[^ ]{0,3}$|(?:挺好|好好|习惯)[^ ]{0,3}不(?:换|用|想)|不(?:适合|合适)(?:我|$)|没那(?:个)?(?:心思|想法|需求|打算)|要(?:这个?|那个?|这玩意|那玩意|它)(?:干嘛|干什么|有什么用|没用)|拿来(?:干嘛|没用)|没(?:有|什么)?用处|对我没(?:什么)?用|跟我没(?:什么)?关系|(?:问|找)别人(?:去|吧|$)|(?:今年|短期内?|最近|近期|目前|暂时)不(?:打算|考虑|需要|买|办|换)|没有要(?:办|买|贷|学)|收线|费事|不学了(?:$| )",
            r"\ball good (?:thanks|thank you)|^no i m (?:all right|alright|ok|okay|good|fine)|think so thanks|won t be necessary|not for now|^no no(?: no)*$|have no use|not my thing|never buy|not worth it|not going to (?:change|switch|buy)|(?:we re|i m) (?:quite |very |perfectly )?(?:happy|fine) (?:with|as)|nothing to do with me|haven t got (?:the|any) need|(?:no need to|don t) send|^no leave it|thanks but no|prefer not|going to say no|a no from me|covered thanks",
            "找别人(?:吧|$)|不会(?:转台|换|买|办|考虑|续)(?:了|的|$| )|打住",
            r"\bwe re fine as|told you (?:people |guys )?(?:before|already)|i said no\b|don t bother",
            "把我[^ ]{0,8}(?:删|拉黑|去掉|拿掉|移除)|(?:号码|电话|信息|资料)[^ ]{0,3}(?:删了|删掉|删除)(?:$| |吧)|^(?:<fill>|就|真)*不弄(?:这个|那个|这些|了)|^no ?(?:不需要|不用|不要|没兴趣|唔使)|(?:不|没)(?: )?(?:need|want)(?:$| |的|了|这个|it)|没 ?interest|not interested",
            r"\bi ll pass\b|no,? i m good|we re (?:all set|good|fine)(?: thanks| thank you)?$|rather not$|not for (?:me|us)\b",
        ),
        (_QUESTION, r"\b(?:but|how|what|when|where|which)\b"),
    ),
    (
        "busy",
        (
            "正(?:跟|和|陪)[^ ]{1,6}(?:谈|聊|吃|开|忙|办)|(?:这|最近)(?:两天|几天|阵子|段时间)(?:都|比较|很|挺|太|真)?忙|再(?:比比|想想|看看|比较比较)(?:$| )|(?:明|后)(?:后)?天[^ ]{0,3}(?:给你|回)|给(?:你|您)(?:回话|答复|回复)|(?:得|要|先)(?:跟|和|问|找|同)[^ ]{1,8}(?:说|商量|讲|一声|一下|先)|(?:马上|正要|准备)要?(?:登机|上车|上课|出门|起飞)|等(?:孩子|老公|老婆|他|她|我)[^ ]{1,8}(?:完|回来|先)|(?:下|上)夜班|过(?:一)?阵(?:子)?(?:吧|再|$)|孩子哭|方边",
            r"\btry me (?:again)?|another call|back to me (?:after|next|in)|cooking|about to (?:go|leave|board|eat)",
            "(?:吃饭|做饭|睡觉|洗澡|打牌|喝酒|看病|输液|带娃|带孩子|午休|值班|排队|看电影|健身|装货|送货|跑车|干活|接待|见客户)(?:呢|中|着呢|哈)(?:$| )|^(?:<fill>|先|还是|让)*再(?:看看|比较|想想|比比|看一下|研究|对比|考虑)[^ ]{0,4}$|(?:月底|月初|年底|下个?月|明年|过完年|年后|节后|过年|忙完)[^ ]{0,4}(?:再|联系|打给|打来|来电|来找)|(?:^| )等会儿?(?:$| |吧|啊)|(?:手上|手头)(?:还|正|现在)?有(?:点)?(?:活|事)|在 ?(?:meeting|class|driving)|discuss|^(?:<fill>|现在|正|准备)*要(?:睡觉|工作|做事|休息|上班|出门|开会)(?:了|$)|(?:等一下|等下|稍后|晚点|迟点)(?:我)?(?:再|给)[^ ]{0,3}(?:沟通|联系|打|说|聊|回)|^(?:<fill>|现在|这会儿|暂时)*不能(?:说话|打电话|接电话|聊天|接听)(?:$| )|(?:^|我|今天|最近|现在|这几天)(?:真的?|很|太|也|都|比较)?忙(?:了|$| )|(?:到时候|到时|回头|晚上|下午|明天)(?:我)?(?:给|打|联系|找)(?:你|您)",
            r"\b(?:haven t (?:got|had) (?:the )?time|give me (?:a )?(?:few|couple of) (?:days|weeks|minutes)|maybe (?:next|later|in)|next (?:month|year|quarter) maybe|after (?:the holidays|christmas|new year|easter))\b",
        ),
        (
            _QUESTION,
            "不(?:想|要|用|需|考虑|感)|别|没兴趣|太贵|骗|投诉|举报|机主|留言|好的|行 |可以|加微信|约(?:$|好|个)|不忙",
        ),
    ),
    (
        "negative",
        (
            "倒没有|说不(?:准|好|定)(?:$| )|不会(?:弄|用|操作)(?:手机|电脑|这个)?(?:$| )|没到期|不知道多少|搞不定|没印象",
            r"^no (?:we|mine|i|it|he|she|they|the|my|our|nobody)\b",
            "^(?:<fill>)*没(?:有)?听(?:说|人说)?过?(?:$| |你|这|的)|^(?:<fill>|我们?|现在|这边)*(?:办|去|来|用|做|装|弄|搞|走|动)不了(?:$| |了)|^(?:<fill>)*(?:不是)+(?:的|啊|呀|吧)*$",
            r"\bhaven t (?:decided|heard|tried|used|thought|got round)\b|\bnever heard of (?:it|you|that|them)\b",
        ),
        (
            _QUESTION,
            "懂|明白|清楚你",
            r"\b(?:fine|good|thanks?|thank you|wouldn t|bye|goodbye|interest\w*|want|need)\b",
        ),
    ),
    (
        "affirmative",
        (
            "愿意(?:去|来|听|试|了解|$)|(?:我)?现在方便|^成交|说得对|(?:有|在)(?:在)?考虑(?:$| )|有兴趣(?:$| )",
            r"\bsounds (?:reasonable|useful|helpful|fair)|would be (?:useful|helpful|good|great)\b|^happy to\b|^go on then",
            "正好(?:我)?(?:有|需要|想|缺|在找|也想)|^(?:<fill>)*在听(?:$| |你|呢|着)|^(?:<fill>)*(?:你|您)(?:接着|继续|直接)(?:说|讲)(?:吧|$| )",
        ),
        (_QUESTION, "没(?:有)?|不"),
    ),
)
