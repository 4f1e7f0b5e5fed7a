"""How well a text reads as Chinese: by how many of its characters are among the commonest of the language."""

import math
import re

# The thousand commonest characters of written Chinese, by their counts in running text.
_COMMON = frozenset(
    "一是人了不在有大中国和为这上他个地年来我会以到时要出的生学说道民家子也成行下们于后就发自之对得主长可"
    "过天作分方用多你着部能市等业全里工公经本都而高政法面门动日进区事代那去心小同北定开产前其军还然起种所"
    "如现理机体表力好外与文当两实重新三么只山水关明从化平建又制南内西没此将员名手最东头者月间无安看见各城"
    "十相但已些正口通想度加第她合院物性战由位常点海意场武使次二向治因立数样身情入原问把路被并利石老教万知"
    "级量任江及应省资委务元美特期世湖回系比气汉总展电科金先声提品设或义王社很统处四首共马形己儿司太目基领"
    "队直计别女权话少流命至报米给打变果书清活几州华解议更称程今决张导术府才保交放管结师便走达族反再题色五"
    "京河接条规式县白它改风光运信受什组听布百济党指论强做取技黄神选记斯真却职号界件花类何眼兵传带空干农边"
    "据集联古广完质阳难增历史专官每住商即步认车台林必死游举线言皇土团收考求德叫近备研争非具李众连调感转笑"
    "革该持始英克士尔让拉思根格造较际亲单朝红型价校约器字段周亚深候则功属积快图火千准究往极育装许参半令吃"
    "观鱼精办像帝八复影告远群包整构料随划算象容示投势热值夫网望源息语股铁断派速怎需片爱律纪支早况病境证编"
    "越局推满且列觉服双未居除乐企引标确织初青志率项飞球节察龙响药站施均消客失轻存低甚般击曾防请离落显罗营"
    "足素视护副食创余照兴占巴虽洲村费易试星木黑左宝置跟央识维采六底宫房音环案批切斗富乡另倒若按查故突责严"
    "桥模仅胜杀围席态破承招杨负层须父供续状域似依银范修找九致密终血旅钱赛独细效玉冲获习医演毛尽脸弹楼艺航"
    "陆右协七攻镇检写苏宗章注阿抗弟坐验封紧劳户优财养适陈喜卫排射哥油刻留急降念云微伤例景拿绝阶座刘刚害印"
    "亿沙母酒助闻超审待压升送监策略限竟香配藏敌呢差仍兰温园树征善波哪词岛止预怕继皮执味份角草男普答益谁船"
    "惊核街夏宣掌田久著画辑奇尼剑吧谈背免孩礼材愿洋春架筑括晚乱乎讲尚良友临激刀夜室既敢邦挥昌板胡欧福港叶"
    "简苦担句岁荆贵娘守辖威宜衣帮块堂额错剧充欢够孙班呼阵销坚练脚退读测吴希宁换版异某顾曲楚典朱毒菜判救宋"
    "茶洪含顺啊鲜败货矿端兄归冷忙买险康评肉吗厂永哈沉散遗停笔假输牛洞松渐顶训录否述毕督控丰献姑忽爷互亮纳"
    "襄登咱钟伯臣雄季脑介鄂召饭暗扩祖齐短烈赶牌恩诉移诗础露届蒙静喝盘卖植授伊湾博痛减穿逐秘庭陵固禁票灵杂"
    "姓泽吸侧庆妈遇追甲馆补唐炮沿殿刺怪彩俄旧警索岸轮妇载靠附毫怀软骨探雷旁罪枪牙迎序慢盛雨墙恶谷顿危稳熟"
)
# Of the different characters of ordinary short texts in Chinese, and of other languages' bytes read as if
# they were Chinese: Korean comes nearest, since its syllables fall where common characters lie.
_SHARE_OF_CHINESE, _SHARE_OF_OTHERS = 0.65, 0.30
# So many times likelier than other text must it be.
ODDS = 1000
_SIGNS = re.compile("[^\x00-\x7f\u2000-\u206f\u3000-\u303f\uff00-\uffef]")


def share_of_common(text: str) -> float:
    """Which share of a text's signs that are no ASCII are among the commonest characters of Chinese.

    >>> share_of_common("电话 5"), share_of_common("鐢佃")
    (1.0, 0.0)
    """
    signs = _SIGNS.findall(text)
    return sum(sign in _COMMON for sign in signs) / max(len(signs), 1)


def odds_of_chinese(text: str) -> float:
    """How many times likelier a text is as Chinese than as another language's bytes misread.

    Each character counts once, however often it stands there: a word repeated a thousand times tells
    no more than once.

    >>> odds_of_chinese("创建时间,来源,客户,上海,电话") > ODDS, odds_of_chinese("傈矫雀,家俺,传拳康诀") > 1
    (True, False)
    """
    characters = set(_SIGNS.findall(text))
    common = len(characters & _COMMON)
    others = len(characters) - common
    log_odds = common * math.log(_SHARE_OF_CHINESE / _SHARE_OF_OTHERS) + others * math.log(
        (1 - _SHARE_OF_CHINESE) / (1 - _SHARE_OF_OTHERS)
    )
    return math.exp(min(log_odds, 700.0))
