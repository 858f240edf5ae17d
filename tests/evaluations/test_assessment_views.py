"""Writing and taking back 進捗度・達成度; who may not."""

import re

import pytest
from django.db import OperationalError
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, Settings

from tests.accounts.factories import UserFactory
from tests.evaluations.assessing import assess, counted_sums, kept_sums, sums
from tests.evaluations.assessment_pages import RTL, new, post, text, value
from tests.outline import Outline
from tests.people.factories import DelegateFactory
from tests.pledges.factories import PartyPledgeFactory, PledgeFactory
from tsushinbo.accounts.models import User
from tsushinbo.evaluations import services
from tsushinbo.evaluations.models import Assessment
from tsushinbo.evaluations.services import Link
from tsushinbo.pledges.models import Pledge

pytestmark = pytest.mark.django_db


@pytest.fixture
def citizen(client: Client) -> User:
    """A member, logged in."""
    user = UserFactory.create(display_name="見本市民")
    client.force_login(user)
    return user


@pytest.fixture
def delegate(client: Client, pledge: Pledge) -> User:
    """Who speaks for the politician, logged in."""
    user = DelegateFactory.create(politician=pledge.politician).user
    client.force_login(user)
    return user


# who is not logged in


def test_a_visitor_is_led_to_the_log_in_and_back(client: Client, pledge: Pledge) -> None:
    response = client.get(new(pledge))
    assert response.status_code == 302
    assert response.headers["Location"] == f"{reverse('account_login')}?next={new(pledge)}"
    assert not response.cookies


def test_what_a_visitor_typed_is_kept_and_not_counted(client: Client, pledge: Pledge) -> None:
    response = post(client, pledge, comment="長く書いた言葉")
    assert response.status_code == 403
    html = text(response)
    assert "ログインしていないため" in html
    assert f'href="{reverse("account_login")}?next={new(pledge).replace("/", "%2F")}"' in html
    assert ">\n長く書いた言葉</textarea>" in html
    assert value(html, "progress") == "40"
    assert not Assessment.objects.exists()


def test_a_visitor_has_nothing_to_withdraw(client: Client, pledge: Pledge) -> None:
    assess(pledge, UserFactory.create())
    response = client.post(reverse("evaluations:withdraw-assessment", args=[pledge.pk]))
    assert response.headers["Location"].startswith(reverse("account_login"))
    assert kept_sums(pledge) == sums((40, 20))


def test_who_closed_the_account_is_a_visitor(client: Client, pledge: Pledge, citizen: User) -> None:
    User.objects.update(is_active=False)
    assert client.get(new(pledge)).status_code == 302
    assert post(client, pledge).status_code == 403


# writing


def test_an_assessment_is_taken_and_shown_to_its_writer(client: Client, pledge: Pledge, citizen: User) -> None:
    response = post(
        client,
        pledge,
        comment="半分まで\r\n進みました。",
        link_title_1="予算書",
        link_url_1="https://www.example.com/budget/",
        link_title_4="議事録",
        link_url_4="www.example.com/minutes/",
    )
    assert (response.status_code, response.headers["Location"]) == (303, f"{new(pledge)}?done=sent")
    kept = Assessment.objects.get()
    assert (kept.author, kept.progress, kept.achievement, kept.by_owner) == (citizen, 40, 20, False)
    assert kept.comment == "半分まで\n進みました。"
    assert [(link.title, link.url) for link in kept.links.order_by("number")] == [
        ("予算書", "https://www.example.com/budget/"),
        ("議事録", "https://www.example.com/minutes/"),
    ]
    assert kept_sums(pledge) == counted_sums(pledge) == sums((40, 20))
    html = text(client.get(response.headers["Location"]))
    assert "評価を受け付けました。" in html
    assert "管理者の確認後に公開します。24時間以内に確認します。" in html
    assert '<b class="nb">進捗度 40%</b>' in html


def test_the_form_is_filled_with_what_was_sent_last(client: Client, pledge: Pledge, citizen: User) -> None:
    assess(
        pledge,
        citizen,
        30,
        0,
        comment="言葉",
        links=[Link("一", "https://a.example/"), Link("二", "https://b.example/")],
    )
    html = text(client.get(new(pledge)))
    assert (value(html, "progress"), value(html, "achievement")) == ("30", "0")
    assert ">\n言葉</textarea>" in html
    assert (value(html, "link_title_2"), value(html, "link_url_2")) == ("二", "https://b.example/")
    assert "<details open>" in html
    assert "評価を変更する</button>" in html


def test_a_first_form_is_empty(client: Client, pledge: Pledge, citizen: User) -> None:
    html = text(client.get(new(pledge)))
    assert value(html, "progress") == value(html, "link_url_5") == ""
    assert "<details>" in html
    assert "あなたの評価" not in html
    assert Outline(html).inline == []


def test_the_slider_is_not_sent_and_needs_script(client: Client, pledge: Pledge, citizen: User) -> None:
    sliders = re.findall(r'<input type="range"[^>]*>', text(client.get(new(pledge))))
    assert len(sliders) == 2
    assert all("name=" not in slider and " hidden" in slider for slider in sliders)


def test_it_can_be_changed_and_withdrawn_and_stays_in_sight(client: Client, pledge: Pledge, citizen: User) -> None:
    post(client, pledge, "30", "10")
    post(client, pledge, "60", "20")
    assert kept_sums(pledge) == sums((60, 20))
    html = text(client.get(new(pledge)))
    assert "進捗度 30%・達成度 10%" in html
    response = client.post(reverse("evaluations:withdraw-assessment", args=[pledge.pk]))
    assert (response.status_code, response.headers["Location"]) == (303, f"{new(pledge)}?done=withdrawn")
    assert not any(kept_sums(pledge))
    html = text(client.get(response.headers["Location"]))
    assert "評価を取り消しました。" in html
    assert "いま数えている評価はありません。" in html
    assert "進捗度 60%・達成度 20%" in html


@pytest.mark.parametrize("typed", ["４０", " 40 ", "40%", "40％", "040"])
def test_numbers_are_read_as_people_write_them(client: Client, pledge: Pledge, citizen: User, typed: str) -> None:
    assert post(client, pledge, typed).status_code == 303
    assert Assessment.objects.get().progress == 40


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "進捗度が入力されていません"),
        ("-1", "0より小さくなっています"),
        ("101", "100を超えています"),
        ("9" * 5000, "進捗度を読み取れません"),
        ("40.5", "進捗度を読み取れません"),
        ("1e1", "進捗度を読み取れません"),
        ("半分", "進捗度を読み取れません"),
        ("4\x000", "進捗度を読み取れません"),
        (RTL, "進捗度を読み取れません"),
        ("<script>", "進捗度を読み取れません"),
    ],
)
def test_what_is_no_number_is_refused_beside_the_field(
    client: Client, pledge: Pledge, citizen: User, typed: str, said: str
) -> None:
    response = post(client, pledge, typed, comment="書いた言葉")
    assert response.status_code == 422
    html = text(response)
    assert said in html
    assert "0から100までの整数を入れてください。" in html
    assert 'aria-invalid="true"' in html
    assert '<a href="#id_progress">進捗度' in html
    assert "<script>" not in html
    assert "書いた言葉" in html
    assert not Assessment.objects.exists()
    assert Outline(html).wanted <= set(Outline(html).ids)


@pytest.mark.parametrize(
    ("fields", "field", "said"),
    [
        ({"comment": "あ" * 2012}, "id_comment", "2,000字を超えています（2,012字）。12字以上けずってください。"),
        ({"link_title_1": "題"}, "id_link_url_1", "アドレスが入力されていません"),
        ({"link_url_3": "https://a.example/"}, "id_link_title_3", "題名が入力されていません"),
        ({"link_title_2": "題", "link_url_2": "javascript:alert(1)"}, "id_link_url_2", "アドレスを読み取れません"),
        ({"link_title_2": "あ" * 201, "link_url_2": "https://a.example/"}, "id_link_title_2", "200字を超えています"),
        ({"link_title_5": "題", "link_url_5": "https://" + "a" * 1500}, "id_link_url_5", "1,500字を超えています"),
    ],
)
def test_what_is_wrong_is_said_and_everything_typed_is_kept(
    client: Client, pledge: Pledge, citizen: User, fields: dict[str, str], field: str, said: str
) -> None:
    response = post(client, pledge, **fields)
    assert response.status_code == 422
    html = text(response)
    assert said in html
    assert f'<a href="#{field}">' in html
    for typed in fields.values():
        assert typed in html
    assert not Assessment.objects.exists()


def test_signs_that_deceive_are_taken_out(client: Client, pledge: Pledge, citizen: User) -> None:
    post(
        client,
        pledge,
        comment=f"か\u3099い{RTL}こ\x00く ",
        link_title_1=f"{RTL}題\n名",
        link_url_1="https://a.example/",
    )
    kept = Assessment.objects.get()
    assert kept.comment == "がいこく"
    assert kept.links.get().title == "題 名"


def test_more_than_is_asked_for_is_left_out(client: Client, pledge: Pledge, citizen: User) -> None:
    post(client, pledge, link_title_6="六", link_url_6="https://a.example/", by_owner="1", state="approved", author="1")
    kept = Assessment.objects.get()
    assert (kept.links.count(), kept.by_owner, kept.author) == (0, False, citizen)


def test_an_unknown_voice_is_refused(client: Client, pledge: Pledge, citizen: User) -> None:
    assert post(client, pledge, voice="king").status_code == 422
    assert not Assessment.objects.exists()


def test_too_many_are_told_when_to_come_back(client: Client, pledge: Pledge, citizen: User, settings: Settings) -> None:
    settings.RATE_ASSESSMENTS_PER_ACCOUNT = 1
    assert post(client, pledge).status_code == 303
    response = post(client, pledge, "50", comment="書いた言葉")
    assert response.status_code == 429
    assert 0 < int(response.headers["Retry-After"]) <= settings.RATE_WINDOW_SECONDS
    assert "書いた言葉" in text(response)
    withdrawn = client.post(reverse("evaluations:withdraw-assessment", args=[pledge.pk]))
    assert withdrawn.status_code == 429
    assert kept_sums(pledge) == sums((40, 20))


def test_a_database_that_is_away_loses_nothing_that_was_typed(
    client: Client, pledge: Pledge, citizen: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**_: object) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr(services, "assess_pledge", fail)
    response = post(client, pledge, comment="書いた言葉")
    assert response.status_code == 503
    assert response.headers["Retry-After"]
    assert "書いた言葉" in text(response)


@pytest.mark.parametrize("path", ["assess", "withdraw-assessment"])
def test_other_sites_cannot_send_the_form(client: Client, pledge: Pledge, citizen: User, path: str) -> None:
    assess(pledge, citizen)
    address = reverse(f"evaluations:{path}", args=[pledge.pk])
    data = {"progress": "99", "achievement": "99"}
    for headers in (
        {"Origin": "https://evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Referer": "https://evil.example/"},
    ):
        assert client.post(address, data, headers=headers).status_code == 403
    assert kept_sums(pledge) == sums((40, 20))


@pytest.mark.parametrize("path", ["assess", "assessments", "withdraw-assessment"])
def test_an_unpublished_pledge_is_not_found(client: Client, citizen: User, path: str) -> None:
    hidden = PledgeFactory.create(published=False)
    address = reverse(f"evaluations:{path}", args=[hidden.pk])
    assert client.get(address, follow=True).status_code == 404
    assert client.post(address, {"progress": "1", "achievement": "1"}).status_code in {404, 405}
    assert not Assessment.objects.exists()


def test_withdrawing_is_no_reading(client: Client, pledge: Pledge, citizen: User) -> None:
    assess(pledge, citizen)
    led = client.get(reverse("evaluations:withdraw-assessment", args=[pledge.pk]))
    assert (led.status_code, led.url) == (303, reverse("evaluations:assess", args=[pledge.pk]))
    assert Assessment.objects.exists()
    assert client.post(reverse("evaluations:assessments", args=[pledge.pk])).status_code == 405


def test_the_own_page_is_held_by_nobody(client: Client, pledge: Pledge, citizen: User) -> None:
    assert client.get(new(pledge)).headers["Cache-Control"] == "no-store"


def test_an_unknown_word_in_the_address_announces_nothing(client: Client, pledge: Pledge, citizen: User) -> None:
    assert 'role="status"' not in text(client.get(f"{new(pledge)}?done=%3Cb%3E")).split("<main")[-1]


def test_the_own_page_costs_a_fixed_number_of_queries(
    client: Client, pledge: Pledge, citizen: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(30):
        assess(pledge, citizen, number, 0, comment="言葉", links=[Link("一", "https://a.example/")])
        assess(pledge, UserFactory.create(), 1, 1)
    # The pledge, session and user, who speaks, what is current with its links, what was before; the session's use, the bell.
    with django_assert_max_num_queries(10):
        client.get(new(pledge))


# the politician's own account


def test_a_delegate_is_told_why_and_offered_the_self_assessment(client: Client, pledge: Pledge, delegate: User) -> None:
    html = text(client.get(new(pledge)))
    assert "市民としての評価はできません。代わりに、本人の自己評価を記入できます。" in html
    assert '<input type="hidden" name="voice" value="owner">' in html
    assert "自己評価を送る</button>" in html


def test_a_delegate_who_sends_a_citizens_form_is_refused_and_loses_nothing(
    client: Client, pledge: Pledge, delegate: User
) -> None:
    response = post(client, pledge, "90", "80", comment="書いた言葉")
    assert response.status_code == 422
    html = text(response)
    assert "市民としての評価はできません" in html
    assert '<input type="hidden" name="voice" value="owner">' in html
    assert (value(html, "progress"), value(html, "achievement")) == ("90", "80")
    assert "書いた言葉" in html
    assert not Assessment.objects.exists()


def test_a_delegate_states_the_politicians_view(client: Client, pledge: Pledge, delegate: User) -> None:
    assert post(client, pledge, "90", "80", voice="owner", comment="実施中です。").status_code == 303
    kept = Assessment.objects.get()
    assert (kept.by_owner, kept.progress) == (True, 90)
    assert not any(kept_sums(pledge))
    page = text(client.get(pledge.get_absolute_url()))
    assert '<b class="nb">進捗度 90%</b>' in page
    assert "実施中です。" not in page
    assert client.post(reverse("evaluations:withdraw-assessment", args=[pledge.pk])).status_code == 303
    assert not Assessment.objects.filter(current=True).exists()


def test_a_citizen_cannot_speak_as_the_politician(client: Client, pledge: Pledge, citizen: User) -> None:
    for of in (pledge, PartyPledgeFactory.create()):
        response = post(client, of, voice="owner", comment="書いた言葉")
        assert response.status_code == 422
        assert "ご本人・事務所のアカウントだけが記入できます" in text(response)
        assert "書いた言葉" in text(response)
    assert not Assessment.objects.exists()


def test_a_delegate_assesses_other_pledges_as_anybody(client: Client, delegate: User) -> None:
    other = PledgeFactory.create()
    assert 'name="voice" value="citizen"' in text(client.get(new(other)))
    assert post(client, other).status_code == 303
    assert kept_sums(other) == sums((40, 20))
