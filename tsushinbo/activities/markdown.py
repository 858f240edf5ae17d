"""From the Markdown of a report to HTML that is safe to show: headings, lists, quotes, links, emphasis, the report's own pictures."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import nh3
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from tsushinbo.moderation.forms import HIDES_HOST
from tsushinbo.moderation.text import is_web_address

PICTURE = re.compile(r"写真([1-9][0-9]?)")
# A text with more brackets has no links: looking for their partners takes the square of their number.
MOST_BRACKETS = 500
DEEPEST = 20
DEEPEST_HEADING = 4
RULES = ["blockquote", "heading", "lheading", "list", "emphasis", "escape", "newline", "entity"]
LINKS = ["link", "autolink", "image"]
REL = "ugc nofollow noopener"
ELEMENTS = {
    "p", "br", "h2", "h3", "h4", "ul", "ol", "li", "blockquote", "strong", "em", "a", "picture", "source", "img",
}  # fmt: skip
ATTRIBUTES = {
    "a": {"href"},
    "ol": {"start"},
    "source": {"type", "srcset", "sizes"},
    "img": {"src", "srcset", "sizes", "alt", "width", "height", "loading"},
}


class Shown(NamedTuple):
    """A picture as the page shows it. ``sources``: kind of file and srcset, the best first; ``src``: for who knows none of them."""

    number: int
    alt: str
    width: int
    height: int
    sources: tuple[tuple[str, str], ...]
    src: str

    @property
    def html(self) -> SafeString:
        """The element."""
        sizes = "(min-width: 60rem) 46rem, 100vw"
        sources = format_html_join(
            "", '<source type="{}" srcset="{}" sizes="{}">', ((kind, files, sizes) for kind, files in self.sources)
        )
        image = format_html(
            '<img src="{}" alt="{}" width="{}" height="{}" loading="lazy">', self.src, self.alt, self.width, self.height
        )
        return format_html("<picture>{}{}</picture>", sources, image)


class _Renderer(RendererHTML):
    """Writes pictures by their number; any other is left out, with the words that stand for it kept."""

    def image(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        """One picture."""
        token = tokens[idx]
        named = PICTURE.fullmatch(str(token.meta.get("target", "")))
        picture = env["pictures"].get(int(named[1])) if named else None
        return picture.html if picture else format_html("{}", token.content)


class _Parser(MarkdownIt):
    """Takes web addresses for links and the names of pictures for pictures, nothing else."""

    def validateLink(self, url: str) -> bool:  # noqa: N802 - the library's name
        """Whether an address may be used."""
        return bool(PICTURE.fullmatch(url)) or (is_web_address(url) and not HIDES_HOST.match(url))

    def normalizeLink(self, url: str) -> str:  # noqa: N802 - the library's name
        """Leave the name of a picture as it is."""
        return url if PICTURE.fullmatch(url) else super().normalizeLink(url)


def _parser(*rules: str) -> MarkdownIt:
    options = {"html": False, "breaks": True, "maxNesting": DEEPEST}
    return _Parser("zero", options, renderer_cls=_Renderer).enable([*RULES, *rules])


_WITH_LINKS, _WITHOUT_LINKS = _parser(*LINKS), _parser()


@lru_cache(maxsize=128)
def render(body: str, pictures: tuple[Shown, ...] = ()) -> SafeString:
    """Return the text of a report as HTML. Headings begin below the page's own and skip no level; links lead to the web only.

    ``![](写真1)`` is the picture with that number. The result passed a sanitiser of its own: what the Markdown let through by mistake is gone.
    """
    parser = _WITHOUT_LINKS if body.count("[") > MOST_BRACKETS else _WITH_LINKS
    env: dict[str, object] = {"pictures": {picture.number: picture for picture in pictures}}
    tokens = parser.parse(body, env)
    _count_headings(tokens)
    for token in tokens:
        for child in token.children or ():
            if child.type == "image":
                child.meta = {"target": child.attrs.get("src", "")}
    html = parser.renderer.render(tokens, parser.options, env)
    clean = nh3.clean(
        html,
        tags=ELEMENTS,
        attributes=ATTRIBUTES,
        url_schemes={"http", "https"},
        link_rel=REL,
    )
    return mark_safe(clean)  # noqa: S308 - the sanitiser's result


def named_pictures(body: str) -> set[int]:
    """The numbers of the pictures that a text may show: those it names."""
    return {int(number) for number in re.findall(r"\]\(\s*写真([1-9][0-9]?)(?![0-9])", body)}


def picture_line(number: int) -> str:
    """How a text names a picture."""
    return f"![](写真{number})"


def _count_headings(tokens: Sequence[Token]) -> None:
    """Give each heading the level below the last one above it in rank: the first is h2, whatever the writer began with."""
    above: list[int] = []
    for token in tokens:
        if token.type == "heading_open":
            rank = int(token.tag[1])
            while above and above[-1] >= rank:
                above.pop()
            above.append(rank)
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(1 + len(above), DEEPEST_HEADING)}"
