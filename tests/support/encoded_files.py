"""Made-up lead lists in the languages and encodings of the world, for what tells encodings apart."""

import random

ENCODINGS = {
    "gb18030": "simplified",
    "big5": "traditional",
    "euc_kr": "korean",
    "shift_jis": "japanese",
    "cp1252": "western",
    "cp1251": "russian",
}

_WORDS = {
    "simplified": (
        "展会 转介绍 官网 抖音 微信 电话营销 老客户推荐 搜索推广 门店 地推 北京 上海 广州 深圳 杭州 "
        "成都 武汉 南京 西安 重庆 苏州 天津 郑州 长沙 青岛 沈阳 宁波 佛山 东莞 合肥 已接通 无人接听 "
        "忙线 关机 空号 有意向 需要跟进 暂不考虑 价格太高 已成交 未成交 约定回访 科技有限公司 "
        "贸易公司 餐饮 教育培训 房地产 建筑装饰 医疗器械 汽车销售 金融服务 制造业 客户说下周再联系 "
        "已发送报价单 希望了解产品功能 对合同条款有疑问 决策人不在 预算不足 已经购买竞品 "
        "明天上午回电话"
    ),
    "traditional": (
        "展覽 轉介紹 官網 門市 電話行銷 老客戶推薦 關鍵字廣告 臺北 新北 桃園 臺中 臺南 高雄 新竹 "
        "基隆 嘉義 香港 九龍 已接通 無人接聽 忙線中 關機 空號 有意願 需要追蹤 暫不考慮 價格太高 "
        "已成交 未成交 約定回訪 科技有限公司 貿易公司 餐飲 教育訓練 房地產 建築裝潢 醫療器材 "
        "汽車銷售 金融服務 製造業 客戶說下週再聯絡 已寄出報價單 希望瞭解產品功能 對合約條款有疑問 "
        "決策者不在 預算不足 已經購買其他產品 明天上午回電"
    ),
    "korean": (
        "전시회 소개 홈페이지 매장 전화영업 기존고객 검색광고 서울 부산 대구 인천 광주 대전 울산 "
        "수원 창원 통화완료 부재중 통화중 전원꺼짐 결번 관심있음 후속필요 보류 가격부담 계약완료 "
        "미계약 재통화약속 주식회사 무역 외식업 교육 부동산 건설 의료기기 자동차 금융 제조업 "
        "다음주에 다시 연락하기로 함 견적서 발송 완료 제품 기능 문의 계약 조건 확인 요청 담당자 부재 "
        "예산 부족"
    ),
    "japanese": (
        "展示会 紹介 ホームページ 店舗 テレアポ 既存顧客 検索広告 東京 大阪 名古屋 札幌 福岡 横浜 "
        "神戸 京都 仙台 通話済み 不在 話し中 電源オフ 欠番 興味あり フォロー必要 見送り 価格が高い "
        "成約 未成約 再架電 株式会社 有限会社 商事 飲食業 教育 不動産 建設 医療機器 自動車 金融 "
        "製造業 来週また連絡してほしいとのこと 見積書を送付しました 機能について質問あり "
        "担当者が不在 予算不足"
    ),
    "western": (
        "Salon à Genève|Téléphone|Recommandé|Müller|Größe|Köln|Düsseldorf|Zürich|François|"
        "Société Générale|São Paulo|Málaga|Niño|Señor Núñez|café|naïve|Straße|Ärzte|Übergabe|"
        "Rückruf gewünscht|à rappeler|déjà client|Españita|Córdoba|Bogotá|Interessiert|kein Budget|"
        "prix trop élevé|Søren|Malmö|Göteborg|Århus|Empfehlung|Messe|Web|Atención|número inválido|"
        "règlement reçu|Jürgen Groß|Élodie|Noël|Zoë|Ångström|maître|bientôt|Vögel|schön|"
        "Geschäftsführer|Lösung|près de Lyon"
    ),
    "russian": (
        "Выставка|Сайт|Звонок|Рекомендация|Реклама|Москва|Казань|Самара|Екатеринбург|Новосибирск|"
        "Нижний Новгород|Омск|дозвонились|нет ответа|занято|выключен|интересно|перезвонить завтра|"
        "дорого|сделка|отказ|общество с ограниченной|торговля|образование|недвижимость|строительство|"
        "медицина|финансы|производство|Иванов|Петрова|Сидоров|Кузнецова|"
        "клиент просил связаться на следующей неделе|отправлено предложение|вопросы по договору|"
        "нет бюджета"
    ),
}
_HEADERS = {
    "simplified": ("线索编号,创建时间", "来源,客户姓名,备注"),
    "traditional": ("名單編號,建立時間", "來源,客戶姓名,備註"),
    "korean": ("리드번호,생성일", "유입경로,고객명,비고"),
    "japanese": ("リード番号,作成日", "流入元,顧客名,備考"),
    "western": ("numéro,créé", "origine,prénom,résumé"),
    "russian": ("номер,создан", "источник,имя,примечание"),
}
_NAMES = {
    "simplified": (
        "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗",
        "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂兰文华建国志",
    ),
    "traditional": (
        "王李張劉陳楊趙黃周吳徐孫胡朱高林何郭馬羅",
        "偉芳娜秀英敏靜麗強磊軍洋勇豔傑娟濤明超霞平剛桂蘭文華建國志",
    ),
    "korean": ("김이박최정강조윤장임한오서신권황안송류홍", "민준서연지우현진수영호은주경희성미정재훈"),
    "japanese": ("佐藤鈴木高橋田中渡辺伊藤山本中村小林加藤", "太郎花子一郎美咲健翔大輔陽子恵直樹由美"),
}
ROWS = (10, 300)


def lead_list(language: str, rng: random.Random) -> str:
    """A lead list of ten to three hundred rows, with English headers or the language's own."""
    words = _WORDS[language]
    words = words.split("|") if "|" in words else words.split()
    keys, fields = _HEADERS[language] if rng.random() < 0.5 else ("lead_id,created_at", "channel,name,note")
    columns = rng.randint(1, 3)
    lines = [",".join([*keys.split(","), *fields.split(",")[:columns]])]
    for number in range(rng.randint(*ROWS)):
        cells = [rng.choice(words), _name(language, rng, words), " ".join(rng.sample(words, 2))]
        lines.append(",".join([f"L{number}", f"2026-03-{number % 28 + 1:02} 10:00", *cells[:columns]]))
    return "\n".join(lines) + "\n"


def _name(language: str, rng: random.Random, words: list[str]) -> str:
    if language not in _NAMES:
        return rng.choice(words)
    first, given = _NAMES[language]
    return rng.choice(first) + "".join(rng.sample(given, rng.randint(1, 2)))
