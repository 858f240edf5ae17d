"""The columns of the CSV (開票表) as data: what they are called, what they are for, and what is written in them. The page and the reader share it."""

from dataclasses import dataclass
from enum import StrEnum

from tsushinbo.elections.models import Candidacy, Election
from tsushinbo.japanese.folding import fold
from tsushinbo.people.models import Office, Tier


class About(StrEnum):
    """What a column is about. Those of an election and a contest say the same in every row of the contest."""

    ELECTION = "選挙"
    CONTEST = "選挙区"
    CANDIDATE = "候補者"
    RESULT = "結果"


@dataclass(frozen=True)
class Column:
    """One column: its code here, its name, other names it is known by, an example, and what to write."""

    code: str
    name: str
    about: About
    others: tuple[str, ...]
    example: str
    words: str
    needed: bool = False


COLUMNS = (
    Column("election", "選挙名", About.ELECTION, ("選挙", "election"), "見本市長選挙", "登録のある選挙と同じ名前、または新しい選挙の名前。", needed=True),
    Column("polling_on", "投票日", About.ELECTION, ("選挙期日", "投票期日", "執行日", "polling_on"), "令和8年11月29日", "2026-11-29、2026年11月29日、2026/11/29、令和8年11月29日、R8.11.29のどれか。", needed=True),
    Column("election_id", "選挙ID", About.ELECTION, ("election_id",), "", "名前と日付が登録と違うとき、登録のある選挙を指します。選挙のページのアドレス（/elections/…/）の終わりにある10文字です。"),
    Column("announced_on", "告示日", About.ELECTION, ("公示日", "announced_on"), "令和8年11月22日", "日付。書き方は投票日と同じです。"),
    Column("office", "職", About.ELECTION, ("選挙の種類", "office"), "市区町村長", "登録のない選挙で必要です。"),
    Column("kind", "事由", About.ELECTION, ("kind",), "", "一般・通常・補欠・再選挙のどれか。"),
    Column("area_code", "団体コード", About.ELECTION, ("全国地方公共団体コード", "市区町村コード", "area_code"), "", "6桁。登録のない地方の選挙で必要です。"),
    Column("source_url", "出典", About.ELECTION, ("url", "source_url"), "", "発表のページのアドレス。"),
    Column("tier", "区分", About.CONTEST, ("tier",), "", "衆議院は小選挙区か比例代表、参議院は選挙区か比例代表。ほかの選挙では要りません。"),
    Column("contest", "選挙区", About.CONTEST, ("選挙区名", "ブロック", "contest"), "", "選挙区か比例代表のブロックの名前。区域全体で1つの選挙なら要りません。"),
    Column("prefecture", "都道府県", About.CONTEST, ("都道府県名", "prefecture"), "", "新しい選挙区で、その都道府県の名前。"),
    Column("seats", "定数", About.CONTEST, ("改選数", "seats"), "1", "その選挙区で当選する人数。"),
    Column("uncontested", "無投票", About.CONTEST, ("uncontested",), "", "投票をしないとき1か「無投票」。"),
    Column("counted_percent", "開票率", About.CONTEST, ("counted_percent",), "43.2", "0から100。小数は2桁まで。確定した結果は100か「確定」。得票数か当落があるときは必ず書きます。"),
    Column("counted_at", "開票時刻", About.CONTEST, ("現在時刻", "開票現在", "counted_at"), "21時35分", "21:35、21時35分、令和8年11月29日21時35分など。時刻だけなら、投票日の夜と見ます。"),
    Column("turnout_percent", "投票率", About.CONTEST, ("turnout_percent",), "51.34", "0から100。小数は2桁まで。"),
    Column("electors", "当日有権者数", About.CONTEST, ("有権者数", "electors"), "80000", "人数。得票の合計がこれを超える行は、取り込みません。"),
    Column("number", "届出番号", About.CANDIDATE, ("届出順", "番号", "number"), "1", "届け出の順の番号。候補者はこの順に並びます。"),
    Column("name", "候補者名", About.CANDIDATE, ("氏名", "候補者氏名", "候補者", "name"), "見本太郎", "候補者の名前。比例代表では、空の行が名簿（党派）そのものの得票と議席です。", needed=True),
    Column("name_on_ballot", "通称", About.CANDIDATE, ("届出名", "name_on_ballot"), "", "投票で使う名前が違うとき。"),
    Column("kana", "ふりがな", About.CANDIDATE, ("よみがな", "フリガナ", "読み", "kana"), "みほんたろう", "かな。カタカナはひらがなにします。"),
    Column("party", "党派", About.CANDIDATE, ("党派名", "政党", "所属党派", "届出政党", "party"), "無所属", "登録のある党派の名前。ないものは取り込みません。"),
    Column("endorsements", "推薦", About.CANDIDATE, ("推薦・支持", "推薦支持", "endorsements"), "", "推薦・支持する団体を「、」で区切ります。"),
    Column("status", "新旧", About.CANDIDATE, ("新現元", "現新元", "新旧別", "現元新別", "status"), "新", "新・現・元のどれか。"),
    Column("age", "年齢", About.CANDIDATE, ("満年齢", "age"), "45", "投票日の満年齢。18から120。"),
    Column("occupation", "職業", About.CANDIDATE, ("occupation",), "会社員", "届け出た職業。住所や学歴は書きません。"),
    Column("person_id", "政治家ID", About.CANDIDATE, ("person_id",), "", "この人だと分かっているときだけ書きます。政治家のページのアドレス（/politicians/…/）の終わりにある10文字か、データの一覧にあるIDです。名前だけで結び付けることはありません。"),
    Column("list_rank", "名簿順位", About.CANDIDATE, ("list_rank",), "", "比例代表の名簿の順位。"),
    Column("dual", "重複立候補", About.CANDIDATE, ("重複", "dual"), "", "小選挙区と比例代表の両方に立つとき1。"),
    Column("votes", "得票数", About.RESULT, ("得票", "votes"), "12345.678", "0以上。案分票は小数3桁まで。12,345のような区切りも読みます。"),
    Column("outcome", "当落", About.RESULT, ("当選", "結果", "outcome"), "", "当・落・比例復活のどれか。発表されたものだけを書きます。"),
    Column("list_seats", "議席", About.RESULT, ("当選人数", "獲得議席", "list_seats"), "", "比例代表の名簿の行だけ。"),
)  # fmt: skip

# Worked out here from the votes, or of no use to this site: read and not kept.
NOT_KEPT = ("性別", "得票率", "順位", "惜敗率", "備考")
SHARED = tuple(column.code for column in COLUMNS if column.about in (About.ELECTION, About.CONTEST))
OWN = tuple(column.code for column in COLUMNS if column.code not in SHARED)
BY_CODE = {column.code: column for column in COLUMNS}
NEEDED = tuple(column for column in COLUMNS if column.needed)
# The name of a column as files write it, folded, with its code; "" for what is not kept.
CODES: dict[str, str] = {
    **{fold(word): column.code for column in COLUMNS for word in (column.name, *column.others)},
    **dict.fromkeys(map(fold, NOT_KEPT), ""),
}

_OFFICES: dict[Office, tuple[str, ...]] = {
    Office.REPRESENTATIVES: ("衆議院議員", "衆議院"),
    Office.COUNCILLORS: ("参議院議員", "参議院"),
    Office.GOVERNOR: ("都道府県知事", "知事"),
    Office.PREFECTURAL_ASSEMBLY: ("都道府県議会議員", "都道府県議", "都議会議員", "道議会議員", "府議会議員", "県議会議員"),
    Office.MAYOR: ("市区町村長", "市長", "区長", "町長", "村長"),
    Office.MUNICIPAL_ASSEMBLY: ("市区町村議会議員", "市区町村議", "市議会議員", "区議会議員", "町議会議員", "村議会議員"),
}  # fmt: skip
OFFICES: dict[str, str] = {word: office.value for office, words in _OFFICES.items() for word in (office.value, *words)}
KINDS = {
    **{kind.value: kind.value for kind in Election.Kind},
    "総選挙": "general", "一般": "general", "一般選挙": "general", "任期満了": "general", "通常": "ordinary", "通常選挙": "ordinary",
    "補欠": "by", "補欠選挙": "by", "再選挙": "rerun",
}  # fmt: skip
TIERS: dict[str, str] = {
    **{tier.value: tier.value for tier in Tier},
    "小選挙区": Tier.SINGLE_SEAT.value, "選挙区": Tier.PREFECTURAL.value, "比例代表": Tier.PROPORTIONAL.value, "比例": Tier.PROPORTIONAL.value,
    "全域": Tier.AT_LARGE.value, "全区域": Tier.AT_LARGE.value,
}  # fmt: skip
# 前: who sat until the house was dissolved or the term ended.
STATUSES = {
    **{status.value: status.value for status in Candidacy.Status},
    "新": "new", "新人": "new", "現": "incumbent", "現職": "incumbent", "前": "incumbent", "元": "former", "元職": "former",
}  # fmt: skip
YES = {
    "1": True,
    "有": True,
    "あり": True,
    "○": True,
    "無投票": True,
    "重複": True,
    "0": False,
    "無": False,
    "なし": False,
}
# Elected in this tier, and elected from the list after losing the district.
OUTCOMES: dict[str, tuple[bool, bool]] = {
    "1": (True, False), "当": (True, False), "当選": (True, False), "○": (True, False),
    "0": (False, False), "落": (False, False), "落選": (False, False), "×": (False, False),
    "比例復活": (False, True), "復活": (False, True), "復活当選": (False, True), "比当": (False, True),
}  # fmt: skip
