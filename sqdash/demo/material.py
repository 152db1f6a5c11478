"""What the demonstration is made of: pages, units, rhythm of the fan page, words of its posts."""

from __future__ import annotations

from datetime import date, datetime

from sqdash.periods import TAIPEI
from sqdash.records import Value

Cells = tuple[Value, ...]

PAGE, BENCHMARK = "demo-xiaoanxin", "demo-benchmark"
NOTE, PLACE = "示範", "示範資料"
YEARS = (2014, 2015)
RDEC, IT, AFFAIRS = "secretariat-rdec", "it-office", "secretariat-affairs"
LEADS = ("section-1", "section-2", "section-3", "section-4", "section-5", "section-6", "chiayi", "douliu")
UNTOLD_FROM = date(2015, 12, 16)
"""Posts from this day on have no topic yet."""
LAST_MOMENT = datetime(2015, 12, 31, 23, 59, 59, tzinfo=TAIPEI)

FANS_END_2014, CAMPAIGN, CAMPAIGN_FROM = 16_300, 3_000, date(2014, 8, 1)
FAIR = (date(2014, 11, 22), 390)  # a row of the report's own; only the fans it brought are generated
FAN_EVENTS = (
    (date(2014, 7, 14), "小安心線上有獎徵答", "線上", 610),
    (date(2015, 3, 14), "小安心春季有獎徵答", "線上", 380),
    (date(2015, 7, 18), "暑期親子園遊會設攤推廣", "社區活動中心", 420),
    (date(2015, 11, 21), "愛心義賣園遊會設攤推廣", "公益園遊會場", 400),
)

# Mean per post of each month, at the last observation.
LIKES = {
    2014: (34, 36, 39, 41, 44, 46, 62, 63, 65, 66, 67, 68),
    2015: (72, 73, 75, 78, 80, 83, 85, 88, 91, 93, 102, 106),
}
REACH = {
    2014: (318, 330, 342, 355, 368, 380, 715, 730, 742, 755, 768, 780),
    2015: (815, 835, 855, 870, 890, 910, 930, 950, 970, 990, 1_015, 1_035),
}

TYPES = {"相片": (50, 1.1), "連結": (25, 0.85), "影片": (10, 1.35), "文字": (15, 0.75)}  # how often, how well
TOPICS = {
    "商品安全": (35, 1.15),
    "度量衡": (20, 0.9),
    "節慶叮嚀": (15, 1.1),
    "活動訊息": (20, 1),
    "新聞澄清": (10, 0.9),
}
SENTENCES = """
商品安全 選購{}三個重點：看標示、看商品安全標章、看保固說明。
商品安全 {}買回家先別急著用，花兩分鐘看完說明書，安全多一分。
商品安全 家裡的{}用了幾年？外觀破損或有異狀就先停用。
商品安全 上網買{}，先看賣家有沒有寫清楚廠商名稱、地址與警語。
度量衡 {}準不準，看檢定合格標示最清楚。
度量衡 小安心帶你看{}怎麼檢定，一張圖就懂。
度量衡 {}多久要重新檢定一次？留言猜猜看，答案明天揭曉。
節慶叮嚀 {}到了，採買應景商品別忘了看標示。
節慶叮嚀 {}出門前，先把不用的電器插頭拔下來。
節慶叮嚀 {}小叮嚀：延長線不要串接，也不要壓在地毯下。
活動訊息 這個星期小安心到{}設攤，現場有獎徵答等你來！
活動訊息 {}見！帶孩子一起來認識商品安全標章。
活動訊息 活動花絮：謝謝{}的大小朋友熱情參與。
新聞澄清 網路流傳「{}」？小安心查證後說明給你聽。
新聞澄清 「{}」是真的嗎？先看清楚來源，再決定要不要轉傳。
""".strip().splitlines()
THINGS = {
    "商品安全": "捕蚊燈 延長線 電暖器 除濕機 電鍋 吹風機 行動電源 安全帽 兒童玩具 嬰兒床",
    "度量衡": "計程車計費表 加油機 電子秤 水量計 電量計",
    "活動訊息": "社區活動中心 國小校園 黃昏市場 親子園遊會 圖書館",
    "新聞澄清": "有標章就不用看標示 延長線越粗越安全 行動電源放車上沒關係 便宜的秤一定不準",
}
FEASTS = "年貨採買 春節假期 春季換季 清明連假 母親節 端午節 暑假 中元普渡 中秋節 重陽節 入冬換季 耶誕節"
# Starts and ends that a careless screen or export would take for markup or a formula.
STARTS = ("", "", "", "", "", "💡 ", "🔌 ", "=3 分鐘看懂= ", "<b>小提醒</b> ", "*安心報報* ", "@大家 ", "+1 安心 ")
ENDS = ("", "", "", "\n分享給需要的朋友 👍", "\n# 安心生活", "\n\n還想知道什麼？留言告訴我們。")
