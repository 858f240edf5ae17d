"""What every engine answers: exactly what a look through all texts finds. Runs on the database in use."""

import random
from collections.abc import Callable

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.search import documents
from tests.search.documents import document
from tsushinbo.japanese.folding import fold
from tsushinbo.japanese.runs import folded_runs
from tsushinbo.search.engine import Hits, Wanted, engine, texts
from tsushinbo.search.models import PledgeDocument

pytestmark = pytest.mark.django_db
CAP, MOST = 1_001, 200
# In each class six queries, as ../SEARCH measured them: words that are everywhere and nearly nowhere, names in other spellings, nothing.
QUERIES: dict[str, list[str]] = {
    "one sign": ["税", "谷", "防", "子", "の", "8"],
    "two signs, frequent": ["支援", "制度", "実現", "地域", "減税", "教育"],
    "two signs, rarer": ["給食", "津市", "原発", "外国", "農家", "過疎"],
    "three signs": ["消費税", "無償化", "高齢者", "最低限", "カジノ", "いしば"],
    "five and more": ["給食費の無償化", "インボイス制度", "選択的夫婦別姓", "政治資金規正法", "デジタル化の推進", "子ども・子育て"],
    "two words": ["消費税 減税", "教育 無償", "支援 石破", "医療 介護", "物価 高騰 対策", "企業 献金"],
    "spellings and nothing": ["斎藤", "ＡＩ", "ガソリン", "あり得ない言葉", "😀", "NOT"],
}  # fmt: skip


def plain(asked: str) -> Wanted:
    """The words of a query, without what the language of queries adds."""
    return Wanted(tuple((key,) for word in asked.split() for key in folded_runs(word).split() or ["😀"]))


def truth(wanted: Wanted, *, head: bool = False) -> list[int]:
    """By a look through every text."""

    def fits(title: str, body: str, names: str, facets: str) -> bool:
        texts_of_it = (title, names) if head else (title, body, names)
        return (
            all(any(key in text for key in word for text in texts_of_it) for word in wanted.words)
            and not any(key in text for key in wanted.without for text in (title, body, names))
            and set(wanted.facets) <= set(facets.split())
        )

    rows = PledgeDocument.objects.order_by("-pk").values_list("pk", "title", "body", "names", "facets")
    return [pk for pk, *row in rows if fits(*row)]


def found(wanted: Wanted, *, cap: int = CAP, most: int = MOST) -> Hits:
    return engine().hits(PledgeDocument, wanted, cap=cap, most=most)


def agrees(wanted: Wanted) -> int:
    """That the engine answers what is true; returns how many there are."""
    anywhere, hits = truth(wanted), found(wanted)
    assert hits.total == min(len(anywhere), CAP), wanted
    assert list(hits.newest) == anywhere[:MOST], wanted
    assert list(hits.head) == truth(wanted, head=True)[:MOST], wanted
    return len(anywhere)


@pytest.fixture
def library(db: None) -> list[PledgeDocument]:
    """All texts as documents, each with a topic and a year."""
    rows = [document(n, *row, facets=f"zt{n % 7} zy{2020 + n % 5}") for n, row in enumerate(documents.texts())]
    return PledgeDocument.objects.bulk_create(rows)


def test_42_of_42_queries_find_what_a_look_through_all_texts_finds(library: list[PledgeDocument]) -> None:
    totals = {asked: agrees(plain(asked)) for asked_here in QUERIES.values() for asked in asked_here}
    assert len(totals) == 42
    # It is no proof to agree on nothing: most are found, and some more often than the cap of ids.
    assert sum(total > 0 for total in totals.values()) >= 34
    assert max(totals.values()) > MOST


def test_they_still_do_after_changes_and_publication_anew(library: list[PledgeDocument]) -> None:
    chance = random.Random(7)  # noqa: S311 - the same every time
    for row in chance.sample(library, 60):
        other = chance.choice(library)
        row.title, row.body, row.facets = other.body, other.title, "zt1"
        row.save()
    gone = PledgeDocument.objects.filter(pk__in=[row.pk for row in chance.sample(library, 60)])
    again = [document(row.subject_id, row.title, row.body, row.names) for row in gone]
    gone.delete()
    PledgeDocument.objects.bulk_create(again)
    PledgeDocument.objects.filter(pk=again[0].pk).update(body="つけたした言葉")
    for asked in ("支援", "税", "給食費の無償化", "教育 無償", "つけたした言葉"):
        assert agrees(plain(asked))


@pytest.mark.parametrize(
    "wanted",
    [
        Wanted((("支援",),), facets=("zt3",)),
        Wanted((("支援",),), facets=("zt3", "zy2021")),
        Wanted((("支援",),), facets=("znothing",)),
        Wanted((("税",),), without=("消費税",)),
        Wanted((("支援",), ("子",)), without=("子育て", "の"), facets=("zt2",)),
        Wanted((("減税", "増税"), ("消費", "所得"))),
        Wanted((("石", "林"), ("い",))),
    ],
)
def test_spellings_exclusions_and_facets_agree_too(library: list[PledgeDocument], wanted: Wanted) -> None:
    agrees(wanted)


@pytest.mark.parametrize("walks", [True, False])
def test_any_mixture_of_words_signs_exclusions_and_facets_agrees(
    library: list[PledgeDocument], monkeypatch: pytest.MonkeyPatch, walks: bool
) -> None:
    # In SQLite common signs are looked for in the texts of the newest documents; or else beside the index.
    monkeypatch.setattr(texts, "LOOKED_AT", 0 if walks else 1_000_000_000)
    chance = random.Random(9)  # noqa: S311 - the same every time
    runs = " ".join(f"{row.title} {row.body}" for row in chance.sample(library, 40)).split()

    def key() -> str:
        run = chance.choice(runs)
        at = chance.randrange(len(run))
        return run[at : at + chance.choice((1, 1, 1, 2, 3))] if chance.random() < 0.8 else chance.choice("のすをに税")

    some = 0
    for _ in range(40):
        words = tuple(tuple(key() for _ in range(chance.choice((1, 1, 2)))) for _ in range(chance.choice((1, 2, 3))))
        without = tuple(key() for _ in range(chance.choice((0, 0, 1, 2))))
        some += agrees(Wanted(words, without, chance.choice(((), (), ("zt3",))))) > 0
    assert some > 12


def test_counts_and_ids_end_at_what_was_asked_for(library: list[PledgeDocument]) -> None:
    wanted = plain("の")
    every = truth(wanted)
    assert found(wanted, cap=10, most=3) == Hits(10, every[:3], truth(wanted, head=True)[:3])
    assert found(wanted, cap=10, most=0).total == 10
    assert found(plain("あり得ない言葉")).total == 0


def test_a_run_ends_where_a_sentence_does_and_a_column_too(db: None) -> None:
    document(1, "減税。防衛", "山田、中島（会長）", "石破 茂", facets="zt1").save()
    for there in ("減税", "防衛", "山田", "中島", "会長", "石破", "茂", "税", "衛", "島"):
        assert found(plain(there)).total == 1, there
    for nowhere in ("税防", "田中", "島会", "衛山", "破茂", "zt1", "000"):
        assert found(plain(nowhere)).total == 0, nowhere


@pytest.mark.parametrize(
    "typed",
    ['"', "' OR 1=1 --", "NEAR(a b)", "title:減税", "*", "減税*", "AND OR NOT", "((((", "^減税", "{title} : x", "%", "_", "\\", "a-b", "+1", "減" * 10_000],
)  # fmt: skip
def test_nothing_typed_is_an_operator(library: list[PledgeDocument], typed: str) -> None:
    keys = folded_runs(typed).split()
    if keys:
        agrees(Wanted(tuple((key,) for key in keys)))


def test_fifty_words_are_one_question(library: list[PledgeDocument]) -> None:
    with connection.execute_wrapper(_counted(asked := [])):
        found(
            Wanted(tuple((key,) for key in fold("政治資金の流れを国民の前に明らかにし、信頼を取り戻します。" * 2)[:50]))
        )
    assert len(asked) <= 3


def _counted(asked: list[str]) -> Callable[..., object]:
    def note(execute: Callable[..., object], sql: str, *rest: object) -> object:
        asked.append(sql)
        return execute(sql, *rest)

    return note


@given(
    # Any sign there is, also NUL and halves of signs, which folding takes out of texts and queries alike.
    text=st.text(st.characters(exclude_categories=()), max_size=40),
    other=st.text("減税防衛ab１２😀𠮷・ー", max_size=6),
)
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_part_of_any_text_is_found_and_nothing_else(db: None, text: str, other: str) -> None:
    PledgeDocument.objects.all().delete()
    row = document(1, text, f"{other} {text[::-1]}", other)
    row.save()
    runs = f"{row.title} {row.body} {row.names}".split()
    keys = {run[at : at + size] for run in runs for size in (1, 2, 3, 7) for at in range(0, len(run), 3)}
    for key in [*sorted(keys)[:12], *folded_runs(other[::-1]).split()]:
        agrees(Wanted(((key,),)))
