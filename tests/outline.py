"""What a page says about itself, read from its HTML."""

import re
from html.parser import HTMLParser


class Outline(HTMLParser):
    """The language, the headings, the ids and what refers to them, the links, and the parts the browser would refuse."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.lang = self.title = ""
        self.headings: list[int] = []
        self.ids: list[str] = []
        self.wanted: set[str] = set()
        self.inline: list[str] = []
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.anchors: list[str] = []
        self._in_title = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.tags.add(tag)
        if tag == "a" and "href" in given:
            self.anchors.append(given["href"])
        self.links += [
            given[name]
            for name in ("href", "cite", "src", "action", "formaction", "hx-get", "hx-post")
            if name in given
        ]
        if tag == "html":
            self.lang = given.get("lang", "")
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if "id" in given:
            self.ids.append(given["id"])
        for name in ("aria-labelledby", "aria-describedby", "for"):
            self.wanted.update(given.get(name, "").split())
        if tag == "style" or "style" in given or any(name.startswith("on") for name in given):
            self.inline.append(tag)
        if tag == "script" and "src" not in given:
            self.inline.append(tag)
        self._in_title = tag == "title"

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title += data

    def handle_endtag(self, tag: str) -> None:
        self._in_title = False
