"""反論・回答: one pinned answer to a comment, an assessment or a piece of evidence."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.accounts.factories import UserFactory
from tests.activities.factories import ReportFactory
from tests.comments.factories import CommentFactory
from tests.evaluations.assessing import assess, self_assess
from tests.people.factories import DelegateFactory, PoliticianFactory
from tests.pledges.factories import PartyPledgeFactory, PledgeFactory
from tests.pledges.weighing import propose, settled
from tsushinbo.accounts.membership import close_account
from tsushinbo.accounts.models import User
from tsushinbo.accounts.queries import exported
from tsushinbo.accounts.roles import Role
from tsushinbo.comments.models import Comment
from tsushinbo.moderation.services import NotYours, confirm, decide, hide
from tsushinbo.notices.models import Kind, Notice, Subject
from tsushinbo.notices.services import fan_out, follow
from tsushinbo.people.models import Delegate, Politician
from tsushinbo.replies.errors import NotSpokenFor, NotToBeAnswered, ReplyMoved
from tsushinbo.replies.models import Reply
from tsushinbo.replies.queries import Answerable, answered_by, waiting_for
from tsushinbo.replies.services import answer

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 26, 3, 0, tzinfo=UTC)
KINDS = ("comment", "assessment", "evidence")
type Make = Callable[[str], Answerable]


@pytest.fixture
def politician() -> Politician:
    return PoliticianFactory.create()


@pytest.fixture
def office(politician: Politician) -> User:
    return DelegateFactory.create(politician=politician).user


@pytest.fixture
def make(politician: Politician) -> Make:
    """Something public that others wrote about the politician, of each kind."""

    def made(kind: str) -> Answerable:
        if kind == "comment":
            return CommentFactory.create(
                report=ReportFactory.create(politician=politician), author=UserFactory.create(), writer=None
            )
        pledge = PledgeFactory.create(politician=politician)
        if kind == "assessment":
            said = assess(pledge, UserFactory.create(), comment="予算が足りません。")
            decide(item=said, approve=True, by=UserFactory.create(), at=AT)
            return said
        shown = settled(pledge).evidence
        assert shown is not None
        return shown

    return made


def reply(target: Answerable, author: User, body: str = "来年度に実施します。", seen: str = "") -> Reply:
    return answer(target=target, author=author, body=body, seen=seen, at=AT)


def address_of(target: Answerable) -> str:
    return reverse("replies:reply", args=[target._meta.model_name, target.pk])


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize("kind", KINDS)
def test_an_answer_is_public_at_once_below_what_it_answers_and_its_writer_is_told(
    office: User, make: Make, kind: str
) -> None:
    target = make(kind)
    made = reply(target, office)
    assert (made.author, made.target, made.is_public(), made.decided_at) == (office, target, True, None)
    page = Client().get(made.about, follow=True).content.decode()
    assert "来年度に実施します。" in page
    assert "さんの反論・回答" in page
    writer = target.proposed_by if kind == "evidence" else target.author  # type: ignore[union-attr]
    assert Notice.objects.filter(user=writer, kind=Kind.REPLY).count() == 1


def test_an_answer_that_cannot_be_recorded_now_stays_on_the_page(
    office: User, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(**said: object) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr("tsushinbo.replies.services.answer", locked)
    response = logged_in(office).post(address_of(make("comment")), {"body": "違います。", "seen": ""})
    assert (response.status_code, response.headers["Retry-After"]) == (503, "5")
    assert "違います。" in response.content.decode()
    assert not Reply.objects.exists()


def test_what_another_politicians_office_says_may_be_answered_and_ones_own_not(
    politician: Politician, office: User
) -> None:
    other = DelegateFactory.create().user
    report = ReportFactory.create(politician=politician)
    theirs, own = (
        CommentFactory.create(report=report, author=who, writer=None, by_owner=True) for who in (other, office)
    )
    assert answer(target=theirs, author=office, body="違います。", seen="", at=AT).comment == theirs
    with pytest.raises(NotToBeAnswered):
        answer(target=own, author=office, body="違います。", seen="", at=AT)


@pytest.mark.parametrize("kind", KINDS)
def test_who_follows_a_report_is_told_of_answers_to_its_comments(office: User, make: Make, kind: str) -> None:
    target, reader = make(kind), UserFactory.create()
    subject = target.report if isinstance(target, Comment) else target.pledge
    follow(user=reader, subject=Subject.REPORT if kind == "comment" else Subject.PLEDGE, subject_id=subject.pk, at=AT)
    reply(target, office)
    fan_out(at=AT)
    told = Notice.objects.filter(user=reader, kind=Kind.REPLY)
    assert [notice.title.endswith("へのコメントに回答しました") for notice in told] == (
        [True] if kind == "comment" else []
    )


@pytest.mark.parametrize("kind", KINDS)
def test_there_is_one_answer_and_an_earlier_wording_stays_readable(office: User, make: Make, kind: str) -> None:
    target = make(kind)
    first = reply(target, office)
    with pytest.raises(ReplyMoved):
        reply(target, office, "二つ目の回答です。")
    second = reply(target, office, "再来年度に実施します。", seen=first.changed_at.isoformat())
    assert second.pk == first.pk
    assert [row.body for row in second.revisions.all()] == ["来年度に実施します。"]
    page = Client().get(second.about, follow=True).content.decode()
    assert page.index("再来年度に実施します。") < page.index("変更前の文面を見る")
    assert Notice.objects.filter(kind=Kind.REPLY).count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        Reply.objects.create(
            politician=first.politician,
            author=office,
            body="x",
            made_at=AT,
            changed_at=AT,
            submitted_at=AT,
            **{kind: target},
        )


@pytest.mark.parametrize("targets", [(), ("comment", "evidence"), KINDS])
def test_the_database_wants_exactly_one_target(
    office: User, politician: Politician, make: Make, targets: tuple[str, ...]
) -> None:
    rows = {kind: make(kind) for kind in targets}
    with pytest.raises(IntegrityError), transaction.atomic():
        Reply.objects.create(
            politician=politician, author=office, body="x", made_at=AT, changed_at=AT, submitted_at=AT, **rows
        )


@pytest.mark.parametrize("kind", KINDS)
def test_nobody_else_answers(office: User, make: Make, kind: str) -> None:
    target = make(kind)
    others = [UserFactory.create(), DelegateFactory.create().user, UserFactory.create(role=Role.MODERATOR)]
    for other in others:
        with pytest.raises(NotSpokenFor):
            reply(target, other)
        client = logged_in(other)
        assert client.get(address_of(target)).status_code == 404
        assert client.post(address_of(target), {"body": "なりすまし", "seen": ""}).status_code == 404
    assert Client().post(address_of(target), {"body": "x"}).headers["Location"].startswith("/accounts/login/")
    assert not Reply.objects.exists()


def test_what_is_not_public_is_not_answered(office: User, politician: Politician) -> None:
    report, pledge = ReportFactory.create(politician=politician), PledgeFactory.create(politician=politician)
    hidden = [
        CommentFactory.create(report=report, state="pending"),
        CommentFactory.create(report=report, state="hidden"),
        CommentFactory.create(report=report, by_owner=True),
        CommentFactory.create(report=ReportFactory.create(politician=politician, state="rejected")),
        assess(pledge, UserFactory.create(), comment="確認待ち"),
        assess(pledge, UserFactory.create()),
        self_assess(pledge, office, comment="自分の評価"),
        propose(pledge),
    ]
    for target in hidden:
        with pytest.raises(NotToBeAnswered):
            reply(target, office)
        assert logged_in(office).get(address_of(target)).status_code == 404
    assert waiting_for(politician, AT).total == 0


def test_a_partys_pledge_has_nobody_who_answers(office: User) -> None:
    said = assess(PartyPledgeFactory.create(), UserFactory.create(), comment="まだです。")
    decide(item=said, approve=True, by=UserFactory.create(), at=AT)
    with pytest.raises(NotSpokenFor):
        reply(said, office)


def test_what_was_answered_waits_no_more(office: User, politician: Politician, make: Make) -> None:
    targets = [make(kind) for kind in KINDS]
    assert [group.total for group in waiting_for(politician, AT).groups] == [1, 1, 1]
    for target in targets:
        reply(target, office)
    assert waiting_for(politician, AT).total == 0
    assert {target.kind for target in answered_by(politician, AT)} == set(KINDS)
    page = logged_in(office).get(reverse("office:politician", args=[politician.pk])).content.decode()
    assert page.count("」を直す</a>") == 3


def test_a_member_of_the_team_answers_and_the_record_keeps_who(
    office: User, politician: Politician, make: Make
) -> None:
    member = DelegateFactory.create(politician=politician, role=Delegate.Role.TEAM).user
    first = reply(make("comment"), office)
    second = reply(first.target, member, "直しました。", seen=first.changed_at.isoformat())
    assert second.author == member
    assert second.revisions.get().replaced_by == member


def test_it_is_looked_at_after_and_one_that_was_hidden_waits_when_it_is_changed(office: User, make: Make) -> None:
    made = reply(make("comment"), office)
    assert list(Reply.unseen()) == [made]
    moderator = UserFactory.create(role=Role.MODERATOR)
    with pytest.raises(NotYours):
        confirm(item=made, by=office, at=AT)
    confirm(item=made, by=moderator, at=AT)
    assert not Reply.unseen().exists()
    made.refresh_from_db()
    hide(item=made, by=moderator, at=AT)
    made.refresh_from_db()
    assert "来年度に実施します。" not in Client().get(made.about, follow=True).content.decode()
    changed = reply(made.target, office, "言い方を改めます。", seen=made.changed_at.isoformat())
    assert changed.state == Reply.State.PENDING
    assert not changed.revisions.exists()


def test_a_delegate_of_the_politician_does_not_judge_it_as_a_moderator(
    office: User, politician: Politician, make: Make
) -> None:
    made = reply(make("comment"), office)
    colleague = DelegateFactory.create(politician=politician, user=UserFactory.create(role=Role.MODERATOR)).user
    with pytest.raises(NotYours):
        hide(item=made, by=colleague, at=AT)


def test_the_form_shows_what_is_answered_and_loses_nothing(office: User, make: Make) -> None:
    target, client = make("assessment"), logged_in(office)
    assert "予算が足りません。" in client.get(address_of(target)).content.decode()
    assert client.post(address_of(target), {"body": ""}).status_code == 422
    long = client.post(address_of(target), {"body": "あ" * 2001})
    assert long.status_code == 422
    assert "1字以上けずってください" in long.content.decode()
    assert "あ" * 2001 in long.content.decode()
    assert client.post(address_of(target), {"body": "<b>回答</b>", "seen": "", "state": "hidden"}).status_code == 303
    made = Reply.objects.get()
    assert made.is_public()
    assert "&lt;b&gt;回答&lt;/b&gt;" in client.get(made.about).content.decode()
    late = client.post(address_of(target), {"body": "別の回答", "seen": ""})
    assert late.status_code == 409
    assert "別の回答" in late.content.decode()
    assert client.get(reverse("replies:reply", args=["pledge", 1])).status_code == 404


@pytest.mark.parametrize("kind", ["comment", "assessment"])
def test_many_answers_cost_no_more_queries(politician: Politician, office: User, kind: str) -> None:
    report, pledge = ReportFactory.create(politician=politician), PledgeFactory.create(politician=politician)

    def fill(times: int) -> None:
        for _ in range(times):
            if kind == "comment":
                target: Answerable = CommentFactory.create(report=report)
            else:
                target = assess(pledge, UserFactory.create(), comment="まだです。")
                decide(item=target, approve=True, by=UserFactory.create(), at=AT)
            first = reply(target, office)
            reply(target, office, "直しました。", seen=first.changed_at.isoformat())

    path = report.get_absolute_url() if kind == "comment" else reverse("evaluations:assessments", args=[pledge.pk])
    fill(1)
    Client().get(path)
    with CaptureQueriesContext(connection) as few:
        Client().get(path)
    fill(4)
    with CaptureQueriesContext(connection) as many:
        page = Client().get(path).content.decode()
    assert page.count("さんの反論・回答") == 5
    assert len(many) == len(few)


def test_the_stamp_stands_beside_what_was_written_under_it(office: User, politician: Politician, make: Make) -> None:
    made = reply(make("assessment"), office)
    assert "本人確認済み" in Client().get(made.about).content.decode()
    Delegate.objects.update(since=AT + timedelta(days=1))
    assert "本人確認済み" not in Client().get(made.about).content.decode()


def test_the_account_holder_takes_answers_along_and_they_stay_when_it_closes(office: User, make: Make) -> None:
    made = reply(make("comment"), office)
    (row,) = exported(office)["replies"]
    assert (row["answers"], row["body"]) == ("comment", made.body)
    close_account(user=office)
    assert Reply.objects.filter(pk=made.pk).exists()
