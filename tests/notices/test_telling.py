"""Who is told what: by name, and by following."""

from datetime import timedelta
from typing import Any

import pytest

from tests.accounts.factories import UserFactory
from tests.notices.factories import NOON, followed
from tests.people.factories import AreaFactory, PoliticianFactory
from tests.pledges.factories import PledgeFactory
from tsushinbo.notices import services
from tsushinbo.notices.errors import FollowsTooMany, NothingToFollow
from tsushinbo.notices.models import Event, Follow, Kind, Notice, Subject
from tsushinbo.notices.services import follows, telling
from tsushinbo.people.models import Politician

pytestmark = pytest.mark.django_db
NEWS: dict[str, Any] = {"kind": Kind.PLEDGE, "title": "給食費を無償にします", "url": "/pledges/1/"}


def tell_followers_of(politician: Politician, **more: Any) -> None:
    services.tell_followers(subject=Subject.POLITICIAN, subject_id=politician.pk, at=NOON, **{**NEWS, **more})


def test_who_is_named_is_told_at_once() -> None:
    user, gone = UserFactory(), UserFactory(is_active=False)
    services.tell(users=[user.pk, user.pk, gone.pk, 999], at=NOON, **NEWS)
    [notice] = Notice.objects.all()
    assert (notice.user, notice.title, notice.read_at) == (user, "給食費を無償にします", None)


def test_followers_are_told_by_the_worker() -> None:
    user, politician = UserFactory(), PoliticianFactory()
    followed(user, politician)
    tell_followers_of(politician)
    assert not Notice.objects.exists()
    assert services.fan_out(at=NOON) == 1
    assert Notice.objects.get().user == user
    assert not Event.objects.exists()


def test_who_did_it_and_who_follows_only_since_are_not_told() -> None:
    doer, late, politician = UserFactory(), UserFactory(), PoliticianFactory()
    followed(doer, politician)
    services.follow(user=late, subject=Subject.POLITICIAN, subject_id=politician.pk, at=NOON + timedelta(seconds=1))
    tell_followers_of(politician, spare=doer.pk)
    services.fan_out(at=NOON + timedelta(minutes=1))
    assert not Notice.objects.exists()


def test_what_is_news_later_is_told_later() -> None:
    user, politician = UserFactory(), PoliticianFactory()
    followed(user, politician)
    tell_followers_of(politician)
    assert services.fan_out(at=NOON - timedelta(seconds=1)) == 0
    assert Event.objects.count() == 1


def test_a_great_following_is_told_in_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telling, "BATCH", 2)
    politician = PoliticianFactory()
    for _ in range(5):
        followed(UserFactory(), politician)
    tell_followers_of(politician)
    event = Event.objects.get()
    assert telling._tell_next(event) == 2
    assert Event.objects.get().told_to == Notice.objects.order_by("-user_id")[0].user_id
    assert services.fan_out(at=NOON) == 3
    assert Notice.objects.values("user").distinct().count() == 5


def test_one_piece_of_news_is_told_once_to_who_follows_both() -> None:
    user, pledge = UserFactory(), PledgeFactory()
    followed(user, pledge.politician)
    services.follow(user=user, subject=Subject.PLEDGE, subject_id=pledge.pk, at=NOON)
    tell_followers_of(pledge.politician)
    services.tell_followers(subject=Subject.PLEDGE, subject_id=pledge.pk, at=NOON, **NEWS)
    services.fan_out(at=NOON)
    assert Notice.objects.count() == 1


def test_what_is_hidden_is_taken_back() -> None:
    user, politician = UserFactory(), PoliticianFactory()
    followed(user, politician)
    services.tell(users=[user.pk], at=NOON, **NEWS)
    services.tell(users=[user.pk], at=NOON, **{**NEWS, "kind": Kind.DECISION})
    tell_followers_of(politician)
    assert services.retract(url="/pledges/1/") == 1
    assert services.fan_out(at=NOON) == 0
    assert Notice.objects.get().kind == Kind.DECISION


@pytest.mark.parametrize("url", ["https://bad.example/", "//bad.example/", "/\\bad.example", "/a\nb", "", "/" * 301])
def test_a_notice_leads_nowhere_else(url: str) -> None:
    with pytest.raises(ValueError, match="no path of this site"):
        services.tell(users=[UserFactory().pk], at=NOON, **{**NEWS, "url": url})


def test_a_long_title_is_cut_and_a_line_of_it_is_none() -> None:
    services.tell(users=[UserFactory().pk], at=NOON, **{**NEWS, "title": "あ\r\nBcc: x" + "い" * 200})
    title = Notice.objects.get().title
    assert title.startswith("あ Bcc: x")
    assert len(title) == 120


def test_following_twice_is_following_once() -> None:
    user, area = UserFactory(), AreaFactory(code="010006")
    for _ in range(2):
        services.follow(user=user, subject=Subject.AREA, subject_id=area.pk, at=NOON)
    assert Follow.objects.get().subject_id == 10006
    assert services.unfollow(user=user, subject=Subject.AREA, subject_id="010006", at=NOON)
    assert not services.unfollow(user=user, subject=Subject.AREA, subject_id="010006", at=NOON)


def test_nobody_follows_what_is_not_there() -> None:
    hidden = PledgeFactory(published=False)
    for subject, number in (
        (Subject.POLITICIAN, 1),
        (Subject.PLEDGE, hidden.pk),
        (Subject.REPORT, 1),
        (Subject.PARTY, 1),
    ):
        with pytest.raises(NothingToFollow):
            services.follow(user=UserFactory(), subject=subject, subject_id=number, at=NOON)


def test_a_person_follows_no_more_than_the_site_keeps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(follows, "MOST", 1)
    user = UserFactory()
    first = PoliticianFactory()
    services.follow(user=user, subject=Subject.POLITICIAN, subject_id=first.pk, at=NOON)
    services.follow(user=user, subject=Subject.POLITICIAN, subject_id=first.pk, at=NOON)
    with pytest.raises(FollowsTooMany):
        services.follow(user=user, subject=Subject.POLITICIAN, subject_id=PoliticianFactory().pk, at=NOON)


def test_old_notices_are_thrown_away() -> None:
    services.tell(users=[UserFactory().pk], at=NOON, **NEWS)
    assert services.forget_old(at=NOON + timedelta(days=179)) == 0
    assert services.forget_old(at=NOON + timedelta(days=181)) == 1
