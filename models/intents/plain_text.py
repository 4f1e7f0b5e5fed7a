"""One plain way of writing an utterance: case, width, script and punctuation say nothing about intent.

Traditional characters become simplified ones, full-width letters ASCII, capitals small, and every run
of white space, punctuation and symbols one space. The table of characters is our own and holds what
callers say; a character that it lacks stays as it is.
"""

import sys
import unicodedata
from collections.abc import Sequence
from functools import cache

import numpy as np
import numpy.typing as npt

# Pairs of a traditional character and its simplified form.
TRADITIONAL = (
    "個个們们這这說说時时間间電电話话號号碼码買买賣卖價价錢钱費费貴贵優优會会請请問问嗎吗誰谁麼么還还沒没對对聽听講讲謝谢經经過过給给開开關关車车門门課课飯饭後后點点鐘钟裡里裏里邊边來来麗丽兒儿學学習习動动"
    "務务業业產产單单雙双東东實实際际質质騙骗詐诈壞坏訴诉報报舉举發发訊讯簡简傳传資资紹绍細细詳详種种類类樣样應应該该當当處处辦办證证準准備备約约見见緊紧張张難难擔担慮虑歡欢興兴納纳萬万億亿銀银貸贷債债賬账"
    "帳账險险營营運运輸输購购貨货訂订網网絡络線线連连離离進进遠远選选適适遲迟週周歲岁曆历歷历幾几從从眾众倆俩機机錄录製制複复覆复雜杂讓让認认識识錯错誤误調调變变壓压厲厉廣广廠厂廳厅彈弹彎弯態态慣惯懶懒憑凭"
    "憶忆懷怀戶户換换據据擾扰攔拦擇择損损搶抢撥拨擊击敗败敵敌數数斷断於于無无舊旧書书條条極极樓楼標标權权檢检櫃柜歐欧殘残氣气漢汉決决況况減减淨净溝沟漲涨潔洁濟济災灾為为烏乌熱热燈灯牆墙狀状獎奖獨独獲获現现"
    "環环療疗皺皱盤盘監监蓋盖盡尽確确礎础禮礼禍祸稅税穩稳窮穷競竞筆笔節节範范簽签籤签糧粮級级紅红紙纸純纯紛纷終终組组結结絕绝統统絲丝維维綁绑綠绿編编緩缓練练縣县總总績绩繼继續续罰罚罵骂聯联職职聲声腦脑膽胆"
    "臉脸臨临與与藝艺藥药蘇苏虧亏蟲虫術术衛卫裝装補补規规視视親亲覺觉覽览觀观計计討讨訓训記记訪访設设許许評评詞词試试詢询誠诚語语誘诱談谈論论諮咨諾诺謀谋護护讀读讚赞負负財财貢贡貧贫責责貼贴賀贺賊贼賠赔賤贱"
    "賭赌賴赖贈赠贏赢趕赶趙赵跡迹踐践軟软較较載载輕轻輪轮輯辑轉转辭辞農农遞递達达違违遺遗郵邮鄉乡醫医釋释錶表鋪铺鎖锁鏡镜鐵铁長长閉闭閒闲閱阅隊队陽阳階阶隨随雖虽靈灵靜静頁页順顺須须預预領领頭头題题額额願愿"
    "顯显顧顾風风飛飞餘余館馆驗验驚惊體体鬆松鬧闹魚鱼鮮鲜麥麦黃黄齊齐龍龙佔占係系倉仓側侧偽伪傷伤僅仅僱雇儘尽償偿兩两冊册凍冻劃划創创劑剂勁劲勞劳勢势勵励匯汇區区協协參参員员啟启喚唤嘗尝嚇吓嚴严囉啰國国園园"
    "圍围圓圆圖图團团執执場场塊块墊垫壽寿夠够夾夹奪夺婦妇媽妈嬰婴孫孙宮宫寫写寬宽審审寶宝將将專专尋寻導导層层屬属島岛師师幣币幫帮庫库廢废徑径復复徵征愛爱戀恋戰战戲戏拋抛掃扫掛挂採采揀拣擬拟攝摄敘叙棄弃樂乐"
    "樹树橋桥檔档歸归滿满潤润潛潜煩烦爭争爺爷牽牵猶犹瘋疯瞭了筍笋繳缴缽钵羅罗聖圣聰聪肅肃腳脚臺台葉叶蓮莲蘋苹褲裤託托註注譜谱貓猫販贩貶贬貿贸賜赐贊赞軍军輛辆邏逻鄭郑釘钉針针釣钓鈕钮鈴铃銷销鋼钢鍵键鑒鉴閃闪"
    "陣阵陰阴陳陈雲云韓韩響响項项飲饮駕驾騎骑騷骚驟骤鬱郁鳥鸟鹽盐麵面黨党妳你咗了嘅的啲点唔不喺在嗰那乜什佢他"
)
_BEYOND = 0x110000
_TURN = "\n"
_UTF32 = f"utf-32-{'le' if sys.byteorder == 'little' else 'be'}"


@cache
def _table() -> npt.NDArray[np.uint32]:
    """For every character the one that stands for it."""
    table = np.arange(_BEYOND, dtype=np.uint32)
    for code in range(0x3400):
        table[code] = _plain(chr(code))
    for code in (*range(0xFE00, 0x10000), *range(0x1F000, 0x20000)):
        table[code] = _plain(chr(code))
    for old, new in zip(TRADITIONAL[::2], TRADITIONAL[1::2], strict=True):
        table[ord(old)] = ord(new)
    return table


def _plain(character: str) -> int:
    if character == _TURN:
        return ord(_TURN)
    plain = unicodedata.normalize("NFKC", character).lower()
    if len(plain) != 1 or unicodedata.category(plain)[0] in "ZPSC":
        return ord(" ")
    return ord(plain)


def plain_text(texts: Sequence[str]) -> list[str]:
    r"""Write utterances in the plain way.

    >>> plain_text(["不用了，謝謝！", "How  much—ＯＫ?", " \n "])
    ['不用了 谢谢', 'how much ok', '']
    """
    if not len(texts):
        return []
    lines = _TURN.join(text.replace(_TURN, " ") for text in texts)
    plain = _table()[code_points(lines)]
    space = plain == ord(" ")
    edge = plain == ord(_TURN)
    before = np.concatenate(([True], (space | edge)[:-1]))
    kept = plain[~(space & before)]
    # A run of spaces keeps its first, unless it opens the turn; one that closes the turn goes here.
    return [line.rstrip(" ") for line in kept.tobytes().decode(_UTF32).split(_TURN)]


def code_points(text: str) -> npt.NDArray[np.uint32]:
    """Its characters' numbers, (characters,); half of a surrogate pair counts as a question mark.

    >>> code_points("a价").tolist()
    [97, 20215]
    """
    return np.frombuffer(text.encode(_UTF32, "replace"), dtype=np.uint32)
