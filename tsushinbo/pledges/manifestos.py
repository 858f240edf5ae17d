"""Reading a manifesto: a table (CSV) or a text (Markdown) of many pledges, as rows for people to look through.

Nothing of it is ever computed or called: a cell that looks like a formula is text like any other.
"""

import csv
import re
from collections.abc import Iterator, Mapping
from io import StringIO
from typing import NamedTuple

from tsushinbo.errors import RuleBroken
from tsushinbo.japanese.folding import fold
from tsushinbo.moderation.text import clean_text

MOST_ROWS = 500
MOST_BYTES = 512 * 1024
# The names of columns as people write them; compared in their folded form.
COLUMNS = {
    "title": ("題名", "タイトル", "件名", "見出し", "公約名", "公約", "title"),
    "text": ("本文", "公約の本文", "内容", "公約の内容", "説明", "詳細", "text"),
    "topic": ("政策分野", "分野", "テーマ", "カテゴリ", "カテゴリー", "topic"),
    "deadline": ("期限", "いつまで", "deadline"),
    "numeric_target": ("数値目標", "目標", "numeric_target"),
    "funding": ("財源", "funding"),
    "authority": ("権限", "authority"),
    "target": ("対象", "target"),
    "election_name": ("選挙", "選挙名", "election"),
    "source_title": ("出典の題名", "出典名", "出典", "source_title"),
    "source_url": ("出典のアドレス", "出典url", "url", "アドレス", "リンク", "source_url"),
    "source_on": ("出典の日付", "公表日", "日付", "source_on"),
    "source_publisher": ("出典の発行元", "発行元", "source_publisher"),
}
NEEDED = ("title", "text")
_BY_NAME = {fold(name): column for column, names in COLUMNS.items() for name in names}
HEADING = re.compile(r"(#{1,6})\s+(.*?)\s*#*\s*")
ITEM = re.compile(r"(\s*)(?:[-*+・●■◆]|\d{1,3}[.)．）])\s*(.+)")
BOLD_TITLE = re.compile(r"(?:\*\*|__)(.+?)(?:\*\*|__)\s*[:：]?\s*(.*)", re.DOTALL)
MARKS = re.compile(r"\*\*|__|`")
SENTENCE = re.compile(r"[^。！？!?\n]+")


class Unread(RuleBroken):
    """The list cannot be read."""


class Manifesto(NamedTuple):
    """The rows, each a column of COLUMNS to its text; and how many lines were no pledge."""

    rows: list[dict[str, str]]
    left_out: int


def decoded(data: bytes) -> str:
    """Read a file in UTF-8 or, as Excel writes it, in CP932. Raises Unread."""
    if len(data) > MOST_BYTES:
        raise Unread(f"ファイルが大きすぎます。{MOST_BYTES // 1024}キロバイトまでにしてください。")
    for encoding in ("utf-8-sig", "cp932"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unread("ファイルの文字を読み取れません。「CSV UTF-8」で保存し直すか、中身を写して貼り付けてください。")


def read(text: str, topics: Mapping[str, str]) -> Manifesto:
    """Read the rows of a table or of a text; headings of a text are the topics of what follows.

    topics: names and other words for policy areas, folded, with the code of each. Raises Unread.
    """
    if len(text.encode(errors="replace")) > MOST_BYTES:
        raise Unread(f"文章が長すぎます。{MOST_BYTES // 1024}キロバイトまでにしてください。")
    text = text.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n").strip()
    if not text:
        raise Unread("一覧が空です。ファイルを選ぶか、中身を貼り付けてください。")
    manifesto = _table(text, topics) or _list(text, topics)
    if not manifesto.rows:
        raise Unread(
            "公約を読み取れません。CSVなら1行目に「題名」か「本文」の見出しを、文章なら公約ごとに「- 」で始まる行を入れてください。"
        )
    return manifesto


def topic_of(words: str, topics: Mapping[str, str]) -> str:
    """The policy area that some words name, "" where they name none: equal first, then the longest that stands in them."""
    folded = fold(words)
    if folded in topics:
        return topics[folded]
    inside = [name for name in topics if len(name) > 1 and name in folded]
    return topics[max(inside, key=len)] if inside else ""


def _table(text: str, topics: Mapping[str, str]) -> Manifesto | None:
    """The rows of a table; None where the first line names no column."""
    head = text.split("\n", 1)[0]
    mark = max(",\t;", key=head.count)
    reader = csv.reader(StringIO(text), delimiter=mark)
    try:
        columns = [_BY_NAME.get(fold(name), "") for name in next(reader)]
        if not set(columns) & set(NEEDED) or head.startswith(("#", "- ")):
            return None
        rows: list[dict[str, str]] = []
        for cells in reader:
            row: dict[str, str] = {}
            for column, cell in zip(columns, cells, strict=False):
                if column and not row.get(column):
                    row[column] = clean_text(cell)
            if any(row.values()):
                _add(rows, row, topics)
    except csv.Error:
        raise Unread(f'{reader.line_num}行目を読み取れません。「"」の数が合っているか、確かめてください。') from None
    return Manifesto(rows, 0)


def _list(text: str, topics: Mapping[str, str]) -> Manifesto:
    """The items of a text in Markdown, each with its topic."""
    rows: list[dict[str, str]] = []
    left_out = 0
    for topic, item in _items(text):
        if item is None:
            left_out += 1
            continue
        bold = BOLD_TITLE.fullmatch(item)
        title = MARKS.sub("", bold[1]) if bold and bold[2] else ""
        body = MARKS.sub("", bold[2] if bold and bold[2] else item)
        _add(rows, {"title": clean_text(title), "text": clean_text(body), "topic": topic}, topics)
    return Manifesto(rows, left_out)


def _items(text: str) -> Iterator[tuple[str, str | None]]:
    """Each item with the headings over it; None for a line that is no part of one. What is indented under an item belongs to it."""
    headings: dict[int, str] = {}
    item: list[str] = []
    indent = 0

    def topic() -> str:
        return " ".join(reversed(list(headings.values())))

    for line in text.split("\n"):
        heading, started = HEADING.fullmatch(line), ITEM.fullmatch(line)
        deeper = bool(item) and line.strip() != "" and len(line) - len(line.lstrip()) > indent
        if deeper and not heading:
            item.append(line.strip())
            continue
        if item and (heading or started or line.strip() == "" or not deeper):
            if line.strip() == "":
                continue
            yield topic(), "\n".join(item)
            item = []
        if heading:
            level = len(heading[1])
            headings = {depth: words for depth, words in headings.items() if depth < level} | {level: heading[2]}
        elif started:
            item, indent = [started[2]], len(started[1])
        elif line.strip():
            yield topic(), None
    if item:
        yield topic(), "\n".join(item)


def _add(rows: list[dict[str, str]], row: dict[str, str], topics: Mapping[str, str]) -> None:
    if len(rows) == MOST_ROWS:
        raise Unread(f"公約が{MOST_ROWS}件を超えています。いくつかに分けてください。")
    row["topic"] = topic_of(row["topic"], topics) if row.get("topic") else ""
    if not row.get("text"):
        row["text"] = row.get("title", "")
    if not row.get("title"):
        first = SENTENCE.search(row["text"])
        row["title"] = " ".join(first[0].split()) if first else ""
    rows.append(row)
