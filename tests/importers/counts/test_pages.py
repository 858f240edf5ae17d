"""Editors enter counts: a file with a preview, one contest by a form, and what everybody reads of it."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tests.accounts.factories import UserFactory, log_in_with_second_factor
from tests.elections.factories import ElectionFactory
from tests.importers.counts.conftest import FINAL, LOST, NIGHT, WON, load, table, two
from tests.people.factories import AreaFactory, PartyFactory
from tsushinbo.accounts.models import User
from tsushinbo.elections.models import Candidacy, Contest, CountEntry
from tsushinbo.importers.models import CountFile
from tsushinbo.people.models import Area

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def night() -> Any:
    with time_machine.travel(NIGHT, tick=False) as clock:
        yield clock


def body(response: HttpResponse) -> str:
    return response.content.decode()


def upload(client: Client, data: bytes, **fields: str) -> HttpResponse:
    file = SimpleUploadedFile("開票.csv", data)
    return client.post(reverse("importers:counts"), {"file": file, **fields})  # type: ignore[return-value]


def confirm(client: Client, deed: str = "import", **fields: str) -> HttpResponse:
    """Send the form of the one preview as it stands, with other fields."""
    file = CountFile.objects.get()
    page = client.get(file.get_absolute_url())
    sent = {"deed": deed, "seen": page.context["stamp"], "reason": file.reason, **fields}
    return client.post(file.get_absolute_url(), sent)  # type: ignore[return-value]


def numbers(first: str, second: str, *, version: int, **fields: str) -> dict[str, str]:
    one, other = Candidacy.objects.order_by("number").values_list("pk", flat=True)
    return {
        "version": str(version), "counted_percent": "50", "counted_at": "22:00", "electors": "50,000", f"votes-{one}": first,
        f"votes-{other}": second, **fields,
    }  # fmt: skip


@pytest.fixture
def contest(town: Area) -> Contest:
    """Its candidates are on record, and no result."""
    load(two({"得票数": ""}, {"得票数": ""}, 開票率="", 開票時刻=""))
    return Contest.objects.get()


def address(contest: Contest) -> str:
    return reverse("importers:count", args=[contest.election_id, contest.pk])


def test_a_file_is_shown_before_anything_is_written(client: Client, town: Area, editor: User) -> None:
    response = upload(client, two(None, {"党派": "見知らぬ党"}))
    assert response.status_code == 303
    page = body(client.get(response.headers["Location"]))
    assert "まだ何も登録していません" in page
    assert "見知らぬ党" in page
    assert not Candidacy.objects.exists()


def test_what_was_looked_at_is_imported(client: Client, town: Area, editor: User) -> None:
    upload(client, table({}, encoding="cp932"))
    assert confirm(client).headers["Location"].endswith("?done=imported")
    assert Candidacy.objects.get().name == "見本太郎"
    entry = CountEntry.objects.get()
    assert (entry.actor, entry.role, entry.file) == (editor, "編集者", "開票.csv")
    assert not CountFile.objects.exists()


def test_what_changed_meanwhile_is_looked_at_again(client: Client, town: Area, editor: User) -> None:
    load(two(開票率="10", 開票時刻="20:30"))
    upload(client, two())
    file = CountFile.objects.get()
    stamp = client.get(file.get_absolute_url()).context["stamp"]
    load(two(開票率="20", 開票時刻="20:50"))
    response = client.post(file.get_absolute_url(), {"deed": "import", "seen": stamp})
    assert response.status_code == 409
    assert Contest.objects.get().counted_percent == 20


def test_a_reason_makes_the_preview_anew(client: Client, town: Area, editor: User) -> None:
    load(two(WON, LOST, **FINAL))
    upload(client, two(WON, {**LOST, "得票数": "19001"}, **FINAL))
    assert confirm(client, reason="集計の誤り").headers["Location"].endswith("?done=checked")
    assert Candidacy.objects.get(number=2).votes == 19_000
    assert "確定した結果を訂正します" in body(client.get(CountFile.objects.get().get_absolute_url()))
    confirm(client)
    assert Candidacy.objects.get(number=2).votes == 19_001


def test_a_new_election_is_said_and_near_another_it_asks_whether_its_day_is_right(
    client: Client, town: Area, editor: User
) -> None:
    other = ElectionFactory.create(name="町長の選挙", office="mayor", area=town, polling_on="2026-12-20")
    upload(client, two())
    address = CountFile.objects.get().get_absolute_url()
    page = body(client.get(address))
    assert "新しい選挙を作ります：見本町長選挙（2026年11月29日）" in page
    assert "近い日付の同じ選挙があります。日付の誤りではありませんか。" in page
    assert other.get_absolute_url() in page
    assert "2026年12月20日" in page
    confirm(client, reason="念のため")
    response = confirm(client)
    assert response.status_code == 422
    assert "投票日が正しいことを確かめて、印を付けてください" in body(response)
    assert 'aria-describedby="id_days_are_right_error"' in body(response)
    assert 'value="念のため"' in body(response)
    assert not Candidacy.objects.exists()
    assert confirm(client, days_are_right="1").headers["Location"].endswith("?done=imported")
    assert Candidacy.objects.count() == 2


def test_an_election_on_record_or_far_from_others_asks_nothing(client: Client, town: Area, editor: User) -> None:
    ElectionFactory.create(name="前の町長選挙", office="mayor", area=town, polling_on="2026-09-29")
    ElectionFactory.create(name="隣の町長選挙", office="mayor", area=AreaFactory.create(), polling_on="2026-11-22")
    upload(client, two())
    page = body(client.get(CountFile.objects.get().get_absolute_url()))
    assert "新しい選挙を作ります" in page
    assert "近い日付" not in page
    confirm(client)
    upload(client, two(開票率="50", 開票時刻="22:00"))
    assert "新しい選挙を作ります" not in body(client.get(CountFile.objects.get().get_absolute_url()))


def test_the_candidates_who_are_added_are_named_with_their_votes(client: Client, town: Area, editor: User) -> None:
    upload(client, two())
    section = body(client.get(CountFile.objects.get().get_absolute_url())).split("候補者を2人加えます")[1]
    assert "見本太郎" in section
    assert "12,345.678票" in section


def test_votes_that_fall_in_a_file_need_a_reason_and_are_marked(client: Client, town: Area, editor: User) -> None:
    load(two({"得票数": "9000"}))
    upload(client, two({"得票数": "900"}, 開票率="60", 開票時刻="22:30"))
    page = body(client.get(CountFile.objects.get().get_absolute_url()))
    assert "見本太郎の得票が9,000から900に減っています" in page
    confirm(client, reason="開票所の訂正")
    page = body(client.get(CountFile.objects.get().get_absolute_url()))
    assert "<strong>得票が減ります：</strong>見本太郎 9,000 → 900" in page
    confirm(client)
    assert Candidacy.objects.get(number=1).votes == 900
    assert CountEntry.objects.get(version=2).reason == "開票所の訂正"


def test_votes_that_fall_at_the_form_need_a_reason_and_nothing_typed_is_lost(
    client: Client, contest: Contest, editor: User
) -> None:
    client.post(address(contest), numbers("9000", "900", version=contest.count_version))
    version = contest.count_version + 1
    less = numbers("900", "1234", version=version)
    response = client.post(address(contest), less)
    assert response.status_code == 422
    assert "見本太郎の得票が9,000から900に減っています" in body(response)
    assert 'aria-describedby="id_reason_error"' in body(response)
    assert 'value="1234"' in body(response)
    assert Candidacy.objects.get(number=1).votes == 9000
    client.post(address(contest), {**less, "reason": "入力の誤り"})
    assert Candidacy.objects.get(number=1).votes == 900


def test_a_file_is_its_uploader_s_alone(client: Client, town: Area, editor: User) -> None:
    upload(client, two())
    other = Client()
    log_in_with_second_factor(other, UserFactory.create(role="editor"))
    response = other.post(CountFile.objects.get().get_absolute_url(), {"deed": "import"})
    assert response.headers["Location"].endswith("?done=gone")
    assert not Candidacy.objects.exists()


def test_files_that_were_left_lying_are_thrown_away(client: Client, town: Area, editor: User) -> None:
    upload(client, two())
    CountFile.objects.update(uploaded_at=NIGHT - timedelta(days=1, seconds=1))
    upload(client, two())
    assert CountFile.objects.count() == 1


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", "題,名\n".encode(), b"\xff\xfe\x00"])
def test_a_file_that_is_no_table_is_said_beside_the_form(client: Client, town: Area, editor: User, data: bytes) -> None:
    response = upload(client, data)
    assert response.status_code == 422
    assert "読み取れませんでした" in body(response)


def test_a_file_that_is_too_large_is_not_read(client: Client, town: Area, editor: User) -> None:
    response = client.post(reverse("importers:counts"), {"file": SimpleUploadedFile("a.csv", b"x" * 9_000_000)})
    assert response.status_code == 413


def test_numbers_are_entered_by_a_form(client: Client, contest: Contest, editor: User) -> None:
    response = client.post(address(contest), numbers("1,000.5", "900", version=contest.count_version))
    assert response.headers["Location"].endswith("?done=saved"), body(response)
    page = body(Client().get(contest.get_absolute_url()))
    assert "開票率 50%・22:00現在" in page
    assert "確定した結果ではありません" in page
    assert "1,000.5票" in page


def test_of_two_at_once_the_second_is_told_and_loses_nothing(client: Client, contest: Contest, editor: User) -> None:
    version = contest.count_version
    client.post(address(contest), numbers("1000", "900", version=version))
    response = client.post(address(contest), numbers("2222", "1111", version=version))
    assert response.status_code == 409
    assert "ほかの人かファイルがこの選挙区の結果を登録しました" in body(response)
    assert 'value="2222"' in body(response)
    assert "1,000票" in body(response)
    assert Candidacy.objects.get(number=1).votes == 1000
    again = client.post(address(contest), numbers("2222", "1111", version=version + 1))
    assert again.headers["Location"].endswith("?done=saved")
    assert Candidacy.objects.get(number=1).votes == 2222


def test_what_cannot_be_read_is_said_beside_its_field(client: Client, contest: Contest, editor: User) -> None:
    response = client.post(address(contest), numbers("多数", "900", version=contest.count_version))
    assert response.status_code == 422
    assert "「多数」は数として読めません" in body(response)
    assert 'value="900"' in body(response)


def test_rules_are_said_and_nothing_is_written(client: Client, contest: Contest, editor: User) -> None:
    one, other = Candidacy.objects.order_by("number").values_list("pk", flat=True)
    both = {f"outcome-{one}": "elected", f"outcome-{other}": "elected", "counted_percent": "100"}
    response = client.post(address(contest), numbers("1000", "900", version=contest.count_version, **both))
    assert response.status_code == 422
    assert "定数1に対して、当選が2人います" in body(response)
    assert not Candidacy.objects.filter(votes__isnull=False).exists()


def test_before_the_polls_close_nothing_is_taken_and_nothing_shown(
    client: Client, contest: Contest, editor: User, night: time_machine.Traveller
) -> None:
    night.move_to(NIGHT.replace(hour=10, minute=59, second=59))
    assert "投票がまだ終わっていません" in body(client.get(address(contest)))
    response = client.post(address(contest), numbers("1000", "900", version=contest.count_version))
    assert response.status_code == 422
    assert "投票がまだ終わっていないため" in body(response)


def test_results_on_record_are_held_back_until_the_polls_close(
    town: Area, client: Client, night: time_machine.Traveller
) -> None:
    load(two())
    contest = Contest.objects.get()
    night.move_to(NIGHT.replace(hour=10, minute=59, second=59))
    page = body(client.get(contest.get_absolute_url()))
    assert "12,345.678" not in page
    assert "開票率" not in page
    night.move_to(NIGHT.replace(hour=11, minute=0, second=0))
    assert "12,345.678票" in body(client.get(contest.get_absolute_url()))


def test_a_correction_of_the_final_result_is_read_by_everybody(client: Client, town: Area, editor: User) -> None:
    load(two(WON, LOST, **FINAL))
    contest = Contest.objects.get()
    changed = numbers("20000", "19001", version=1, counted_percent="100", counted_at="23:20")
    one, other = Candidacy.objects.order_by("number").values_list("pk", flat=True)
    changed |= {f"outcome-{one}": "elected", f"outcome-{other}": "defeated"}
    assert client.post(address(contest), changed).status_code == 422
    client.post(address(contest), {**changed, "reason": "第3投票所の集計の誤り"})
    page = body(Client().get(contest.get_absolute_url()))
    for words in ("訂正 1件", "第3投票所の集計の誤り", "19,000", "19,001", "入力（編集者）"):
        assert words in page
    assert editor.username not in page


def test_a_partial_count_has_shares_but_no_places(town: Area, client: Client) -> None:
    load(two({"当落": "当"}))
    page = body(client.get(Contest.objects.get().get_absolute_url()))
    assert "52.9%" in page
    assert "1位" not in page
    assert "落選" not in page
    assert "当選人なし" not in page


def test_candidates_stand_in_official_order_with_who_endorses_them(town: Area, client: Client) -> None:
    load(table({"届出番号": "2"}, {"届出番号": "1", "候補者名": "見本花子", "推薦": "見本党・例示党", "得票数": "1"}))
    page = body(client.get(Contest.objects.get().get_absolute_url()))
    assert page.index("見本花子") < page.index("見本太郎")
    assert "推薦・支持：見本党・例示党" in page


def test_lists_show_votes_and_seats(town: Area, client: Client) -> None:
    PartyFactory.create(name="見本党")
    base = {
        "選挙名": "見本総選挙", "職": "衆議院議員", "区分": "比例代表", "選挙区": "比例見本ブロック", "団体コード": "", "定数": "6", "当日有権者数": "",
        "候補者名": "", "ふりがな": "", "届出番号": "", "年齢": "", "新旧": "", "職業": "", **FINAL,
    }  # fmt: skip
    load(table({**base, "党派": "見本党", "得票数": "300", "議席": "4"}, {**base, "得票数": "100", "議席": "1"}))
    page = body(client.get(Contest.objects.get().get_absolute_url()))
    for words in ("党派別の得票と議席", "300票", "75.0%"):
        assert words in page


def test_an_election_says_how_many_contests_are_counted_still(town: Area, client: Client) -> None:
    load(two())
    page = body(client.get(Contest.objects.get().election.get_absolute_url()))
    assert "開票中：1選挙区" in page
    assert "開票率 43.2%・21:35現在" in page


def test_the_list_of_contests_takes_the_same_queries_however_many(
    client: Client, town: Area, editor: User, django_assert_max_num_queries: Any
) -> None:
    load(two())
    for number in range(8):
        load(
            two(
                選挙名=f"見本選挙{number}",
                職="町議会議員" if number == 0 else "知事",
                事由="補欠" if number % 2 else "一般",
            )
        )
    with django_assert_max_num_queries(12):
        page = body(client.get(reverse("importers:counts")))
    assert "見本町長選挙" in page


def test_the_form_of_the_file_and_its_sample_are_public(client: Client, town: Area) -> None:
    assert "開票率" in body(client.get(reverse("importers:count-format")))
    sample = client.get(reverse("importers:count-sample"))
    assert sample.headers["Content-Type"].startswith("text/csv")
    # Only the place is left to be filled in, and the file says so at its top: it is that of nobody.
    assert "団体コード（6桁）を書き" in sample.content.decode().splitlines()[1]
    assert {one.column for one in load(sample.content).refusals} == {"団体コード"}
