"""The pages of claims, invitations and their desk, as visitors reach them."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from tests.accounts.factories import UserFactory, log_in_with_second_factor
from tests.claims.claiming import OWN, last_code, opened, waiting, wrong
from tests.claims.factories import InvitationFactory, VerifiedClaimFactory, WaitingClaimFactory
from tests.people.factories import DelegateFactory, PoliticianFactory
from tsushinbo.accounts.models import User
from tsushinbo.accounts.roles import Role
from tsushinbo.claims.models import Claim
from tsushinbo.claims.queries import claims_waiting
from tsushinbo.claims.queries.teams import token_of
from tsushinbo.mail.models import Message
from tsushinbo.people.models import Delegate, Politician
from tsushinbo.people.queries import speaks_for
from tsushinbo.people.services import merge

pytestmark = pytest.mark.django_db
DESK = "/moderation/claims/"


def page_of(politician: Politician) -> str:
    return reverse("claims:claim", args=[politician.pk])


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def at_desk(user: User) -> Client:
    client = Client()
    log_in_with_second_factor(client, user)
    return client


def open_by_form(client: Client, politician: Politician, **fields: str) -> Claim:
    sent = {"deed": "open", "claimant": "office", "position": "秘書", **fields}
    assert client.post(page_of(politician), sent).status_code == 303
    return Claim.objects.latest("opened_at")


def test_the_report_card_leads_to_the_page_that_everybody_may_read(client: Client, politician: Politician) -> None:
    card = client.get(politician.get_absolute_url()).content.decode()
    assert f'href="{page_of(politician)}">ご本人・事務所の方へ</a>' in card
    assert "未確認" in card
    response = client.get(page_of(politician))
    assert response.headers["Cache-Control"] == "no-store"
    page = response.content.decode()
    assert "身分証明書の写しは受け取りません" in page
    assert f"next={page_of(politician)}" in page.replace("%2F", "/")
    assert client.post(page_of(politician), {"deed": "open"}).headers["Location"].startswith("/accounts/login/")


def test_the_page_of_one_who_was_merged_leads_to_the_other(client: Client, politician: Politician) -> None:
    other = PoliticianFactory.create()
    merge(politician, other, at=timezone.now())
    assert client.get(page_of(other)).headers["Location"] == page_of(politician)
    assert client.get("/accounts/claim/zzzzzzzzzz/").status_code == 404


def test_from_the_claim_over_the_code_to_the_stamp(claimant: User, politician: Politician) -> None:
    client = logged_in(claimant)
    open_by_form(client, politician)
    assert client.post(page_of(politician), {"deed": "code", "address": OWN}).status_code == 303
    page = client.get(page_of(politician)).content.decode()
    assert "taro-mihon.jp のアドレスに" in page
    code = last_code()
    late = client.post(page_of(politician), {"deed": "digits", "digits": wrong(code)})
    assert late.status_code == 422
    assert "あと4回入力できます" in late.content.decode()
    spaced = "　".join((code[:4], code[4:])).translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    assert client.post(page_of(politician), {"deed": "digits", "digits": spaced}).status_code == 303
    page = client.get(page_of(politician) + "?done=verified").content.decode()
    assert "本人確認が済みました" in page
    assert reverse("mfa_index") in page
    card = Client().get(politician.get_absolute_url()).content.decode()
    assert 'aria-label="本人確認済み、' in card
    assert "公式ドメインのアドレスに送った番号・確認 サイト（自動）" in card
    assert claimant.email not in card
    assert client.post(page_of(politician), {"deed": "end"}).status_code == 303
    assert "未確認" in Client().get(politician.get_absolute_url()).content.decode()


@pytest.mark.parametrize("role", ["holder", "team"])
def test_who_was_recorded_without_a_claim_finds_the_way_out(claimant: User, politician: Politician, role: str) -> None:
    DelegateFactory.create(politician=politician, user=claimant, role=role)
    client = logged_in(claimant)
    page = client.get(page_of(politician)).content.decode()
    team = reverse("office:team", args=[politician.pk])
    assert ('value="end"' in page, f'href="{team}">メンバーから外れる' in page) == (role == "holder", role == "team")
    response = client.post(page_of(politician), {"deed": "end"})
    assert (response.status_code, speaks_for(claimant, politician)) == (303, False)
    after = client.get(response.headers["Location"]).content.decode()
    assert "登録を返上しました" in after
    assert 'name="deed" value="open"' in after
    again = client.post(page_of(politician), {"deed": "end"})
    assert again.status_code == 422


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"deed": "open"}, "本人か事務所を選んでください"),
        ({"deed": "open", "claimant": "boss"}, "申請する方を読み取れません"),
        ({"deed": "open", "claimant": "self", "position": "あ" * 61}, "61字"),
        ({"deed": "code", "address": "taro@gmail.com"}, "このアドレスでは確認できません"),
        ({"deed": "code"}, "メールアドレスが入力されていません"),
        ({"deed": "digits", "digits": "1234"}, "番号を読み取れません"),
        ({"deed": "page", "url": "javascript:alert(1)"}, "アドレスを読み取れません"),
        ({"deed": "call"}, "ページのアドレスが入力されていません"),
        ({"deed": "verify"}, "申請の状態が変わりました"),
        ({}, "申請の状態が変わりました"),
    ],
)
def test_what_cannot_be_taken_is_said_beside_the_field_and_nothing_is_lost(
    claimant: User, politician: Politician, sent: dict[str, str], said: str
) -> None:
    if sent.get("deed") != "open":
        opened(claimant, politician)
    if sent.get("deed") == "digits":
        Claim.objects.update(state="code_sent")
    response = logged_in(claimant).post(page_of(politician), sent)
    assert response.status_code == 422
    page = response.content.decode()
    assert said in page
    assert sent.get("address", "") in page
    assert sent.get("url", "") in page
    assert not Message.objects.exists()


def test_nobody_reaches_anothers_claim(claimant: User, stranger: User, politician: Politician) -> None:
    claim = opened(claimant, politician)
    client = logged_in(stranger)
    for deed in ({"deed": "withdraw"}, {"deed": "page", "url": "https://www.example.com/"}, {"deed": "end"}):
        assert (
            client.post(page_of(politician), {**deed, "claim": str(claim.pk), "user": str(claimant.pk)}).status_code
            == 422
        )
    page = client.get(page_of(politician)).content.decode()
    assert claim.token not in page
    claim.refresh_from_db()
    assert claim.state == "open"


def test_a_form_sets_nothing_that_it_does_not_show(claimant: User, politician: Politician) -> None:
    claim = open_by_form(
        logged_in(claimant),
        politician,
        state="verified",
        way="code",
        checker="site",
        user="1",
        verified_at="2026-01-01",
    )
    assert (claim.state, claim.user, claim.verified_at) == ("open", claimant, None)
    assert not Delegate.objects.exists()


def test_another_site_cannot_send_the_form(claimant: User, politician: Politician) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(claimant)
    assert client.post(page_of(politician), {"deed": "open", "claimant": "self"}).status_code == 403
    assert not Claim.objects.exists()


# the desk


def test_the_desk_opens_to_moderators_with_a_second_factor(claimant: User, politician: Politician) -> None:
    claim = waiting(claimant, politician)
    address = f"{DESK}{reverse('claims:decide', args=[claim.pk]).rsplit('/', 2)[1]}/"
    for path in (DESK, address):
        assert Client().get(path).headers["Location"].startswith("/accounts/login/")
        for role in ("", Role.EDITOR):
            assert at_desk(UserFactory.create(role=role)).get(path).status_code == 403
        assert logged_in(UserFactory.create(role=Role.MODERATOR)).get(path).status_code == 302
    sent = {"deed": "verify", "seen": claim.version}
    assert at_desk(claimant).post(address, sent).status_code == 403
    assert logged_in(UserFactory.create(role=Role.MODERATOR)).post(address, sent).status_code == 302
    assert not speaks_for(claimant, politician)


def test_a_moderator_reads_and_decides(claimant: User, politician: Politician, moderator: User) -> None:
    claim = waiting(claimant, politician)
    client, address = at_desk(moderator), reverse("claims:decide", args=[claim.pk])
    assert politician.spaced_name in client.get(DESK).content.decode()
    page = client.get(address).content.decode()
    assert claim.token in page
    assert claim.proof in page
    assert client.post(address, {"deed": "refuse", "seen": claim.version, "note": "x"}).status_code == 422
    assert client.post(address, {"deed": "verify", "seen": "2026-01-01"}).status_code == 409
    assert client.post(address, {"deed": "verify"}).status_code == 422
    assert client.post(address, {"deed": "verify", "seen": claim.version}).status_code == 303
    assert speaks_for(claimant, politician)
    claim.refresh_from_db()
    ended = {"deed": "end", "seen": claim.version, "reason": "impostor", "note": "別人でした。"}
    assert client.post(address, ended).status_code == 303
    assert not speaks_for(claimant, politician)
    assert "なりすまし" in logged_in(claimant).get(page_of(politician)).content.decode()


def test_the_desk_of_all_that_waits_leads_to_claims(claimant: User, politician: Politician, moderator: User) -> None:
    waiting(claimant, politician)
    page = at_desk(moderator).get("/moderation/").content.decode()
    assert f'href="{DESK}"' in page
    assert "本人確認の申請" in page
    assert claims_waiting(user=UserFactory.create(role=Role.EDITOR), at=timezone.now()) is None
    found = claims_waiting(user=moderator, at=timezone.now())
    assert found is not None
    assert found.count == 1


def test_the_desk_costs_the_same_with_many(moderator: User, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    client = at_desk(moderator)
    WaitingClaimFactory.create()
    VerifiedClaimFactory.create()
    client.get(DESK)
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as few:
        client.get(DESK)
    WaitingClaimFactory.create_batch(10)
    VerifiedClaimFactory.create_batch(10)
    with django_assert_num_queries(len(few)):
        client.get(DESK)


# invitations


def test_an_invitation_is_accepted_by_a_button(politician: Politician) -> None:
    holder = DelegateFactory.create(politician=politician).user
    invitation = InvitationFactory.create(politician=politician, invited_by=holder, invited_at=timezone.now())
    address = reverse("claims:invitation", args=[token_of(invitation)])
    assert "招待されています" in Client().get(address).content.decode()
    assert Client().post(address).headers["Location"].startswith("/accounts/login/")
    wrong_one = logged_in(UserFactory.create())
    assert wrong_one.post(address).status_code == 422
    user = UserFactory.create(email=invitation.address)
    client = logged_in(user)
    client.get(address)
    assert not speaks_for(user, politician)
    assert client.post(address).headers["Location"].startswith("/office/")
    assert speaks_for(user, politician)
    assert Client().get(address).status_code == 410
    assert Client().get(reverse("claims:invitation", args=["1:x:y"])).status_code == 410
