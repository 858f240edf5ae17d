"""Files of an election office: read in every encoding and era, refused row by row with why, never with a traceback."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.elections.factories import ElectionFactory
from tests.importers.counts.conftest import BASE, FINAL, LOST, NIGHT, RIVAL, WON, load, said, table, two
from tests.people.factories import PartyFactory, PoliticianFactory
from tsushinbo.addresses import encode
from tsushinbo.elections.models import Candidacy, Contest, CountEntry, Election, PartyResult
from tsushinbo.importers.counts.run import preview
from tsushinbo.importers.refusals import Unusable
from tsushinbo.people.models import Area, Identifier
from tsushinbo.sources.keeping import Outcome

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_a_file_is_read_in_the_encodings_that_offices_use(town: Area, encoding: str) -> None:
    plan = load(table({}, RIVAL, encoding=encoding))
    assert not said(plan)
    rows = Candidacy.objects.order_by("number").values_list("name", "kana", "votes", "endorsements", "status")
    assert list(rows) == [
        ("見本太郎", "みほんたろう", Decimal("12345.678"), "", "new"),
        ("見本花子", "みほんはなこ", Decimal("11000.322"), "見本党", "incumbent"),
    ]
    contest = Contest.objects.get()
    assert (contest.counted_percent, contest.seats, contest.electors) == (Decimal("43.2"), 1, 50_000)
    assert contest.counted_at == datetime(2026, 11, 29, 12, 35, tzinfo=UTC)
    assert (contest.election.polling_on, contest.election.office, contest.election.upcoming) == ("2026-11-29", "mayor", False)  # fmt: skip


def test_the_same_file_again_changes_nothing(town: Area) -> None:
    load(two())
    plan = load(two())
    assert plan.counts == {Outcome.UNCHANGED: 2}
    assert CountEntry.objects.count() == 1


def test_a_later_count_takes_the_place_of_the_earlier_and_says_what_changed(town: Area) -> None:
    load(two())
    load(two(WON, LOST, **FINAL), name="確定.csv")
    entry = CountEntry.objects.get(version=2)
    assert entry.file == "確定.csv"
    assert [(one["whose"], one["what"], one["before"], one["after"]) for one in entry.changes] == [
        ("見本太郎", "votes", "12,345.678", "20,000"),
        ("見本花子", "votes", "11,000.322", "19,000"),
    ]
    assert not entry.of_final


def test_a_final_result_changes_only_with_a_reason(town: Area) -> None:
    load(two(WON, LOST, **FINAL))
    changed = two(WON, {**LOST, "得票数": "19001"}, **FINAL)
    plan = load(changed)
    assert "理由" in said(plan)[0]
    assert Candidacy.objects.get(number=2).votes == 19_000
    load(changed, reason="集計の誤りのため")
    assert Candidacy.objects.get(number=2).votes == 19_001
    entry = CountEntry.objects.get(version=2)
    assert (entry.of_final, entry.reason) == (True, "集計の誤りのため")


def test_an_older_count_does_not_take_the_place_of_a_newer(town: Area) -> None:
    load(two())
    plan = load(two(開票率="40", 開票時刻="21:10"))
    assert "戻っています" in said(plan)[0]
    assert Contest.objects.get().counted_percent == Decimal("43.2")


def test_before_the_polls_close_candidates_are_taken_and_results_are_not(town: Area) -> None:
    day = datetime(2026, 11, 29, 3, 0, tzinfo=UTC)
    plan = load(two(), at=day)
    assert "投票がまだ終わっていない" in said(plan)[0]
    assert "20:00" in said(plan)[0]
    assert not Candidacy.objects.exists()
    plan = load(two({"得票数": ""}, {"得票数": ""}, 開票率="", 開票時刻="", 当日有権者数=""), at=day)
    assert not said(plan)
    assert Candidacy.objects.count() == 2
    assert not CountEntry.objects.exists()


@pytest.mark.parametrize(("at", "taken"), [("2026-11-29T10:59:59+00:00", False), ("2026-11-29T11:00:00+00:00", True)])
def test_results_are_taken_from_the_second_on_at_which_the_polls_close(town: Area, at: str, taken: bool) -> None:
    moment = datetime.fromisoformat(at)
    load(two(開票時刻="20:00"), at=moment)
    assert Candidacy.objects.exists() is taken


def test_without_a_vote_everybody_is_elected_before_the_polling_day(town: Area) -> None:
    alone = {"無投票": "1", "告示日": "2026-11-24", "開票率": "", "開票時刻": "", "得票数": "", "当落": "当"}
    load(table(alone), at=datetime(2026, 11, 24, 9, 0, tzinfo=UTC))
    assert Contest.objects.get().uncontested
    assert Candidacy.objects.get().elected


Rows = tuple[bytes, str, str]
# What is wrong, the column that is named, and a part of what is said.
REFUSED: dict[str, Callable[[], tuple[bytes, str, str]]] = {
    "a party never seen": lambda: (two({"党派": "見知らぬ党"}), "党派", "登録のない党派"),
    "an era that had ended": lambda: (two(投票日="平成31年5月1日"), "投票日", "平成にない日付"),
    "a day that is none": lambda: (two(投票日="令和8年2月30日"), "投票日", "暦にない"),
    "a word for a day": lambda: (two(投票日="来週"), "投票日", "日付として読めません"),
    "a wrong weekday": lambda: (two(投票日="2026年11月29日（月）"), "投票日", "曜日"),
    "a code with a wrong check digit": lambda: (two(団体コード="131090"), "団体コード", "検査数字"),
    "a code never seen": lambda: (two(団体コード="131016"), "団体コード", "登録のない団体コード"),
    "an office never seen": lambda: (two(職="大統領"), "職", "知らない値"),
    "an election without an office": lambda: (two(職=""), "選挙名", "登録のない選挙"),
    "a status never seen": lambda: (two({"新旧": "古"}), "新旧", "知らない値"),
    "an outcome never seen": lambda: (two({"当落": "当確"}), "当落", "知らない値"),
    "negative votes": lambda: (two({"得票数": "-5"}), "得票数", "数として読めません"),
    "four decimals": lambda: (two({"得票数": "1.2345"}), "得票数", "小数が3桁"),
    "votes that are words": lambda: (two({"得票数": "多数"}), "得票数", "数として読めません"),
    "more votes than a country has": lambda: (two({"得票数": "999999999999"}), "得票数", "数として読めません"),
    "more votes than voters": lambda: (two(当日有権者数="23000"), "得票数", "有権者"),
    "more votes than turned out": lambda: (two(投票率="40"), "得票数", "投票した人"),
    "two winners of one seat": lambda: (two(WON, {**LOST, "当落": "当"}, **FINAL), "当落", "定数1に対して、当選が2人"),
    "a percentage over a hundred": lambda: (two(開票率="101"), "開票率", "大きすぎます"),
    "votes without a percentage": lambda: (two(開票率=""), "開票率", "空です"),
    "a count of the future": lambda: (two(開票時刻="23:59"), "開票時刻", "まだ来ていない"),
    "a count before the polls closed": lambda: (two(開票時刻="2026-11-29 19:59"), "開票時刻", "投票が終わる前"),
    "a time that is none": lambda: (two(開票時刻="99:99"), "開票時刻", "時刻"),
    "a partial count without a time": lambda: (two(開票時刻=""), "開票時刻", "空です"),
    "a final count without somebody's votes": lambda: (two(WON, {"得票数": ""}, **FINAL), "得票数", "1人の分がありません"),
    "the same number twice": lambda: (two(None, {"届出番号": "1"}), "届出番号", "2行目にもあります"),
    "the same name and number twice": lambda: (two(None, {"届出番号": "", "候補者名": "見本太郎"}), "候補者名", "にもあります"),
    "a candidate without a name": lambda: (two({"候補者名": ""}), "候補者名", "空です"),
    "a child": lambda: (two({"年齢": "17"}), "年齢", "18から120"),
    "a person nobody knows": lambda: (two({"政治家ID": "p-nobody"}), "政治家ID", "登録のない政治家ID"),
    "a reading that is none": lambda: (two({"ふりがな": "mihon"}), "ふりがな", "ふりがなではありません"),
    "a huge cell": lambda: (two({"職業": "あ" * 5000}), "職業", "5,000字"),
    "a sign of one machine": lambda: (two({"候補者名": "見本\ue000郎"}), "候補者名", "外字"),
    "NUL": lambda: (two({"候補者名": "見本\x00"}), "候補者名", "U+0000"),
    "a list from a district": lambda: (two({"議席": "1"}), "議席", "候補者の行には"),
    "a seat from the list for a mayor": lambda: (two({"当落": "比例復活"}, **FINAL), "当落", "比例復活"),
    "votes where there is no vote": lambda: (two(無投票="1"), "無投票", "無投票の選挙区"),
    "rows that contradict each other": lambda: (two(None, {"開票率": "44"}), "開票率", "2行目と違う値"),
    "a column never seen": lambda: (two({"血液型": "A"}), "血液型", "知らない列"),
    "a quote that is never closed": lambda: (two() + b'"\xe8\xa6\x8b\r\n', "", "引用符"),
    "a row that is too short": lambda: (two() + "見本町長選挙,令和8年11月29日\r\n".encode(), "", "値が2個"),
    "a tier that the office has not": lambda: (two(区分="小選挙区"), "区分", "「小選挙区」はありません"),
    "an address that is none": lambda: (two(出典="javascript:alert(1)"), "出典", "アドレスではありません"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_not_understood_is_refused_with_line_column_and_reason(town: Area, case: str) -> None:
    data, column, words = REFUSED[case]()
    plan = load(data)
    assert any(one.column == column and words in one.reason and one.line >= 2 for one in plan.refusals), said(plan)


UNUSABLE = {
    "nothing": (b"", "空です"),
    "commas alone": (b",,,\r\n,,,", "空です"),
    "a workbook": (b"PK\x03\x04abc", "Excel"),
    "a PDF": (b"%PDF-1.7", "PDF"),
    "UTF-16": ("選挙名,投票日,候補者名".encode("utf-16"), "UTF-16"),
    "EUC-JP": ("選挙名,投票日,候補者名\n見本,2026-11-29,見本太郎\n".encode("euc_jp"), "EUC-JP"),
    "semicolons": ("選挙名;投票日;候補者名\n".encode(), "セミコロン"),
    "tabs": ("選挙名\t投票日\t候補者名\n".encode(), "タブ"),
    "a title above": ("令和8年11月29日執行 見本町長選挙 開票結果\n".encode(), "1行目に列"),
    "a column twice": ("選挙名,投票日,候補者名,氏名\n".encode(), "同じことを表す列"),
    "an open quote in the head": ('"選挙名,投票日,候補者名\n'.encode(), "1行目"),
    "a line that never ends": (b"x" * 3_000_000, "1行目"),
    "noise": (bytes(range(256)) * 20, "."),
}


@pytest.mark.parametrize("case", UNUSABLE)
def test_a_file_that_is_no_such_table_says_why(db: None, case: str) -> None:
    data, words = UNUSABLE[case]
    with pytest.raises(Unusable, match=words):
        preview(data, at=NIGHT)


def test_results_of_a_contest_are_taken_whole_or_not_at_all(town: Area) -> None:
    other = {"選挙名": "見本町議会議員選挙", "職": "町議会議員", "定数": "2", "当日有権者数": ""}
    plan = load(table({}, {**RIVAL, "得票数": "x"}, {**other}, {**other, **RIVAL}))
    assert set(Candidacy.objects.values_list("contest__election__name", flat=True)) == {"見本町議会議員選挙"}
    assert [one.line for one in plan.refusals] == [2, 3]
    assert "3行目" in plan.refusals[0].reason


def test_unknown_columns_can_be_left_out(town: Area) -> None:
    data = two({"血液型": "A"})
    assert len(preview(data, at=NIGHT).refusals) == 1 + 1
    assert not preview(data, at=NIGHT, ignore_unknown=True).refusals


def test_a_name_alone_never_says_who_it_is(town: Area) -> None:
    PoliticianFactory.create(name="見本太郎", kana="みほんたろう")
    load(two())
    assert not Candidacy.objects.filter(politician__isnull=False).exists()


def test_an_id_on_record_says_who_it_is(town: Area) -> None:
    politician = PoliticianFactory.create(name="見本太郎")
    Identifier.objects.create(scheme="person_id", value="p-1", politician=politician)
    load(two({"政治家ID": "p-1"}))
    assert Candidacy.objects.get(number=1).politician == politician


def test_a_number_that_is_another_candidate_s_is_refused(town: Area) -> None:
    load(two())
    plan = load(two({"候補者名": "見本次郎"}))
    assert "登録では届出番号1は「見本太郎」" in said(plan)[0]


def test_two_of_one_name_need_their_numbers(town: Area) -> None:
    load(two(None, {"候補者名": "見本太郎"}))
    assert Candidacy.objects.filter(name="見本太郎").count() == 2
    plan = load(table({"届出番号": "", "得票数": "15000"}))
    assert "届出番号で区別" in said(plan)[0]


def test_an_election_that_is_on_record_by_another_name_is_not_made_twice(town: Area) -> None:
    ElectionFactory.create(
        key="mayor-2026", name="見本町長選挙（任期満了）", office="mayor", area=town, polling_on="2026-11-29"
    )
    assert "「mayor-2026」" in said(load(two()))[0]
    assert not said(load(two(選挙ID="mayor-2026")))
    assert Election.objects.count() == 1


def test_ids_as_addresses_show_them_are_taken(town: Area) -> None:
    election = ElectionFactory.create(name="別の名", office="mayor", area=town, polling_on="2026-11-29")
    politician = PoliticianFactory.create(name="見本太郎")
    plan = load(two({"政治家ID": encode(politician.pk)}, 選挙ID=encode(election.pk)))
    assert not said(plan)
    assert Candidacy.objects.get(number=1).politician == politician
    assert Election.objects.get() == election


def test_an_id_of_the_right_form_that_nobody_has_is_refused(town: Area) -> None:
    assert "登録のない政治家ID" in said(load(two({"政治家ID": "7na27vrmmx"})))[0]
    assert "登録のない選挙ID" in said(load(two(選挙ID="eevrctcsf1")))[0]


@pytest.mark.parametrize(
    ("dates", "near"),
    [
        ({"polling_on": "2026-09-30"}, True),
        ({"polling_on": "2026-09-29"}, False),
        ({"polling_on": "2027-01-28"}, True),
        ({"polling_on": "2027-01-29"}, False),
        ({"polling_on": "", "precision": "window", "window_starts_on": "2026-11-01", "window_ends_on": "2026-11-29"}, True),
        ({"polling_on": "", "precision": "window", "window_starts_on": "2026-11-30", "window_ends_on": "2026-12-29"}, False),
        ({"polling_on": "2027-01", "precision": "month"}, True),
        ({"polling_on": "2027-02", "precision": "month"}, False),
    ],
)  # fmt: skip
def test_elections_of_the_same_office_and_area_within_sixty_days_are_near(
    town: Area, dates: dict[str, str], near: bool
) -> None:
    ElectionFactory.create(name="町長の選挙", office="mayor", area=town, **dates)
    assert preview(two(), at=NIGHT).day_in_doubt is near


def test_two_days_of_one_election_in_the_same_file_are_near(town: Area) -> None:
    plan = preview(table({}, {**RIVAL, "投票日": "2026-11-28"}), at=NIGHT)
    assert [len(new.near) for new in plan.new_elections] == [1, 1]


def test_candidates_of_a_contest_are_taken_whole_or_not_at_all(town: Area) -> None:
    nothing = {"得票数": "", "開票率": "", "開票時刻": "", "当日有権者数": ""}
    plan = load(table(nothing, {**RIVAL, **nothing, "党派": "見知らぬ党"}))
    assert [one.line for one in plan.refusals] == [2, 3]
    assert not Candidacy.objects.exists()


def test_the_day_of_an_election_to_come_becomes_known(town: Area) -> None:
    election = ElectionFactory.create(
        name="見本町長選挙", office="mayor", area=town, polling_on="2026-11", precision="month", upcoming=True
    )
    load(two(開票率="", 開票時刻="", 告示日="2026-11-24", **{"得票数": ""}))
    election.refresh_from_db()
    assert (election.polling_on, election.precision, str(election.announced_on)) == ("2026-11-29", "day", "2026-11-24")


def test_lists_have_votes_and_seats(town: Area) -> None:
    PartyFactory.create(name="見本党")
    lists = {
        "選挙名": "見本総選挙", "職": "衆議院議員", "区分": "比例代表", "選挙区": "比例見本ブロック", "団体コード": "", "定数": "6", "当日有権者数": "",
        "ふりがな": "", "届出番号": "", "年齢": "", "新旧": "", "職業": "", "党派": "見本党", **FINAL,
    }  # fmt: skip
    first = {**lists, "候補者名": "", "得票数": "1000.5", "議席": "1"}
    person = {**lists, "候補者名": "見本太郎", "名簿順位": "1", "得票数": "", "当落": "当"}
    assert not said(load(table(first, person)))
    result = PartyResult.objects.get()
    assert (result.votes, result.seats, result.area_name) == (Decimal("1000.5"), 1, "比例見本ブロック")
    assert Candidacy.objects.get().elected
    load(table({**first, "得票数": "1001"}, person), reason="訂正")
    assert CountEntry.objects.get(version=2).changes[0]["before"] == "1,000.5"


def test_a_file_of_no_results_leaves_those_on_record(town: Area) -> None:
    load(two())
    load(two({"得票数": "", "職業": "医師"}, {"得票数": ""}, 開票率="", 開票時刻=""))
    assert Candidacy.objects.get(number=1).votes == Decimal("12345.678")
    assert Candidacy.objects.get(number=1).occupation == "医師"


CELLS = st.one_of(
    st.sampled_from(["", "1", "令和8年11月29日", "当", "無所属", "見本太郎", "100", "21:35", "確定", "比例代表", "衆議院議員", "市長", "131091", "-1", "0.5"]),
    st.text(max_size=12),
)  # fmt: skip


@settings(max_examples=150, deadline=timedelta(seconds=5), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.dictionaries(st.sampled_from(sorted({*BASE, "区分", "選挙区", "議席", "無投票", "投票率", "政治家ID", "選挙ID", "名簿順位"})), CELLS, max_size=5), min_size=1, max_size=4))  # fmt: skip
def test_no_table_ends_in_a_traceback(town: Area, rows: list[dict[str, str]]) -> None:
    data = table(*rows)
    plan = load(data)
    assert all(one.reason and one.line >= 2 for one in plan.refusals)
    assert plan.accepted + plan.refused >= 1 or not plan.rows


@settings(max_examples=150, deadline=timedelta(seconds=5), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(st.binary(max_size=200), st.text(max_size=100).map(str.encode)), st.integers(0, 400))
def test_no_bytes_end_in_a_traceback(town: Area, noise: bytes, place: int) -> None:
    data = two()
    with suppress(Unusable):
        preview(data[:place] + noise + data[place:], at=NIGHT)


@pytest.mark.parametrize(
    "wrong", [{"定数": "2"}, {"開票率": "inf"}, {"投票日": "令和8年11月31日"}, {"団体コード": "131090"}]
)
def test_a_row_that_is_lost_keeps_its_contest_from_a_count_without_it(town: Area, wrong: dict[str, str]) -> None:
    plan = load(table({**WON, **FINAL}, {**RIVAL, **LOST, **FINAL, **wrong}))
    assert len(plan.refusals) == 2
    assert not Contest.objects.filter(counted_percent__isnull=False).exists()
