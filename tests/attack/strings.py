"""Forty texts that would run, fetch, hide or pretend something wherever a text is taken for more than a text.

Each begins with a name of its own (``§01``…) so that it can be found again; whatever runs calls ``marked`` with it.
"""

from __future__ import annotations

FOREIGN = "elsewhere.example"
_BARE = (
    "<script>marked(1)</script>",
    "</script><script>marked(1)</script>",
    "<img src=x onerror=marked(1)>",
    "<svg onload=marked(1)><script>marked(1)</script></svg>",
    '"><body onload=marked(1)>',
    "' onmouseover='marked(1)' x='",
    "<details open ontoggle=marked(1)><summary>x</summary></details>",
    '<iframe src="https://elsewhere.example/f"></iframe>',
    '<iframe srcdoc="<script>parent.marked(1)</script>"></iframe>',
    '<meta http-equiv="refresh" content="0;url=https://elsewhere.example/m">',
    '<link rel="stylesheet" href="//elsewhere.example/l.css">',
    "<style>*{background:url(//elsewhere.example/s.png)}</style>",
    '<div style="background:url(//elsewhere.example/c.png)">x</div>',
    '<form action="https://elsewhere.example/p"><button>送出</button></form>',
    '<object data="//elsewhere.example/o.swf"></object><embed src="//elsewhere.example/e">',
    '<base href="https://elsewhere.example/">',
    "![圖](https://elsewhere.example/i.png)",
    "![圖][r] [r]: https://elsewhere.example/r.png",
    "[按我](javascript:marked(1))",
    "[按我](https://elsewhere.example/k)",
    "<https://elsewhere.example/a> www.elsewhere.example",
    "javascript:marked(1)",
    "data:text/html,<script>marked(1)</script>",
    "https://elsewhere.example/x?facebook.com/1",
    "&lt;script&gt;marked(1)&lt;/script&gt; &#60;img src=x&#62; &amp;",
    "%3Cscript%3Emarked(1)%3C/script%3E",
    "{{7*7}} ${7*7} #{7*7} <%= 7*7 %> {% raw %}",
    "{0} {fans} {__class__} %s %(x)s \\u003cscript\\u003e",
    "$\\href{https://elsewhere.example/t}{x}$ $$\\frac{1}{2}$$",
    ":material/home: :streamlit: :smile:",
    ":red[紅] :blue-background[底] :small[小]",
    "**粗** `碼` ~~刪~~ # 標題 | 甲 | 乙 |",
    "零\u200b寬\u200d字\u2060元\ufeff",
    "左\u200e右\u200f標記",
    "'; DROP TABLE posts; --",
    '"甲","乙"\t丙;丁',
    "NULL None nan undefined -",
    "../../../etc/passwd ..\\..\\x C:\\x %2e%2e%2f",
    "長" * 300,
    "𠮷\U0001f468\u200d\U0001f469\u200d\U0001f467 é é Ａ＝１",
)
STRINGS = tuple(f"§{number:02} {text}" for number, text in enumerate(_BARE, 1))
"""Texts that every field takes."""

FORMULAS = ("=1+1", "+1+1|x", "-1+cmd", "@SUM(A1)", "\t=1+1", "＝1+1", '=HYPERLINK("https://elsewhere.example","x")')
"""Texts that a spreadsheet would run, so that they come as our exports guard them."""

UNSEEN = ("甲\u202e乙", "甲\u2066乙", "甲\x07乙", "甲\x9b31m乙", "甲\x00乙")
"""Texts that no field takes: signs nobody sees that change how a text reads."""
