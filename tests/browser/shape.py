"""What of a page's text is cut off, covered by other text or wider than the screen; motion that nobody wants."""

from __future__ import annotations

from playwright.sync_api import Page

SPACED = """
*:not(svg *) {line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important}
p {margin-bottom: 2em !important}
"""
"""What WCAG 2.1, 1.4.12 says that a reader may set. Pictures have no such text."""

_TEXTS = """
const hidden = one => !one || !one.checkVisibility({visibilityProperty: true, opacityProperty: true})
  || one.closest('svg, canvas, script, style, noscript, [data-testid="stIconMaterial"]')
  || one.closest('[data-testid="stSkipToContent"], [aria-hidden="true"][translate]');
const texts = () => {
  const found = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const one = walker.currentNode.parentElement, words = walker.currentNode.textContent.trim();
    if (!words || hidden(one)) continue;
    const range = document.createRange();
    range.selectNodeContents(walker.currentNode);
    const boxes = [...range.getClientRects()].filter(box => box.width > 1 && box.height > 1);
    if (boxes.length) found.push({one, words: words.slice(0, 40), boxes});
  }
  return found;
};
"""
_CUT = f"""strict => {{{_TEXTS}
const cut = [];
for (const {{one, words, boxes}} of texts()) {{
  let covered = false;
  for (let box = one; box && box !== document.body && !covered; box = box.parentElement) {{
    const style = getComputedStyle(box), edge = box.getBoundingClientRect();
    if (edge.width <= 1 || edge.height <= 1 || style.position === 'fixed') break;  // for screen readers, or on top
    const x = style.overflowX, y = style.overflowY;
    const over = side => boxes.some(b => side === 'x' ? b.right > edge.right + 2 || b.left < edge.left - 2
                                                       : b.bottom > edge.bottom + 4 || b.top < edge.top - 4);
    const bars = side => side === 'auto' || side === 'scroll';
    if (!strict && (bars(x) || bars(y))) break;  // what scrolls can be reached
    if ((x !== 'visible' && over('x')) || (y !== 'visible' && over('y'))) {{
      cut.push(`${{words}} (${{box.dataset.testid || box.className || box.tagName}})`.slice(0, 120));
      covered = true;
    }}
  }}
}}
return cut;
}}"""
_COVERED = f"""() => {{{_TEXTS}
const all = texts().filter(({{one}}) => {{
  for (let box = one; box; box = box.parentElement)
    if (['fixed', 'sticky'].includes(getComputedStyle(box).position)) return false;
  return true;
}}).flatMap(({{one, words, boxes}}) => boxes.map(box => ({{one, words, box}})));
const found = new Set();
for (let i = 0; i < all.length; i++) for (let j = i + 1; j < all.length; j++) {{
  const a = all[i], b = all[j];
  if (a.one === b.one) continue;
  const wide = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
  const high = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top);
  if (wide > 3 && high > .4 * Math.min(a.box.height, b.box.height)) found.add(`${{a.words}} × ${{b.words}}`);
}}
return [...found];
}}"""
_WIDER = """() => [...document.querySelectorAll('html, [data-testid="stMain"], main')]
  .filter(box => box.scrollWidth > box.clientWidth + 1)
  .map(box => `${box.dataset.testid || box.tagName}: ${box.scrollWidth - box.clientWidth} px too wide`)"""
_MOVING = """() => {
  const still = new Set(['color', 'background-color', 'border-color', 'opacity', 'box-shadow', 'outline', 'fill']);
  const found = new Set();
  for (const one of document.getAnimations())
    if (one.playState === 'running' && one.effect.getComputedTiming().duration > 200)
      found.add(`${one.animationName || one.transitionProperty} of ${one.effect.target?.tagName}`);
  for (const box of document.querySelectorAll('*')) {
    if (!box.checkVisibility()) continue;
    const style = getComputedStyle(box), names = style.transitionProperty.split(', ');
    style.transitionDuration.split(', ').forEach((time, at) => {
      if (parseFloat(time) > .2 && !still.has(names[at % names.length]))
        found.add(`${names[at % names.length]} ${time} of ${box.dataset.testid || box.tagName}`);
    });
    if (style.animationName !== 'none' && parseFloat(style.animationDuration) > .2)
      found.add(`${style.animationName} ${style.animationDuration} of ${box.dataset.testid || box.tagName}`);
  }
  return [...found];
}"""


def cut(page: Page, *, printed: bool = False) -> list[str]:
    """Texts of which a part cannot be seen; on paper nothing can be scrolled to."""
    found: list[str] = page.evaluate(_CUT, printed)
    return found


def covered(page: Page) -> list[str]:
    """Pairs of texts that lie on one another."""
    found: list[str] = page.evaluate(_COVERED)
    return found


def wider(page: Page) -> list[str]:
    """Boxes that would have to be scrolled sideways to be read."""
    found: list[str] = page.evaluate(_WIDER)
    return found


def moving(page: Page) -> list[str]:
    """Movements of more than a fifth of a second; colours that fade do not move."""
    found: list[str] = page.evaluate(_MOVING)
    return found


def space_out(page: Page) -> None:
    """Set the text wider, as a reader's own style does."""
    page.evaluate(
        """css => {
             window.spaced = new CSSStyleSheet();
             window.spaced.replaceSync(css);
             document.adoptedStyleSheets = [...document.adoptedStyleSheets, window.spaced];
           }""",
        SPACED,
    )


def set_back(page: Page) -> None:
    """Take the reader's style away again."""
    page.evaluate("document.adoptedStyleSheets = document.adoptedStyleSheets.filter(one => one !== window.spaced)")
