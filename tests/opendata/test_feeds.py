"""Atom feeds: well-formed, public things alone, steady names, and a number of queries that does not grow."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.accounts.factories import UserFactory
from tests.activities.factories import MemberReportFactory, ReportFactory
from tests.cast import Cast, make_cast
from tests.people.factories import PoliticianFactory
from tests.pledges.factories import PledgeFactory
from tests.search.factories import indexed
from tsushinbo.pledges.models import Evidence, Pledge, StatusChange

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
AT = datetime(2026, 11, 20, tzinfo=UTC)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def read(client: Client, address: str) -> ElementTree.Element:
    """The feed, with what RFC 4287 asks of every feed and entry. It is our own answer, and holds no DTD in which entities could hide."""
    indexed()
    response = client.get(address)
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert b"<!DOCTYPE" not in response.content
    feed = ElementTree.fromstring(response.content)  # noqa: S314 - see above
    assert feed.tag == f"{ATOM}feed"
    for of in (feed, *feed.iter(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            [only] = of.findall(f"{ATOM}{name}")
            assert only.text
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
    assert links["self"] == response.wsgi_request.build_absolute_uri()
    assert feed.find(f"{ATOM}author/{ATOM}name") is not None
    return feed


def titles(feed: ElementTree.Element) -> list[str]:
    return [entry.findtext(f"{ATOM}title", "") for entry in feed.iter(f"{ATOM}entry")]


def evidenced(pledge: Pledge, number: int = 1, **of: object) -> Evidence:
    """Confirmed evidence with its change of status."""
    shown = Evidence.objects.create(
        pledge=pledge, title="予算の概要", url="https://www.example.com/yosan/", publisher="見本市", dated_on="2026-11-01",
        shows="計上されました。", proposed_status="started", proposed_by=UserFactory(), proposed_at=AT, state="confirmed",
        decided_by=UserFactory(), decided_at=AT,
    )  # fmt: skip
    StatusChange.objects.create(
        pledge=pledge, number=number, status_before="unrated", overdue_before=False, withdrawn_before=False, status_after="started",
        overdue_after=False, withdrawn_after=False, evidence=shown, changed_by=UserFactory(), changed_at=AT,
    )  # fmt: skip
    return shown


ADDRESSES: dict[str, Callable[[Cast], str]] = {
    "pledges": lambda _: "/feeds/pledges/",
    "activities": lambda _: "/feeds/activities/",
    "evidence": lambda _: "/feeds/evidence/",
    "politician": lambda cast: reverse("opendata:politician-feed", args=[cast.member.pk]),
    "prefecture": lambda cast: f"/feeds/areas/{cast.prefecture.pk}/",
    "ward": lambda cast: f"/feeds/areas/{cast.ward.pk}/",
    "search": lambda _: "/feeds/search/?q=%E7%B5%A6%E9%A3%9F%E8%B2%BB",
}


@pytest.mark.parametrize("name", ADDRESSES)
def test_each_feed_is_atom_and_may_be_held_and_asked_again(client: Client, cast: Cast, name: str) -> None:
    evidenced(cast.pledge)
    address = ADDRESSES[name](cast)
    assert titles(read(client, address))
    first = client.get(address)
    assert first.headers["Cache-Control"].startswith("public, max-age=")
    assert first.headers["Vary"] == "Accept-Encoding"
    assert not first.cookies
    assert client.get(address, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    assert client.post(address).status_code == 405


@pytest.mark.parametrize("name", ADDRESSES)
def test_a_feed_costs_the_same_with_more_in_it(client: Client, cast: Cast, name: str) -> None:
    address, counts = ADDRESSES[name](cast), []
    for number in (1, 5):
        for more in range(number):
            pledge = PledgeFactory(
                politician=cast.member, policy_area=cast.pledge.policy_area, title="給食費を下げます"
            )
            evidenced(pledge, more + 1)
            ReportFactory(politician=cast.member)
        indexed()
        with CaptureQueriesContext(connection) as taken:
            client.get(address)
        counts.append(len(taken))
    assert counts[0] == counts[1] <= 6


def test_a_feed_holds_public_things_alone(client: Client, cast: Cast) -> None:
    PledgeFactory(politician=cast.member, policy_area=cast.pledge.policy_area, title="非公開の公約", published=False)
    MemberReportFactory(politician=cast.member, title="確認待ちの報告")
    ReportFactory(politician=cast.member, title="これからの報告", publish_at=datetime.now(UTC) + timedelta(hours=1))
    waiting = evidenced(cast.pledge)
    StatusChange.objects.all().delete()
    waiting.title = "まだ確かめていない根拠"
    waiting.save()
    for address in (one(cast) for one in ADDRESSES.values()):
        text = client.get(address).content.decode()
        for hidden in ("非公開の公約", "確認待ちの報告", "これからの報告", "まだ確かめていない根拠"):
            assert hidden not in text, address


def test_the_newest_comes_first_and_the_feed_says_when_it_changed(client: Client, cast: Cast) -> None:
    late = datetime(2027, 1, 2, 3, 4, 5, tzinfo=UTC)
    PledgeFactory(
        politician=cast.member,
        policy_area=cast.pledge.policy_area,
        title="最後の公約",
        created_at=late,
        changed_at=late,
    )
    feed = read(client, "/feeds/pledges/")
    assert titles(feed)[0] == f"{cast.member}：最後の公約"
    assert feed.findtext(f"{ATOM}updated") == "2027-01-02T03:04:05+00:00"


def test_names_of_entries_do_not_depend_on_how_the_site_was_reached(client: Client, cast: Cast) -> None:
    def ids(**how: object) -> list[str]:
        content = client.get("/feeds/pledges/", **how).content  # type: ignore[arg-type]
        return [str(one.text) for one in ElementTree.fromstring(content).iter(f"{ATOM}id")]  # noqa: S314

    assert ids() == ids(headers={"host": "localhost"}) == ids(secure=True)
    assert all(name.startswith("tag:") for name in ids())
    assert len(set(ids())) == len(ids())


def test_text_of_others_is_text(client: Client, cast: Cast) -> None:
    cruel = "<script>alert(1)</script> & ]]> \x0b"
    PledgeFactory(politician=cast.member, policy_area=cast.pledge.policy_area, title=cruel, text=cruel)
    entry = next(
        one
        for one in read(client, "/feeds/pledges/").iter(f"{ATOM}entry")
        if "alert" in one.findtext(f"{ATOM}title", "")
    )
    assert "<script>alert(1)</script> & ]]>" in entry.findtext(f"{ATOM}title", "")
    summary = entry.find(f"{ATOM}summary")
    assert summary is not None
    assert summary.get("type") == "html"
    assert summary.text is not None
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in summary.text
    assert "<script" not in summary.text


def test_an_area_has_the_pledges_of_who_serves_it(client: Client, cast: Cast) -> None:
    ward = titles(read(client, f"/feeds/areas/{cast.ward.pk}/"))
    assert ward == [f"{cast.mayor}：{cast.unjudged.title}"]
    assert len(titles(read(client, f"/feeds/areas/{cast.prefecture.pk}/"))) > 1


def test_what_is_not_there_is_not_found_and_who_was_merged_is_sent_on(client: Client, cast: Cast) -> None:
    for address in ("/feeds/politicians/0000000000/", "/feeds/areas/999999/", "/feeds/search/", "/feeds/search/?q=+"):
        assert client.get(address).status_code == 404, address
    merged = PoliticianFactory(merged_into=cast.member)
    moved = client.get(reverse("opendata:politician-feed", args=[merged.pk]))
    assert moved.status_code == 301
    assert moved.headers["Location"] == ADDRESSES["politician"](cast)


def test_an_empty_feed_stands_and_can_be_held(client: Client, db: None) -> None:
    assert titles(read(client, "/feeds/evidence/")) == []
    first = client.get("/feeds/evidence/")
    assert client.get("/feeds/evidence/", headers={"If-None-Match": first.headers["ETag"]}).status_code == 304


def test_pages_say_where_their_feed_is(client: Client, cast: Cast) -> None:
    pages = {
        "/": "/feeds/pledges/",
        "/pledges/": "/feeds/evidence/",
        "/activities/": "/feeds/activities/",
        cast.member.get_absolute_url(): ADDRESSES["politician"](cast),
        cast.ward.get_absolute_url(): ADDRESSES["ward"](cast),
        "/search/?q=給食費": ADDRESSES["search"](cast),
    }
    for page, address in pages.items():
        assert (
            f'<link rel="alternate" type="application/atom+xml" href="{address}"' in client.get(page).content.decode()
        )
        assert client.get(address).status_code == 200
