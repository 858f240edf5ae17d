"""The list of pledges and the page of one."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from django.utils.http import http_date

from tests.cast import Cast, tally
from tests.people.factories import PartyFactory, PrefectureFactory
from tests.pledges.factories import REGISTERED_AT, PartyPledgeFactory, PledgeFactory, PolicyAreaFactory, RevisionFactory
from tests.site.asking import html, queries
from tsushinbo.evaluations.models import Assessment, AssessmentTally, ReasonText
from tsushinbo.pledges.models import Pledge
from tsushinbo.pledges.queries import published
from tsushinbo.site.queries.pledges import MostJudged

# The page of one pledge


def test_pledge_shows_everything_about_it(client: Client, cast: Cast) -> None:
    page = html(client, cast.pledge.get_absolute_url())
    assert '<h1 id="pl-h">給食費を無償にします</h1>' in page
    assert f'<a class="more" href="{cast.member.get_absolute_url()}">見本太郎（衆議院議員）</a>' in page
    assert "第50回衆議院議員総選挙で公表" in page
    assert '<a href="https://www.example.com/source/" rel="ugc nofollow noopener">選挙公報</a>' in page
    assert f'<a class="more" href="/pledges/?topic={cast.pledge.policy_area_id}">子育て</a>' in page
    assert "見本党（ライセンス CC BY 4.0）" in page


def test_quotation_and_restatement_are_told_apart(client: Client, cast: Cast) -> None:
    quoted = html(client, cast.pledge.get_absolute_url())
    assert 'cite="https://www.example.com/source/"' in quoted
    assert "出典からそのまま引用しています" in quoted
    restated = html(client, cast.party_pledge.get_absolute_url())
    assert "<blockquote" not in restated
    assert "出典の内容を当サイトの言葉で要約したものです" in restated


def test_slots_are_shown_filled_or_empty(client: Client, cast: Cast) -> None:
    page = html(client, cast.pledge.get_absolute_url())
    assert "<dt>期限</dt><dd>2027年度</dd>" in page
    for name in ("数値目標", "財源", "権限", "対象"):
        assert f'<dt>{name}</dt><dd class="meta">記載なし</dd>' in page


def test_history_shows_what_changed_word_by_word(client: Client, cast: Cast) -> None:
    page = html(client, cast.pledge.get_absolute_url())
    assert "<del>2026</del><ins>2027</ins>年度までに実施します。" in page
    assert '<a href="#h-his">1回の変更を見る</a>' in page
    assert "期限を直しました" in page


def test_unchanged_pledge_says_so(client: Client, cast: Cast) -> None:
    page = html(client, cast.unjudged.get_absolute_url())
    assert "変更はありません" in page
    assert "2026年1月5日に登録" in page


def test_registration_is_dated_by_the_first_wording_not_by_the_source(client: Client, cast: Cast) -> None:
    RevisionFactory(pledge=cast.unjudged, recorded_at=REGISTERED_AT + timedelta(days=30))
    assert "2026年2月4日に登録" in html(client, cast.unjudged.get_absolute_url())


def test_long_history_is_shown_in_part_with_a_link_to_the_rest(client: Client, cast: Cast) -> None:
    for number in range(3, 9):
        RevisionFactory(pledge=cast.pledge, number=number, content={"title": f"題名{number}", "text": cast.pledge.text})
    address = cast.pledge.get_absolute_url()
    assert '<a class="more" href="?history=all#h-his">さらに前の3件を見る</a>' in html(client, address)
    whole = html(client, address, history="all")
    assert "さらに前の" not in whole
    assert whole.count("版</span>") == 8


def test_first_shown_change_is_compared_with_the_one_before_it(client: Client, cast: Cast) -> None:
    for number in range(3, 9):
        RevisionFactory(pledge=cast.pledge, number=number, content={"title": f"題名{number}", "text": cast.pledge.text})
    assert "<del>3</del><ins>4</ins>" in html(client, cast.pledge.get_absolute_url())


def test_flags_stand_beside_the_status(client: Client, cast: Cast) -> None:
    Pledge.objects.filter(pk=cast.pledge.pk).update(
        overdue=True, withdrawn=True, status="broken", status_confirmed_on="2026-03-01"
    )
    page = html(client, cast.pledge.get_absolute_url())
    assert "<b>期限超過</b>" in page
    assert "<b>撤回を表明</b>" in page
    assert "2026年3月1日に確認" in page


def test_page_leads_to_pledges_of_the_same_and_of_other_owners(client: Client, cast: Cast) -> None:
    page = html(client, cast.pledge.get_absolute_url())
    own, others = page.split('id="h-own"')[1].split('id="h-oth"')
    assert "通学路に街灯を増やします" in own
    assert "保育園を増やします" in others
    assert "児童手当を増やします" in others


def test_one_pledge_an_owner_among_the_others(client: Client, cast: Cast) -> None:
    for number in range(10):
        PledgeFactory(politician=cast.mayor, policy_area=cast.pledge.policy_area, title=f"別の公約{number}")
    others = html(client, cast.pledge.get_absolute_url()).split('id="h-oth"')[1]
    assert others.count("別の公約") + others.count("保育園を増やします") == 1


def test_only_approved_texts_are_shown(client: Client, cast: Cast) -> None:
    for voter, (text, state) in enumerate(
        [("承認された理由です", "approved"), ("確認待ちの理由です", "pending"), ("却下した理由です", "rejected")]
    ):
        ReasonText.objects.create(pledge=cast.pledge, voter=voter, text=text, state=state, submitted_at=REGISTERED_AT)
    page = html(client, cast.pledge.get_absolute_url())
    assert "承認された理由です" in page
    assert "確認待ちの理由です" not in page
    assert "却下した理由です" not in page


def test_unpublished_pledge_is_not_found(client: Client, cast: Cast) -> None:
    hidden = PledgeFactory(published=False)
    assert client.get(hidden.get_absolute_url()).status_code == 404


def test_ballot_box_is_that_of_everybody(client: Client, cast: Cast) -> None:
    page = html(client, cast.pledge.get_absolute_url())
    assert 'data-good="72" data-bad="28" data-ballots="100"' in page
    assert "csrf" not in page


def test_page_takes_the_same_queries_however_much_there_is(client: Client, cast: Cast) -> None:
    few = queries(client, cast.pledge.get_absolute_url())
    for number in range(3, 60):
        RevisionFactory(pledge=cast.pledge, number=number)
        PledgeFactory(politician=cast.member, policy_area=cast.pledge.policy_area)
        PartyPledgeFactory(policy_area=cast.pledge.policy_area)
        ReasonText.objects.create(
            pledge=cast.pledge, voter=number, text="よい", state="approved", submitted_at=REGISTERED_AT
        )
    assert queries(client, cast.pledge.get_absolute_url()) == few


def test_page_is_dated_by_its_newest_change_and_never_within_two_seconds_of_it(client: Client, cast: Cast) -> None:
    judged = timezone.now() + timedelta(hours=1)
    cast.pledge.tally.changed_at = judged
    cast.pledge.tally.save()
    with time_machine.travel(judged + timedelta(seconds=1), tick=False):
        assert "Last-Modified" not in client.get(cast.pledge.get_absolute_url()).headers
    with time_machine.travel(judged + timedelta(seconds=5), tick=False):
        stated = client.get(cast.pledge.get_absolute_url()).headers["Last-Modified"]
        again = client.get(cast.pledge.get_absolute_url(), headers={"If-Modified-Since": stated})
    assert again.status_code == 304
    cast.pledge.tally.changed_at = judged + timedelta(seconds=10)
    cast.pledge.tally.save()
    with time_machine.travel(judged + timedelta(seconds=20), tick=False):
        assert client.get(cast.pledge.get_absolute_url(), headers={"If-Modified-Since": stated}).status_code == 200


def test_page_is_dated_by_what_stands_beside_it_too(client: Client, cast: Cast) -> None:
    AssessmentTally.objects.all().delete()  # with values of assessments the page is as new as the mean of all they are drawn to
    later = timezone.now() + timedelta(hours=1)
    Pledge.objects.filter(pk=cast.party_pledge.pk).update(changed_at=later)
    with time_machine.travel(later + timedelta(hours=1), tick=False):
        assert client.get(cast.pledge.get_absolute_url()).headers["Last-Modified"] == http_date(later.timestamp())


def test_page_is_dated_by_its_assessments_too(client: Client, cast: Cast) -> None:
    later = timezone.now() + timedelta(hours=1)
    AssessmentTally.objects.update(changed_at=later, assessments=9)
    address = cast.pledge.get_absolute_url()
    with time_machine.travel(later + timedelta(hours=1), tick=False):
        assert client.get(address).headers["Last-Modified"] == http_date(later.timestamp())
    Assessment.objects.update(decided_at=later + timedelta(minutes=1))
    with time_machine.travel(later + timedelta(hours=1), tick=False):
        assert client.get(address).headers["Last-Modified"] == http_date(later.timestamp() + 60)


def test_new_ballot_changes_the_etag_at_once(client: Client, cast: Cast) -> None:
    before = client.get(cast.pledge.get_absolute_url()).headers["ETag"]
    cast.pledge.tally.good += 1
    cast.pledge.tally.save()
    assert client.get(cast.pledge.get_absolute_url(), headers={"If-None-Match": before}).status_code == 200


# The list


@pytest.mark.parametrize(
    ("params", "titles"),
    [
        ({"owner": "party"}, {"児童手当を増やします"}),
        ({"owner": "politician"}, {"給食費を無償にします", "通学路に街灯を増やします", "保育園を増やします"}),
        ({"status": "started"}, {"通学路に街灯を増やします"}),
        ({"level": "municipal"}, {"保育園を増やします"}),
        ({"level": "national"}, {"給食費を無償にします", "通学路に街灯を増やします"}),
        (
            {"prefecture": "130001", "owner": "politician"},
            {"給食費を無償にします", "通学路に街灯を増やします", "保育園を増やします"},
        ),
        ({"topic": "childcare", "status": "kept"}, set()),
    ],
)
def test_list_is_narrowed(client: Client, cast: Cast, params: dict[str, str], titles: set[str]) -> None:
    page = html(client, "/pledges/", **params)
    every = {"児童手当を増やします", "給食費を無償にします", "通学路に街灯を増やします", "保育園を増やします"}
    assert {title for title in every if title in page} == titles
    if not titles:
        assert "条件に合う公約は見つかりませんでした" in page


def test_party_of_a_list_counts_its_members_too_and_no_other_party(client: Client, cast: Cast) -> None:
    other = PartyPledgeFactory(party=PartyFactory(), policy_area=cast.pledge.policy_area, title="別の党の公約")
    page = html(client, "/pledges/", party=cast.party.get_absolute_url().split("/")[2])
    assert "児童手当を増やします" in page
    assert "給食費を無償にします" in page
    assert "保育園を増やします" not in page
    assert other.title not in page


def test_other_prefectures_show_nothing(client: Client, cast: Cast) -> None:
    elsewhere = PrefectureFactory(code="010006", name="北海道")
    assert "条件に合う公約は見つかりませんでした" in html(client, "/pledges/", prefecture=elsewhere.code)


def test_share_is_shown_from_ten_ballots_with_interval_and_count(client: Client, cast: Cast) -> None:
    tally(cast.unjudged, 5, 4)
    page = html(client, "/pledges/")
    assert (
        '<span class="nb">GOOD 72%</span> <span class="nb">範囲 63〜80%</span> <span class="nb">評価 100件</span>'
        in page
    )
    assert '<span class="nb">評価がまだ足りません</span><span class="nb">（9件）</span>' in page
    assert "評価はまだありません" in page
    assert "GOOD 56%" not in page


def test_list_by_ballots_leaves_out_the_unjudged(client: Client, cast: Cast) -> None:
    tally(cast.unjudged, 100, 50)
    page = html(client, "/pledges/", order="ballots")
    assert page.index("保育園を増やします") < page.index("給食費を無償にします")
    assert "児童手当を増やします" not in page


def test_list_by_ballots_of_a_site_without_ballots_leads_to_the_first(client: Client, db: None) -> None:
    assert "評価のある公約はまだありません" in html(client, "/pledges/", order="ballots")


def test_newest_come_first(client: Client, cast: Cast) -> None:
    PledgeFactory(
        title="いちばん新しい公約", policy_area=cast.pledge.policy_area, created_at=REGISTERED_AT + timedelta(days=1)
    )
    page = html(client, "/pledges/")
    assert page.index("いちばん新しい公約") < page.index("給食費を無償にします")


def test_list_takes_the_same_queries_for_few_and_many(client: Client, cast: Cast) -> None:
    few = queries(client, "/pledges/")
    for number in range(25):
        tally(PledgeFactory(policy_area=PolicyAreaFactory()), number, number)
    assert queries(client, "/pledges/") == few


def test_many_pledges_by_ballots_come_in_the_same_order_as_few(
    client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Few are sorted, many follow the order of the tallies: both must say the same, with equal counts by id."""
    area = cast.pledge.policy_area
    for good, bad in ((7, 3), (4, 6), (0, 1), (900, 2), (5, 5)):
        tally(PledgeFactory(politician=cast.member, policy_area=area), good, bad)
    few = list(MostJudged(published()))
    assert [pledge.tally.ballots for pledge in few] == sorted((p.tally.ballots for p in few), reverse=True)
    monkeypatch.setattr("tsushinbo.site.queries.pledges.COUNTED", 2)
    many = MostJudged(published())
    assert [many[place] for place in range(len(many))] == few[:3]
    assert many[1:6] == few[1:6]
    assert queries(client, "/pledges/?order=ballots") <= 8
