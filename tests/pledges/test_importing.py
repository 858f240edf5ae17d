"""A manifesto: read in, corrected in place, saved once."""

import io
from contextlib import suppress

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, Settings

from tests.accounts.factories import UserFactory
from tests.outline import Outline
from tests.people.factories import DelegateFactory, PoliticianFactory
from tests.pledges.factories import PledgeFactory, PolicyAreaFactory
from tsushinbo.accounts.models import User
from tsushinbo.addresses import encode
from tsushinbo.people.models import Politician
from tsushinbo.pledges.manifestos import MOST_BYTES, MOST_ROWS, Unread, decoded, read
from tsushinbo.pledges.models import Pledge, PledgeDraft, PledgeProposal

pytestmark = pytest.mark.django_db
TOPICS = {"子育て": "childcare", "教育": "education"}
SHARED = {"source_url": "https://www.example.com/seisaku/", "source_title": "政策集", "source_on": "2025-11"}
CSV = "題名,本文,政策分野,期限\n給食費の無償化,小中学校の給食費を無償にします。,子育て,2027年度\n保育園の増設,保育園を10園増やします。,教育,\n"


@pytest.fixture
def politician() -> Politician:
    PolicyAreaFactory.create(code="childcare", name="子育て", aliases="育児;保育")
    PolicyAreaFactory.create(code="education", name="教育")
    return PoliticianFactory.create()


@pytest.fixture
def citizen() -> User:
    return UserFactory.create()


def start(politician: Politician) -> str:
    return f"{reverse('pledges:import')}?politician={encode(politician.pk)}"


def text_of(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined]


def cells(number: int, **changed: str) -> dict[str, str]:
    return {f"r{number}-use": "1", **{f"r{number}-{name}": value for name, value in changed.items()}}


def uploaded(client: Client, politician: Politician, text: str = CSV, encoding: str = "utf-8-sig") -> PledgeDraft:
    file = SimpleUploadedFile("koyaku.csv", text.encode(encoding), content_type="text/csv")
    response = client.post(start(politician), {**SHARED, "file": file})
    draft = PledgeDraft.objects.get()
    assert response.status_code == 303
    assert response.headers["Location"] == draft.get_absolute_url()
    return draft


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_a_table_is_read_whatever_its_encoding(encoding: str) -> None:
    rows = read(decoded(CSV.encode(encoding)), TOPICS).rows
    assert rows[0] == {
        "title": "給食費の無償化",
        "text": "小中学校の給食費を無償にします。",
        "topic": "childcare",
        "deadline": "2027年度",
    }
    assert [row["topic"] for row in rows] == ["childcare", "education"]


def test_headers_are_forgiven_and_unknown_columns_left_out() -> None:
    text = '番号\tタイトル\t 内　容 \tＵＲＬ\tカテゴリー\n1\t題\t"二行の\n本文"\thttps://example.com/\t子育て・教育\n\n'
    (row,) = read(text, TOPICS).rows
    assert row == {"title": "題", "text": "二行の\n本文", "source_url": "https://example.com/", "topic": "childcare"}


def test_a_text_is_read_by_its_headings_and_items() -> None:
    text = """# 子育て

前書きです。
- **給食費の無償化**：小中学校の給食費を無償にします。
  財源は基金です。
- 保育園を増やします。来年度から。

## くらし
1. 街灯を増やします。
# 教育
・少人数学級を進めます。
"""
    manifesto = read(text, TOPICS)
    assert manifesto.left_out == 1
    assert manifesto.rows == [
        {"title": "給食費の無償化", "text": "小中学校の給食費を無償にします。\n財源は基金です。", "topic": "childcare"},
        {"title": "保育園を増やします", "text": "保育園を増やします。来年度から。", "topic": "childcare"},
        {"title": "街灯を増やします", "text": "街灯を増やします。", "topic": "childcare"},
        {"title": "少人数学級を進めます", "text": "少人数学級を進めます。", "topic": "education"},
    ]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "一覧が空です"),
        (b"\x81\xff\xfe\x00", "文字を読み取れません"),
        ("題名\n".encode() + "あ\n".encode() * (MOST_ROWS + 1), "500件を超えています"),
        (b"x" * (MOST_BYTES + 1), "大きすぎます"),
        ("ただの文章です。".encode(), "公約を読み取れません"),
        (b"title,text\n" + b'"' + b"x" * 200_000, "行目を読み取れません"),
    ],
)
def test_what_cannot_be_read_says_why(data: bytes, message: str) -> None:
    with pytest.raises(Unread, match=message):
        read(decoded(data), TOPICS)


@pytest.mark.parametrize(
    "text",
    [
        "- " * 100_000,
        "#" * 200_000,
        ("  " * 500 + "- a\n") * 300,
        "**" * 50_000 + "\n- " + "**a" * 20_000,
        "・" + "（" * 100_000,
        ",\n" * 100_000,
    ],
)
def test_hostile_shapes_are_read_or_refused_at_once(text: str) -> None:
    with suppress(Unread):
        assert len(read(text, TOPICS).rows) <= MOST_ROWS


def test_the_list_is_corrected_in_place_and_sent(client: Client, politician: Politician, citizen: User) -> None:
    client.force_login(citizen)
    draft = uploaded(client, politician, CSV.replace("教育", "知らない分野"), "cp932")
    page = text_of(client.get(draft.get_absolute_url()))
    assert "給食費の無償化" in page
    sent = {
        **SHARED,
        **cells(1, title="給食費の無償化", text="無償にします。", topic="childcare"),
        **cells(2, title="保育園の増設", text="増やします。", topic=""),
    }
    response = client.post(draft.get_absolute_url(), sent)
    text = text_of(response)
    assert response.status_code == 422
    assert "2行目の政策分野：政策分野が選ばれていません" in text
    outline = Outline(text)
    assert outline.wanted <= set(outline.ids)
    assert 'id="r2-topic_error"' in text
    assert not PledgeProposal.objects.exists()
    # What was typed is kept, in this window and the next.
    assert "増やします。" in text_of(client.get(draft.get_absolute_url()))
    response = client.post(draft.get_absolute_url(), {**sent, "r2-topic": "education"})
    assert response.headers["Location"] == "/pledges/mine/?done=imported"
    titles = {row.content["title"] for row in PledgeProposal.objects.all()}
    assert titles == {"給食費の無償化", "保育園の増設"}
    assert PledgeProposal.objects.count() == 2
    assert PledgeProposal.objects.first().content["source_url"] == SHARED["source_url"]
    assert not Pledge.objects.exists()
    assert not PledgeDraft.objects.exists()
    again = client.post(draft.get_absolute_url(), {**sent, "r2-topic": "education"})
    assert again.headers["Location"] == "/pledges/mine/?done=again"
    assert PledgeProposal.objects.count() == 2


def test_the_same_list_read_twice_makes_no_doubles(client: Client, politician: Politician) -> None:
    client.force_login(DelegateFactory.create(politician=politician).user)
    for _ in range(2):
        draft = uploaded(client, politician)
        sent = {
            **SHARED,
            **cells(1, title="給食費の無償化", text="小中学校の給食費を無償にします。", topic="childcare"),
        }
        sent |= cells(2, title="保育園の増設", text="保育園を10園増やします。", topic="education")
        assert client.post(draft.get_absolute_url(), sent).headers["Location"] == "/pledges/mine/?done=published"
    assert Pledge.objects.count() == 2
    assert all(pledge.revisions.count() == 1 for pledge in Pledge.objects.all())


def test_what_is_alike_is_marked_and_left_out_until_somebody_says_otherwise(
    client: Client, politician: Politician, citizen: User
) -> None:
    PledgeFactory.create(politician=politician, title="給食費を無償化")
    client.force_login(citizen)
    draft = uploaded(client, politician)
    assert [row["skipped"] for row in draft.rows] == [True, False]
    assert "よく似た公約が登録されています" in text_of(client.get(draft.get_absolute_url()))


def test_a_formula_and_a_script_are_text(client: Client, politician: Politician, citizen: User) -> None:
    client.force_login(citizen)
    draft = uploaded(
        client, politician, "題名,本文,URL\n=1+1,<script>alert(1)</script>,javascript:alert(1)\n@SUM(A1),+cmd|x,\n"
    )
    page = text_of(client.get(draft.get_absolute_url()))
    assert "<script>alert(1)" not in page
    assert 'value="=1+1"' in page
    response = client.post(
        draft.get_absolute_url(),
        {**SHARED, **cells(1, title="=1+1", text="a", topic="education", source_url="javascript:alert(1)")},
    )
    assert "アドレスを読み取れません" in text_of(response)
    assert not PledgeProposal.objects.exists()


def test_one_row_that_cannot_be_saved_keeps_all_back(
    client: Client, politician: Politician, citizen: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.force_login(DelegateFactory.create(politician=politician).user)
    draft = uploaded(client, politician)
    made: list[int] = []

    def fail(*args: object, **kwargs: object) -> None:
        made.append(1)
        if len(made) == 2:
            raise RuntimeError
        PledgeFactory.create(politician=politician)

    monkeypatch.setattr("tsushinbo.pledges.services.importing.create_pledge", fail)
    sent = {
        **SHARED,
        **cells(1, title="a", text="一つ目", topic="education"),
        **cells(2, title="b", text="二つ目です", topic="education"),
    }
    with pytest.raises(RuntimeError):
        client.post(draft.get_absolute_url(), sent)
    assert not Pledge.objects.exists()
    assert PledgeDraft.objects.exists()


def test_nobody_sees_sends_or_drops_anothers_list(client: Client, politician: Politician, citizen: User) -> None:
    assert client.get(start(politician)).status_code == 302
    assert client.post(start(politician), {**SHARED, "pasted": CSV}).status_code == 403
    client.force_login(citizen)
    draft = uploaded(client, politician)
    client.force_login(UserFactory.create())
    for sent in ({"deed": "drop"}, {"deed": "save"}, {**SHARED, **cells(1, title="x", text="y", topic="education")}):
        assert client.post(draft.get_absolute_url(), sent).headers["Location"] == "/pledges/mine/?done=again"
    assert client.get(draft.get_absolute_url()).status_code == 303
    assert PledgeDraft.objects.get().rows == draft.rows
    assert not PledgeProposal.objects.exists()


def test_no_cell_beyond_the_table_is_read(client: Client, politician: Politician, citizen: User) -> None:
    client.force_login(citizen)
    draft = uploaded(client, politician)
    client.post(
        draft.get_absolute_url(),
        {**SHARED, **cells(1, title="x", status="kept", politician_id="1"), **cells(99, title="y"), "deed": "save"},
    )
    rows = PledgeDraft.objects.get().rows
    assert len(rows) == 2
    assert rows[0]["title"] == "x"
    assert not {"status", "politician_id"} & rows[0].keys()


def test_too_large_is_not_read_at_all(client: Client, politician: Politician, citizen: User) -> None:
    client.force_login(citizen)
    file = io.BytesIO(b"x" * (2 * MOST_BYTES + 300_000))
    file.name = "a.csv"
    assert client.post(start(politician), {"file": file}).status_code == 413


def test_five_hundred_rows_cost_few_queries(
    client: Client,
    politician: Politician,
    citizen: User,
    settings: Settings,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    client.force_login(citizen)
    rows = "".join(f"公約その{number}の題名,{number}番目の本文です。,教育\n" for number in range(MOST_ROWS))
    draft = uploaded(client, politician, f"題名,本文,政策分野\n{rows}")
    with django_assert_max_num_queries(12):
        page = text_of(client.get(draft.get_absolute_url(), {"page": "25"}))
    assert 'name="r500-title"' in page
    with django_assert_max_num_queries(24):
        client.post(draft.get_absolute_url(), SHARED)
    assert PledgeProposal.objects.count() == MOST_ROWS


def test_what_all_rows_share_is_told_once(client: Client, politician: Politician, citizen: User) -> None:
    client.force_login(citizen)
    draft = uploaded(client, politician)
    sent = {
        **cells(1, title="a", text="一つ目", topic="education"),
        **cells(2, title="b", text="二つ目です", topic="education"),
    }
    text = text_of(client.post(draft.get_absolute_url(), {**sent, **SHARED, "source_on": ""}))
    assert text.count("出典の日付が入力されていません") == 2
    assert "共通の出典を直してください" in text
    assert "共通の出典の日付：" in text
    outline = Outline(text)
    assert outline.wanted <= set(outline.ids)
