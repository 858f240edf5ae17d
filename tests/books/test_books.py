"""Proposing a book, choosing it, reading of it."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.accounts.factories import UserFactory, log_in_with_second_factor
from tests.activities.factories import MemberReportFactory, ReportFactory
from tests.books.factories import PROPOSED_AT, ChosenFactory, LinkFactory
from tests.people.factories import PoliticianFactory
from tests.pledges.factories import PledgeFactory
from tsushinbo import addresses
from tsushinbo.accounts.models import User
from tsushinbo.books.errors import AlreadyLinked, WasRefused
from tsushinbo.books.isbn import plain_with_check
from tsushinbo.books.lookup import Facts
from tsushinbo.books.models import Book, BookLink
from tsushinbo.books.queries import related_books, suggestions
from tsushinbo.books.services import propose_book
from tsushinbo.moderation.models import DecisionReason, LogEntry
from tsushinbo.moderation.services import decide, hide, restore

pytestmark = pytest.mark.django_db

ISBN = plain_with_check("978400000001")
TYPED = {"isbn": f"978-{ISBN[3:]}", "title": "見本の市政", "creators": "例示 一郎", "publisher": "", "published": "", "why": "市政の入門です。"}  # fmt: skip
FACTS = Facts(ISBN, "見本の市政")


def address_for(target: Any, name: str = "politician") -> str:
    return f"{reverse('books:propose')}?{name}={addresses.encode(target.pk)}"


def decision(link: BookLink) -> str:
    return reverse("moderation:decide", args=[link.kind, link.pk])


@pytest.fixture
def member(client: Client) -> User:
    user = UserFactory.create(display_name="本の虫")
    client.force_login(user)
    return user


@pytest.fixture
def editor(client: Client) -> User:
    user = UserFactory.create(role="editor")
    log_in_with_second_factor(client, user)
    return user


def test_a_members_book_waits_and_an_editor_chooses_it(client: Client, member: User) -> None:
    person = PoliticianFactory.create()
    answer = client.post(address_for(person), TYPED)
    assert answer.status_code == 303
    link = BookLink.objects.get()
    assert (link.isbn, link.state, link.author, link.source) == (ISBN, "pending", member, "person")
    assert Book.objects.count() == 0
    assert client.get(reverse("books:book", args=[ISBN])).status_code == 404
    assert "編集者の確認後に掲載されます" in client.get(answer.url).content.decode()
    other = Client()
    log_in_with_second_factor(other, UserFactory.create(role="editor"))
    assert "市政の入門です。" in other.get(reverse("moderation:desk")).content.decode()
    done = other.post(decision(link), {"deed": "approve", "version": link.version})
    assert done.status_code == 303
    page = Client().get(reverse("books:book", args=[ISBN])).content.decode()
    assert "見本の市政" in page
    assert "市政の入門です。" in page
    assert "見本の市政" in Client().get(person.get_absolute_url()).content.decode()
    assert LogEntry.objects.filter(kind="books.booklink", subject_id=link.pk).count() == 1


def test_an_editors_own_book_is_chosen_with_it(client: Client, editor: User) -> None:
    client.post(address_for(PledgeFactory.create(), "pledge"), TYPED)
    link = BookLink.objects.get()
    assert link.state == "approved"
    assert link.book is not None
    assert LogEntry.objects.filter(deed="approve", actor=editor).count() == 1


def test_without_a_second_factor_an_editor_proposes_like_a_member(client: Client) -> None:
    client.force_login(UserFactory.create(role="editor"))
    client.post(address_for(PoliticianFactory.create()), TYPED)
    assert BookLink.objects.get().state == "pending"
    assert Book.objects.count() == 0


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("isbn", "9784000000011", "チェック用"),
        ("isbn", "", "ISBNが入力されていません"),
        ("title", "", "書名が入力されていません"),
        ("title", "長" * 201, "書名が200字を超えています"),
        ("why", "", "関係の説明が入力されていません"),
    ],
)
def test_bad_input_is_told_beside_the_field_and_nothing_is_lost(
    client: Client, member: User, field: str, value: str, message: str
) -> None:
    answer = client.post(address_for(PoliticianFactory.create()), {**TYPED, field: value})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert message in page
    for name, typed in TYPED.items():
        if name != field and typed:
            assert typed in page
    assert BookLink.objects.count() == 0


def test_who_is_not_logged_in_keeps_what_was_typed(client: Client) -> None:
    person = PoliticianFactory.create()
    assert client.get(address_for(person)).status_code == 302
    answer = client.post(address_for(person), TYPED)
    assert answer.status_code == 403
    assert "市政の入門です。" in answer.content.decode()
    assert BookLink.objects.count() == 0


def test_text_and_number_cannot_break_out_of_the_page(client: Client, editor: User) -> None:
    person = PoliticianFactory.create()
    client.post(address_for(person), {**TYPED, "title": "<script>alert(1)</script>", "why": '"><img src=x onerror=1>'})
    for address in (person.get_absolute_url(), reverse("books:book", args=[ISBN]), reverse("books:books")):
        page = Client().get(address).content.decode()
        assert "<script>alert(1)" not in page
        assert "<img src=x" not in page


def test_a_book_is_proposed_once_for_a_page() -> None:
    person, member = PoliticianFactory.create(), UserFactory.create()
    link = propose_book(target=person, facts=FACTS, why="なぜ", author=member, at=PROPOSED_AT)
    with pytest.raises(AlreadyLinked):
        propose_book(target=person, facts=FACTS, why="なぜ", author=UserFactory.create(), at=PROPOSED_AT)
    decide(
        item=link,
        approve=False,
        by=UserFactory.create(),
        at=PROPOSED_AT,
        reason=DecisionReason.ADVERTISEMENT,
    )
    with pytest.raises(WasRefused):
        propose_book(target=person, facts=FACTS, why="なぜ", author=UserFactory.create(), at=PROPOSED_AT)
    propose_book(target=PledgeFactory.create(), facts=FACTS, why="なぜ", author=member, at=PROPOSED_AT)


def test_the_facts_on_record_hold_against_a_later_proposal() -> None:
    first = ChosenFactory.create(isbn=ISBN, title="正しい書名")
    later = LinkFactory.create(isbn=ISBN, title="ちがう書名")
    decide(item=later, approve=True, by=UserFactory.create(), at=PROPOSED_AT + timedelta(hours=1))
    later.refresh_from_db()
    assert later.book == first.book
    assert Book.objects.get().title == "正しい書名"
    assert related_books(later.politician)[0].book.title == "正しい書名"  # type: ignore[union-attr, arg-type]


def test_what_is_hidden_is_gone_from_page_and_list_and_comes_back() -> None:
    link, moderator = ChosenFactory.create(), UserFactory.create()
    hide(item=link, by=moderator, at=timezone.now(), reason=DecisionReason.UNRELATED)
    assert related_books(link.politician) == []  # type: ignore[arg-type]
    assert Client().get(link.book.get_absolute_url()).status_code == 404
    restore(item=link, by=moderator, at=timezone.now())
    assert Client().get(link.book.get_absolute_url()).status_code == 200


def test_two_editors_decide_a_proposal_once(client: Client, editor: User) -> None:
    link = LinkFactory.create()
    version = link.version
    decide(item=link, approve=True, by=UserFactory.create(display_name="先の人"), at=timezone.now())
    answer = client.post(decision(link), {"deed": "reject", "version": version, "reason": "unrelated"})
    assert answer.status_code == 409
    assert "先の人さんが先に判断しました" in answer.content.decode()
    link.refresh_from_db()
    assert link.state == "approved"


def test_members_choose_no_book(client: Client, member: User) -> None:
    link = LinkFactory.create()
    data = {"deed": "approve", "version": link.version}
    assert client.post(decision(link), data).status_code == 403
    link.refresh_from_db()
    assert link.state == "pending"


def test_no_book_for_what_is_not_public_or_named_twice(client: Client, member: User) -> None:
    hidden = MemberReportFactory.create()
    assert client.get(address_for(hidden, "report")).status_code == 404
    unpublished = PledgeFactory.create(published=False)
    assert client.get(address_for(unpublished, "pledge")).status_code == 404
    assert client.get(reverse("books:propose")).status_code == 404
    person = PoliticianFactory.create()
    both = f"{address_for(person)}&pledge={addresses.encode(PledgeFactory.create().pk)}"
    assert client.get(both).status_code == 404
    assert client.get(f"{reverse('books:propose')}?politician=%00").status_code in {400, 404}


def test_another_site_cannot_send_the_form(client: Client, member: User) -> None:
    answer = client.post(address_for(PoliticianFactory.create()), TYPED, HTTP_SEC_FETCH_SITE="cross-site")
    assert answer.status_code == 403
    assert BookLink.objects.count() == 0


def test_a_member_can_send_only_so_many(client: Client, member: User, settings: Any) -> None:
    settings.RATE_BOOKS_PER_ACCOUNT = 1
    assert client.post(address_for(PoliticianFactory.create()), TYPED).status_code == 303
    answer = client.post(address_for(PoliticianFactory.create()), TYPED)
    assert answer.status_code == 429
    assert "市政の入門です。" in answer.content.decode()


def test_suggestions_come_from_the_name_and_the_topic() -> None:
    pledge = PledgeFactory.create(politician=PoliticianFactory.create(name="見本太郎"))
    same_topic = ChosenFactory.create(politician=None, pledge=PledgeFactory.create(policy_area=pledge.policy_area))
    names_him = ChosenFactory.create(title="見本太郎の仕事")
    ChosenFactory.create(title="ほかの本")
    assert {book.isbn for book in suggestions(pledge)} == {same_topic.isbn, names_him.isbn}
    propose_book(target=pledge, facts=Facts(names_him.isbn, "x"), why="y", author=UserFactory.create(), at=PROPOSED_AT)
    assert {book.isbn for book in suggestions(pledge)} == {same_topic.isbn}


def test_a_book_says_where_it_stands_and_nothing_that_is_not_public(client: Client) -> None:
    report = ReportFactory.create(title="見える報告")
    shown = ChosenFactory.create(politician=None, report=report)
    ChosenFactory.create(politician=None, isbn=shown.isbn, report=MemberReportFactory.create(title="見えない報告"))
    page = client.get(shown.book.get_absolute_url()).content.decode()
    assert "見える報告" in page
    assert "見えない報告" not in page


def test_lists_and_pages_cost_a_fixed_number_of_queries(client: Client, django_assert_max_num_queries: Any) -> None:
    links = [ChosenFactory.create() for _ in range(12)]
    with django_assert_max_num_queries(3):
        client.get(reverse("books:books"))
    with django_assert_max_num_queries(3):
        client.get(links[0].book.get_absolute_url())


def test_shops_of_the_operator_are_linked_with_the_number(client: Client, settings: Any) -> None:
    settings.BOOKSHOPS = [("まちの本屋", "https://shop.example/{isbn}")]
    link = ChosenFactory.create()
    assert f'href="https://shop.example/{link.isbn}"' in client.get(link.book.get_absolute_url()).content.decode()


def test_the_list_names_every_book_that_stands_on_a_page(client: Client) -> None:
    shown, waiting = ChosenFactory.create(title="歩いて測るまちの安全"), LinkFactory.create(title="確認待ちの本")
    page = client.get(reverse("books:books")).content.decode()
    assert shown.book.get_absolute_url() in page
    assert "1冊" in page
    assert waiting.title not in page
