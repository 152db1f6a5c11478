"""What Streamlit shows by itself and offers no option for, put right by a style in the page's head.

English becomes Chinese where a text stands alone in an element that can be named: what was there is neither seen nor
read out, what takes its place is both. Names that are only read out ("Remove a.csv", "Add files") are out of a style's
reach. Where a later Streamlit names its elements otherwise, it looks as it does by itself again and nothing breaks;
tests in a browser tell.
"""

from __future__ import annotations

_ZONE = '[data-testid="stFileUploaderDropzone"]'
WORDS = {
    (f'{_ZONE} > span [data-testid="stMarkdownContainer"]', "p"): "選擇檔案",
    (f'{_ZONE} [data-testid="stFileUploaderDropzoneInstructions"] > div', "span"): "或把檔案拖到這裡",
    (f"{_ZONE} > input + div:has(> span:only-child)", "span"): "放開即可上傳",
}
"""Selectors of an element and of its one child, which holds a text of Streamlit's → what is shown for it."""
_ON_PRIMARY = (
    ":is([data-testid^=stBaseButton-primary]:not(:disabled),[data-testid=stMultiSelectTagsContainer] [data-tag] *)"
    "{color:light-dark(#ffffff,#11161b)}"
)
"""White on the light blue of the dark theme has a contrast of 1.9; what is written there must be dark."""

_HEAD_ALONE = "@media(max-width:640px){.st-key-page_head>:first-child{flex-basis:100%}}"
"""On a narrow screen the boxes of the period stay side by side, below the title, however short that is."""

_MAIN = "light-dark(#12436d,#8fc1ea)"
_FIELDS = (
    ":is([data-testid=stTextInputRootElement],[data-testid=stTextAreaRootElement],"
    "[data-testid=stNumberInputContainer],[data-testid=stSelectbox] [role=group],"
    "[data-testid=stMultiSelect] [role=group])"
)
_FOCUS = (
    f":focus-visible{{outline:3px solid {_MAIN}!important;outline-offset:1px!important}}"
    ":is([data-testid=stMain],[data-testid=stSidebarNavLink],[data-testid=stTab],summary):focus-visible"
    "{outline-offset:-3px!important}"
    f"{_FIELDS} :is(input,textarea):focus-visible{{outline:none!important}}"
    f"{_FIELDS}:has(:is(input,textarea):focus-visible){{outline:3px solid {_MAIN}!important;outline-offset:-1px}}"
)
"""Where the keyboard is: Streamlit's own mark has a contrast of 2.7 to its ground, on links of 1.1; WCAG asks for 3."""

_NO_STOP = '[data-testid="stFileUploaderDropzoneInput"]{display:none!important}'
"""Once a file is chosen, Tab stops at the field behind the button too, which nobody can see."""

_FIELD_WORDS = (
    '[data-testid="stWidgetLabel"][disabled] *{color:light-dark(#5b6875,#a9b5c0)!important}'
    '[data-testid="InputInstructions"]{display:none}'
)
"""What a field is called is read where the field cannot be changed, too; how to send it is told in English only."""

_CALM = (
    "@media (prefers-reduced-motion:reduce){*,*::before,*::after{animation-duration:.01ms!important;"
    "animation-iteration-count:1!important;transition-duration:0s!important;scroll-behavior:auto!important}}"
)
CALM = (
    '<script>if(matchMedia("(prefers-reduced-motion:reduce)").matches){'
    "const slide=Element.prototype.animate;"
    'Element.prototype.animate=function(f,o){return slide.call(this,f,typeof o=="object"?{...o,duration:1}:1)}}'
    "</script>"
)
"""Whoever wants no motion gets none: a style reaches what styles move, this what scripts of Streamlit's move.

Transitions last nothing and not a short while: a short one of every element is an eighth of a visit's time. Their delay
stays, by which Streamlit does not grey a page that is drawn anew in less than half a second.
"""

TABS_KEEP_FOCUS = (
    "<script>addEventListener('focusout',({target:tab,relatedTarget:next})=>{"
    "if(next||tab.role!='tab')return;"
    "requestAnimationFrame(()=>{if(!tab.ariaDisabled||tab.ariaDisabled=='false')return;"
    "const back=new MutationObserver(()=>{if(tab.ariaDisabled=='true')return;back.disconnect();"
    "if(document.activeElement==document.body)tab.focus()});"
    "back.observe(tab,{attributes:true,attributeFilter:['aria-disabled']})})})</script>"
)
"""While a page is drawn anew, Streamlit disables its tabs for a moment, and whoever went there by an arrow would find
themselves at the top of the page: the focus comes back with the tab, unless it has gone elsewhere meanwhile."""

_PRINTED = (
    "@media print{@page{size:A4;margin:1.2cm}"
    '[data-testid="stMain"]{zoom:.8}'
    ':is([data-testid="stSidebar"],.st-key-fold_screen_export:not(:has([open] .sq-table)),.st-key-page_file,'
    '[data-testid="stDownloadButton"],.sq-onward,[data-testid="stFileUploader"],'
    '[data-testid="stToast"],[data-testid="stTooltipHoverTarget"],[data-testid="stFormSubmitButton"]),'
    ':is([data-testid="stHorizontalBlock"],[data-testid="stLayoutWrapper"]>div):has(>*>[data-testid="stDownloadButton"])'
    "{display:none!important}"
    # What scrolls is one piece on paper, which is cut off or put on a page of its own.
    '.sq-table,[data-testid="stExpander"],[data-testid="stExpander"] *{overflow:visible!important}'
    ".sq-table *{white-space:normal!important;overflow-wrap:anywhere}"
    "thead{display:table-header-group}h1,h2,h3,summary{break-after:avoid}"
    'tr,img,[data-testid="stPlotlyChart"],.sq-box{break-inside:avoid}'
    '.sq-dark :is(body,[data-testid="stApp"])'
    "{color-scheme:light!important;background:#fff!important;color:#11161b!important}"
    '.sq-dark [data-testid="stApp"] :not([data-testid="stHtml"] *,[data-testid="stPlotlyChart"] *)'
    "{color:inherit!important;background-color:transparent!important;border-color:#c8d0d8!important}"
    ".sq-dark ::placeholder{color:#11161bb3!important;-webkit-text-fill-color:currentcolor!important}"
    # Pictures and grids are drawn in the colours of the theme: light becomes dark, a colour stays that colour.
    '.sq-dark :is([data-testid="stPlotlyChart"],[data-testid="stDataFrame"],[data-testid="stApp"] img)'
    "{filter:invert(1) hue-rotate(180deg)}}"
)
"""On paper: no buttons, where the figures are from if that is unfolded, tables at full width over as many pages as they
need, charts and cards in one piece; and dark on white whatever the theme, which Streamlit would print as it is, whole
pages of ink."""

PAPER_IS_WHITE = (
    "<script>addEventListener('beforeprint',()=>{"
    "const app=document.querySelector('[data-testid=\"stApp\"]');"
    "document.documentElement.classList.toggle('sq-dark',!!app&&getComputedStyle(app).colorScheme=='dark')})</script>"
)
"""The style of paper is told of the dark theme, which no selector of Streamlit's says."""


SCRIPTS = CALM + TABS_KEEP_FOCUS + PAPER_IS_WHITE
"""What a style cannot do, for the page's head."""


def style() -> str:
    """The element for the page's head."""
    words = (
        f'{element} > {child}{{display:none}}{element}::after{{content:"{word}";font-size:.875rem}}'
        for (element, child), word in WORDS.items()
    )
    return f"<style>{''.join(words)}{_ON_PRIMARY}{_HEAD_ALONE}{_FOCUS}{_NO_STOP}{_FIELD_WORDS}{_CALM}{_PRINTED}</style>"
