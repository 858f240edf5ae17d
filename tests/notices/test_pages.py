"""The bell, the list of follows, the button on public pages, and whose they are."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from tests.accounts.factories import UserFactory
from tests.activities.factories import ReportFactory
from tests.notices.factories import NOON, followed
from tests.people.factories import AreaFactory, PartyFactory, PoliticianFactory
from tsushinbo.accounts.models import User
from tsushinbo.notices import services
from tsushinbo.notices.models import Follow, Kind, MailChoice, Notice, Subject

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
BELL, FOLLOWS, MAIL = "/accounts/notices/", "/accounts/follows/", "/accounts/notices/mail/"


@pytest.fixture
def member(client: Client) -> User:
    user = UserFactory.create()
    client.force_login(user)
    return user


def html(client: Client, address: str, **more: Any) -> str:
    answer = client.get(address, **more)
    assert answer.status_code == 200
    return str(answer.content.decode())


def tell(user: User, title: str, minutes: int = 0) -> Notice:
    services.tell(
        users=[user.pk], kind=Kind.PLEDGE, title=title, url="/pledges/1/", at=NOON + timedelta(minutes=minutes)
    )
    return Notice.objects.get(user=user, title=title)


def button(number: int, subject: str = "politician") -> str:
    return reverse("notices:follow", args=[subject, number])


def test_the_bell_shows_unread_first(client: Client, member: User) -> None:
    for minutes, title in enumerate(("古い未読", "新しい既読", "新しい未読")):
        tell(member, title, minutes)
    services.mark_read(user=member, at=NOON + timedelta(hours=1), only=Notice.objects.get(title="新しい既読").pk)
    page = html(client, BELL)
    assert page.index("新しい未読") < page.index("古い未読") < page.index("新しい既読</a>")
    assert '<span class="vh">未読のお知らせ</span>2<span class="vh">件</span>' in page
    assert client.get(BELL).headers["Cache-Control"] == "no-store"


def test_all_are_marked_as_read_or_one(client: Client, member: User) -> None:
    first, _ = tell(member, "一つ目"), tell(member, "二つ目")
    client.post(BELL, {"read": str(first.pk)})
    assert Notice.objects.filter(read_at=None).get().title == "二つ目"
    client.post(BELL, {"read": "all"})
    assert not Notice.objects.filter(read_at=None).exists()
    assert "未読" not in html(client, BELL)


def test_what_was_opened_is_read_without_a_word(client: Client, member: User) -> None:
    first, _ = tell(member, "一つ目"), tell(member, "二つ目")
    client.post(BELL, {"read": str(first.pk), "opened": "1"})
    assert "既読にしました" not in client.get(BELL).content.decode()
    assert Notice.objects.get(read_at=None).title == "二つ目"
    client.post(BELL, {"read": "all"})
    assert "1件を既読にしました" in client.get(BELL).content.decode()


def test_nobody_reads_or_marks_anothers(client: Client, member: User) -> None:
    others = tell(UserFactory.create(), "ほかの人の")
    assert "ほかの人の" not in html(client, BELL)
    for read in (str(others.pk), "all", "x", "-1", "9" * 30, "²"):
        assert client.post(BELL, {"read": read}).status_code == 302
    others.refresh_from_db()
    assert others.read_at is None


@pytest.mark.parametrize("address", [BELL, FOLLOWS, MAIL])
def test_who_is_not_logged_in_is_led_to_the_log_in(client: Client, address: str) -> None:
    for answer in (client.get(address), client.post(address, {"read": "all", "pace": "off"})):
        assert answer.headers["Location"] == f"/accounts/login/?next={address}"


def test_a_long_list_costs_no_more(
    client: Client, member: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(35):
        tell(member, f"お知らせ{number}", number)
        followed(member, PoliticianFactory())
    services.follow(user=member, subject=Subject.AREA, subject_id=AreaFactory().pk, at=NOON)
    client.get(BELL)
    with django_assert_num_queries(7):  # session, account, count, rows, unread twice, note of use
        html(client, BELL)
    assert "お知らせ0<" in html(client, f"{BELL}?page=2")
    with django_assert_num_queries(8):  # as above, and a name for each kind
        html(client, FOLLOWS)


def test_what_is_gone_from_the_site_can_still_be_dropped(client: Client, member: User) -> None:
    Follow.objects.create(user=member, subject="report", subject_id=5, followed_at=NOON)
    assert "なくなったページ" in html(client, FOLLOWS)
    for drop in ("report", "report:", "x:5", "report:²", "report:-5"):
        client.post(FOLLOWS, {"drop": drop})
    assert Follow.objects.exists()
    client.post(FOLLOWS, {"drop": "report:5"})
    assert not Follow.objects.exists()


def test_nobody_drops_anothers_follow(client: Client, member: User) -> None:
    politician = PoliticianFactory()
    followed(UserFactory.create(), politician)
    client.post(FOLLOWS, {"drop": f"politician:{politician.pk}"})
    client.post(button(politician.pk), {"choice": "unfollow"})
    assert Follow.objects.exists()


def test_the_button_follows_and_says_so(client: Client, member: User) -> None:
    politician = PoliticianFactory()
    answer = client.post(button(politician.pk), {"choice": "follow"}, follow=True)
    assert "フォローしています。" in answer.content.decode()
    assert Follow.objects.get().user == member
    assert answer.headers["Cache-Control"] == "no-store"
    assert politician.spaced_name in html(client, FOLLOWS)
    client.post(button(politician.pk), {"choice": "unfollow"})
    assert not Follow.objects.exists()


def test_with_script_the_button_is_swapped_in_place(client: Client, member: User) -> None:
    politician = PoliticianFactory()
    asked = client.get(button(politician.pk), headers=HTMX).content.decode()
    assert 'value="follow"' in asked
    assert "hx-trigger" not in asked
    assert "フォロー中" in client.post(button(politician.pk), {"choice": "follow"}, headers=HTMX).content.decode()


def test_who_is_not_logged_in_goes_through_the_log_in_and_back(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    address = button(PoliticianFactory().pk)
    login = f"/accounts/login/?next={address}"
    with django_assert_num_queries(0):
        assert client.get(address, headers=HTMX).status_code == 204
        assert client.post(address, {"choice": "follow"}).headers["Location"] == login
        assert client.post(address, {"choice": "follow"}, headers=HTMX).headers["HX-Redirect"] == login
    assert not Follow.objects.exists()


def test_another_site_makes_nobody_follow(member: User, client: Client) -> None:
    address = button(PoliticianFactory().pk)
    answer = client.post(address, {"choice": "follow"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(member)
    assert strict.post(BELL, {"read": "all"}).status_code == 403
    assert not Follow.objects.exists()


@pytest.mark.parametrize("subject", ["politician", "pledge", "report", "party", "area"])
def test_what_is_not_there_cannot_be_followed(client: Client, member: User, subject: str) -> None:
    assert client.get(button(5, subject)).status_code == 404
    assert client.post(button(5, subject)).status_code == 404


def test_a_kind_that_is_none_is_not_found(client: Client, member: User) -> None:
    assert client.post("/follow/user/0000000005/").status_code == 404


def test_the_way_back_stays_on_the_site(client: Client) -> None:
    address = button(PartyFactory().pk, "party")
    answer = client.post(f"{address}?next=https://bad.example/", {"choice": "follow", "next": "//bad.example/"})
    assert answer.headers["Location"] == f"/accounts/login/?next={address}"


def test_public_pages_carry_the_button_without_a_cookie(client: Client) -> None:
    prefecture = AreaFactory(code="010006")
    for subject, number, page in (
        ("politician", (person := PoliticianFactory()).pk, person.get_absolute_url()),
        ("party", (party := PartyFactory()).pk, party.get_absolute_url()),
        ("area", 10006, prefecture.get_absolute_url()),
        ("report", (report := ReportFactory.create()).pk, report.get_absolute_url()),
    ):
        answer = client.get(page)
        assert f'action="{button(number, subject)}"' in answer.content.decode()
        assert not answer.cookies


def test_a_report_offers_what_follows_its_comments(client: Client, member: User) -> None:
    report = ReportFactory.create()
    assert "コメントの続きを受け取る" in client.get(report.get_absolute_url()).content.decode()
    answer = client.post(button(report.pk, "report"), {"choice": "follow"}, follow=True).content.decode()
    assert "コメントの受け取りをやめる" in answer
    assert f"コメントの続きを受け取っています：{report.title}" in answer
    assert report.title in html(client, FOLLOWS)


def test_mail_is_chosen_by_pace_and_kind(client: Client, member: User) -> None:
    assert html(client, MAIL).count(" checked") == 1 + len(Kind) - 1
    client.post(MAIL, {"pace": "weekly", "kinds": ["pledge", "report"]})
    choice = MailChoice.objects.get(user=member)
    assert choice.pace == "weekly"
    assert set(choice.kinds_off) == set(Kind.values) - {"pledge", "report", "desk"}


@pytest.mark.parametrize("hostile", [{}, {"pace": "hourly"}, {"pace": "off", "kinds": ["desk"]}, {"pace": "\x00"}])
def test_a_choice_that_cannot_be_read_is_said_beside_the_field(
    client: Client, member: User, hostile: dict[str, Any]
) -> None:
    answer = client.post(MAIL, hostile)
    assert answer.status_code == 422
    assert 'class="err"' in answer.content.decode()
    assert not MailChoice.objects.exists()


def test_the_button_of_a_member_brings_the_way_to_their_own_page(client: Client, member: User) -> None:
    politician = PoliticianFactory.create()
    assert "マイページ" not in client.get(politician.get_absolute_url()).content.decode()
    asked = client.get(button(politician.pk), headers=HTMX).content.decode()
    assert 'hx-swap-oob="outerHTML:.log-in"' in asked
    assert "マイページ" in asked
    assert "hx-swap-oob" not in client.get(button(politician.pk)).content.decode()
