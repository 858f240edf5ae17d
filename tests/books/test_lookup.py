"""What other catalogues say, and that none of them can hurt: answers in the shapes that openBD and NDL Search give."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from django.core.cache import cache

from tsushinbo.books import lookup
from tsushinbo.books.isbn import plain_with_check

pytestmark = pytest.mark.django_db

ISBN = plain_with_check("978400000001")
OPENBD = [{"summary": {"isbn": ISBN, "title": "見本の市政", "volume": "上", "series": "", "publisher": "見本出版", "pubdate": "2024-05", "cover": "https://cover.example/1.jpg", "author": "例示一郎／著"}, "onix": {}}]  # fmt: skip
NDL = f"""<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"
     xmlns:dcndl="http://ndl.go.jp/dcndl/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><channel><title>検索結果</title>
<item><title>見本の市政</title><dc:title>見本の市政 上</dc:title><dc:creator>例示, 一郎</dc:creator><dc:creator>架空, 花子</dc:creator>
<dc:publisher>見本出版</dc:publisher><dcterms:issued>2024.5</dcterms:issued>
<dc:identifier xsi:type="dcndl:NDLBibID">000000001</dc:identifier><dc:identifier xsi:type="dcndl:ISBN">{ISBN[:3]}-{ISBN[3:]}</dc:identifier></item>
<item><title>番号のない本</title></item></channel></rss>"""


class Answer:
    """What requests gives for a streamed answer."""

    def __init__(self, body: bytes, status: int = 200) -> None:
        self.body, self.status_code = body, status

    def __enter__(self) -> "Answer":
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def iter_content(self, size: int) -> Iterator[bytes]:
        for start in range(0, len(self.body), size):
            yield self.body[start : start + size]


class Catalogues:
    """Answers by host, and what was asked."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer | Exception] = {}
        self.asked: list[tuple[str, dict[str, Any], dict[str, Any]]] = []

    def get(self, address: str, params: dict[str, Any], **options: Any) -> Answer:
        self.asked.append((address, params, options))
        answer = self.answers[address]
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.fixture
def catalogues(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Catalogues:
    cache.clear()
    settings.BOOK_SOURCES = ["openbd", "ndl"]
    there = Catalogues()
    there.answers = {lookup.OPENBD: Answer(json.dumps(OPENBD).encode()), lookup.NDL: Answer(NDL.encode())}
    monkeypatch.setattr(requests, "get", there.get)
    return there


def test_openbd_tells_title_writers_publisher_and_month(catalogues: Catalogues) -> None:
    assert lookup.find(ISBN) == lookup.Facts(ISBN, "見本の市政 上", "例示一郎／著", "見本出版", "2024-05", "openbd")


def test_ndl_is_asked_where_openbd_does_not_know_the_book(catalogues: Catalogues) -> None:
    catalogues.answers[lookup.OPENBD] = Answer(b"[null]")
    assert lookup.find(ISBN) == lookup.Facts(
        ISBN, "見本の市政 上", "例示, 一郎、架空, 花子", "見本出版", "2024.5", "ndl"
    )


def test_an_answer_is_kept_and_asked_once(catalogues: Catalogues) -> None:
    assert lookup.find(ISBN) == lookup.find(ISBN)
    assert len(catalogues.asked) == 1


def test_every_question_has_a_time_limit_and_follows_no_redirect(catalogues: Catalogues) -> None:
    lookup.find(ISBN)
    _, _, options = catalogues.asked[0]
    assert options["timeout"] == lookup.TIMEOUT
    assert options["allow_redirects"] is False


def test_words_find_books_that_have_a_number(catalogues: Catalogues) -> None:
    assert [one.isbn for one in lookup.search("見本 市政")] == [ISBN]


@pytest.mark.parametrize(
    "trouble",
    [
        requests.ConnectTimeout(),
        requests.ReadTimeout(),
        requests.ConnectionError(),
        Answer(b"", 500),
        Answer(b"", 302),
        Answer(b"not json"),
        Answer(b"{}"),
        Answer(b"[3]"),
        Answer(b" " * (lookup.MOST_BYTES + 1)),
    ],
    ids=[
        "slow to connect",
        "slow to answer",
        "away",
        "fault",
        "redirect",
        "no JSON",
        "no list",
        "no entry",
        "too long",
    ],
)
def test_a_source_in_trouble_gives_nothing_and_rests(catalogues: Catalogues, trouble: Answer | Exception) -> None:
    catalogues.answers[lookup.OPENBD] = trouble
    assert lookup.find(ISBN).source == "ndl"  # type: ignore[union-attr]
    asked = len(catalogues.asked)
    assert lookup.find(plain_with_check("978400000002")) is None
    assert [address for address, *_ in catalogues.asked[asked:]] == [lookup.NDL]


@pytest.mark.parametrize(
    "hostile",
    [
        b'<!DOCTYPE x [<!ENTITY a "aaaa">]><rss><channel/></rss>',
        b"<rss><channel>",
        '<?xml version="1.0" encoding="UTF-16"?><rss/>'.encode("utf-16"),
    ],
)
def test_xml_made_to_hurt_gives_nothing(catalogues: Catalogues, hostile: bytes) -> None:
    catalogues.answers[lookup.NDL] = Answer(hostile)
    assert lookup.search("本") == []


def test_facts_from_outside_are_cleaned_and_cut(catalogues: Catalogues) -> None:
    summary = OPENBD[0]["summary"] | {"title": "見\u202e本\n" + "長" * 500, "author": None, "volume": 3}  # type: ignore[operator]
    catalogues.answers[lookup.OPENBD] = Answer(json.dumps([{"summary": summary}]).encode())
    facts = lookup.find(ISBN)
    assert facts is not None
    assert facts.title.startswith("見本 長")
    assert len(facts.title) == 200
    assert facts.creators == ""


def test_nobody_is_asked_where_the_operator_says_so(catalogues: Catalogues, settings: Any) -> None:
    settings.BOOK_SOURCES = []
    assert lookup.find(ISBN) is None
    assert lookup.search("本") == []
    assert catalogues.asked == []
