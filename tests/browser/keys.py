"""A person without a mouse: Tab, the arrows and Enter, who must see at every step where they are.

Tab must also lead on as one reads: never to something wholly above that is not further right (where a column ends, the
next one begins at its top), and in a row never to the left.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from playwright.sync_api import Page

from tests.browser.visit import SETTLED

FAR = 120  # no page has so many steps to anything

_AT = """async () => {
  await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));  // a mark may fade in
  let one = document.activeElement;
  if (!one || one === document.body) return null;
  const name = one.tagName === 'MAIN' ? '' : one.ariaLabel || one.innerText?.trim().slice(0, 60)
    || one.labels?.[0]?.innerText || one.getAttribute('name') || one.id;
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
    .map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
    .reduce((sum, v, at) => sum + v * [.2126, .7152, .0722][at], 0);
  const parts = colour => (colour.match(/[\\d.]+/g) || []).map(Number);
  const on = (colour, ground) => {const [r, g, b, a = 1] = parts(colour);
    return [r, g, b].map((v, at) => v * a + ground[at] * (1 - a));};
  const contrast = (a, b) => (Math.max(light(a), light(b)) + .05) / (Math.min(light(a), light(b)) + .05);
  const under = box => {for (; box; box = box.parentElement) {
    const colour = parts(getComputedStyle(box).backgroundColor);
    if (colour.length && (colour[3] ?? 1) > .9) return colour.slice(0, 3);
  } return parts(getComputedStyle(document.querySelector('[data-testid="stApp"]') || document.body).backgroundColor)
    .slice(0, 3);};
  const rect = one.getBoundingClientRect();
  let best = 0;
  for (let box = one, up = 0; box && up < 4; box = box.parentElement, up++) {
    const style = getComputedStyle(box), ground = under(box.parentElement);
    if (box !== one && box.getBoundingClientRect().height > 4 * rect.height + 40) break;
    if (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1)
      best = Math.max(best, contrast(on(style.outlineColor, ground), ground));
    for (const shadow of style.boxShadow.match(/rgba?\\([^)]*\\)[^,(]*/g) || []) {
      const [, , , spread] = shadow.replace(/rgba?\\([^)]*\\)/, '').trim().split(/\\s+/).map(parseFloat);
      if (spread >= 1) best = Math.max(best, contrast(on(shadow.match(/rgba?\\([^)]*\\)/)[0], ground), ground));
    }
  }
  const shown = rect.width > 0 && rect.bottom > 0 && rect.top < innerHeight && rect.right > 0 && rect.left < innerWidth;
  let down = 0, right = 0;
  for (let box = one.parentElement; box; box = box.parentElement) {down += box.scrollTop; right += box.scrollLeft;}
  const box = [rect.left + right, rect.top + down, rect.right + right, rect.bottom + down];
  return {name: String(name || ''), role: one.getAttribute('role') || one.tagName.toLowerCase(), best, shown, box,
          where: one.closest('[data-testid]')?.dataset.testid || ''};
}"""


Box = tuple[float, float, float, float]
"""Left, top, right and bottom in pixels from the top of all that can be scrolled to."""


def leads_back(before: Box, after: Box) -> bool:
    """Whether one reads backwards from the one place to the other."""
    left, top, right, bottom = after
    if bottom <= before[1]:  # wholly above
        return left <= before[0]
    return right <= before[0] and top < before[3]


@dataclass
class Keys:
    """The keyboard on a page; ``unseen`` fills with the places at which nobody could see the focus, ``backwards`` with
    the steps of Tab against the order of reading."""

    page: Page
    unseen: list[str] = field(default_factory=list)
    backwards: list[str] = field(default_factory=list)
    steps: list[str] = field(default_factory=list)
    last: Box | None = None

    def press(self, key: str) -> str:
        """Press a key; the name of what has the focus afterwards, looked at."""
        self.page.keyboard.press(key)
        found = self.page.evaluate(_AT)
        if found and found["best"] < 3:  # a button that was waiting for the page gets its mark with its colours
            self.page.wait_for_timeout(150)
            found = self.page.evaluate(_AT)
        if found is None:
            return ""
        name = " ".join(str(found["name"]).split())
        step = f"{found['role']} {name[:30]} ({found['where']})"
        box: Box = tuple(found["box"])
        if key == "Tab" and self.last and leads_back(self.last, box):
            self.backwards.append(f"{self.steps[-1]} → {step}: {self.last} → {box}")
        self.last = box
        self.steps.append(step)
        if found["best"] < 3 or not found["shown"]:
            self.unseen.append(f"{step}: contrast {found['best']:.1f}{'' if found['shown'] else ', out of sight'}")
        return name

    def to(self, words: str, key: str = "Tab", *, role: str = "") -> None:
        """Go on until something of that name (and role) has the focus."""
        for _ in range(FAR):
            name = self.press(key)
            if key != "Tab":
                self.drawn()  # an arrow chooses a tab at once, and the others cannot be chosen before the page is drawn
            if words in name and self.steps[-1].startswith(role):
                return
        raise AssertionError(f"never came to {words}: {self.steps}")

    def enter(self) -> None:
        """Do what has the focus, and wait until the page is drawn."""
        self.page.keyboard.press("Enter")
        self.drawn()
        self.last = None  # what is there now may be another page

    def drawn(self) -> None:
        """Wait until what the last key asked for is there."""
        self.page.wait_for_timeout(100)  # until the server has heard of it
        self.page.wait_for_selector(SETTLED, state="attached")

    def type(self, text: str) -> None:
        """Write into what has the focus."""
        self.page.keyboard.type(text)
