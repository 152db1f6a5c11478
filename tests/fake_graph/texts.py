"""What the posts of the made-up page say: office news in Chinese, with all that breaks careless readers."""

from __future__ import annotations

import random

SUBJECTS = (
    "磅秤檢定週開跑",
    "電子商品安全小講堂",
    "計程車計費表輸入須知",
    "度量衡知識有獎徵答",
    "商品檢驗標識這樣看",
    "親子科學日報名",
    "冬季電暖器選購提醒",
    "市場磅秤抽查結果",
    "玩具安全標章認識月",
    "分局開放參觀",
)
ENDINGS = (
    "歡迎帶家人一起來!",
    "名額有限,請早報名。",
    "詳情請見留言處連結。",
    "有問題請洽服務臺 😊",
    "分享給你的朋友知道 👍🏽",
    "一起守護交易公平 ⚖️",
)
# Each once in a while: lines, a family of four in one sign, a rare character beyond 16 bits, right-to-left marks,
# a line separator, markup, something a spreadsheet would run, and a text of nothing but signs.
ODD = (
    "第一行\n第二行\n\n第四行",
    "闔家光臨 👨‍👩‍👧‍👦 🇹🇼",
    "「𠮷」字也要顯示",
    "עברית ‏mixed‎ order",
    "分隔\u2028行 與 tab\t在此",
    '<b>粗體</b><img src="http://evil.example/x.png" onerror="alert(1)"> & "引號" \\ 反斜線',
    '=HYPERLINK("http://evil.example","按我")',
    "🎉🎉🎉",
)


def message(rng: random.Random) -> str | None:
    """One post's text; about one in fourteen has none."""
    drawn = rng.random()
    if drawn < 0.07:
        return None
    if drawn < 0.12:
        return rng.choice(ODD)
    return f"【{rng.choice(SUBJECTS)}】第 {rng.randint(1, 99)} 期,{rng.choice(ENDINGS)}"
