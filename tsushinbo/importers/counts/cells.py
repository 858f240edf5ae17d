"""The values of one row, typed. What is not understood raises ``Refused`` with the code of its column and says what was found and what is expected."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple, NoReturn

from tsushinbo.addresses import decode
from tsushinbo.importers.counts.columns import KINDS, OFFICES, OUTCOMES, STATUSES, TIERS, YES
from tsushinbo.importers.refusals import Refused
from tsushinbo.importers.rows import BRACKETS, KANA, check_digit
from tsushinbo.japanese.eras import read_day
from tsushinbo.japanese.kana import hiragana
from tsushinbo.moderation.text import is_web_address

MOST_VOTES = 999_999_999
MOST_ELECTORS = 150_000_000
_WHOLE = re.compile(r"[0-9]{1,9}")
_NUMBER = re.compile(r"(?:[0-9]{1,9}|[0-9]{1,3}(?:,[0-9]{3}){1,2})(?:\.[0-9]+)?")
_CODE = re.compile(r"[0-9]{6}")
# 外字: signs of one machine alone, which another shows as something else.
_PRIVATE = re.compile("[\ue000-\uf8ff]")


class Shared(NamedTuple):
    """What a row says of its election and contest; the same in every row of the contest. None and "" say nothing."""

    election: str
    polling_on: date
    election_id: str
    announced_on: date | None
    office: str
    kind: str
    area_code: str
    source_url: str
    tier: str
    contest: str
    prefecture: str
    seats: int | None
    uncontested: bool | None
    counted_percent: Decimal | int | None
    counted_at: str
    turnout_percent: Decimal | int | None
    electors: int | None


class Own(NamedTuple):
    """What a row says of its candidate, or of a list where there is no name. ``party`` is a name still."""

    number: int | None
    name: str
    name_on_ballot: str
    kana: str
    party: str
    endorsements: str
    status: str
    age: int | None
    occupation: str
    person_id: str
    list_rank: int | None
    dual: bool | None
    votes: Decimal | int | None
    elected: bool | None
    elected_from_list: bool | None
    list_seats: int | None


def shown(value: str) -> str:
    """A value as a message shows it: cut off, its invisible signs written out."""
    cut = value if len(value) <= 40 else f"{value[:38]}…"
    return "".join(sign if sign.isprintable() else f"<U+{ord(sign):04X}>" for sign in cut)


def refuse(code: str, value: str, expected: str) -> NoReturn:
    """Say what was found in a column and what is expected there."""
    raise Refused(code, f"「{shown(value)}」は{expected}")


def narrow(value: str) -> str:
    """Full-width figures and signs as narrow ones, without spaces around."""
    return value if value.isascii() else unicodedata.normalize("NFKC", value).strip()


def text(code: str, value: str, longest: int) -> str:
    """Text of one line."""
    if len(value) <= longest and value.isprintable():
        return value
    if len(value) > longest:
        raise Refused(code, f"{len(value):,}字あります。{longest}字までです")
    if not value.isprintable():
        if "\n" in value or "\r" in value:
            raise Refused(code, "値の中に改行があります")
        if found := _PRIVATE.search(value):
            raise Refused(code, f"外字（U+{ord(found[0]):04X}）があります。ふつうの文字に直してください")
    return value


def name(code: str, value: str, longest: int = 80) -> str:
    """A person's name without spaces inside and without a note in brackets behind it."""
    value = text(code, value, longest)
    if value.isalnum():
        return value
    return BRACKETS.sub("", "".join(value.split()))


def kana(code: str, value: str) -> str:
    """A reading in hiragana."""
    value = text(code, value, 120)
    if KANA.fullmatch(value):
        return value
    found = hiragana("".join(unicodedata.normalize("NFKC", value).split()))
    if not KANA.fullmatch(found):
        refuse(code, value, "ふりがなではありません。ひらがなかカタカナで書いてください")
    return found


def choice[T](code: str, value: str, words: Mapping[str, T], expected: str) -> T:
    """What one of ``words`` stands for."""
    found = words.get(value)
    if found is not None:
        return found
    found = words.get(narrow(value))
    if found is None:
        refuse(code, value, f"知らない値です。{expected}のどれかを書いてください")
    return found


def whole(code: str, value: str, low: int, high: int) -> int | None:
    """A whole number, or None when empty."""
    if value.isdigit() and value.isascii() and len(value) < 10 and low <= int(value) <= high:
        # As nearly all are written.
        return int(value)
    if not value:
        return None
    plain = narrow(value).replace(",", "") if _NUMBER.fullmatch(narrow(value)) else narrow(value)
    if not _WHOLE.fullmatch(plain) or not low <= int(plain) <= high:
        refuse(code, value, f"{low:,}から{high:,}までの整数ではありません")
    return int(plain)


def number(code: str, value: str, high: int, places: int, expected: str) -> Decimal | int | None:
    """A number from 0 to ``high``, or None when empty."""
    if not value:
        return None
    if value.isdigit() and value.isascii() and len(value) < 10:
        found: Decimal | int = int(value)
    else:
        plain = narrow(value)
        if not _NUMBER.fullmatch(plain):
            refuse(code, value, f"数として読めません。{expected}を書いてください")
        plain = plain.replace(",", "")
        if len(plain.partition(".")[2].rstrip("0")) > places:
            refuse(code, value, f"小数が{places}桁を超えています。{expected}を書いてください")
        found = Decimal(plain)
    if found > high:
        refuse(code, value, f"大きすぎます。{expected}を書いてください")
    return found


def votes(code: str, value: str) -> Decimal | int | None:
    """Votes, with up to three decimals where ballots that fit several candidates are divided among them (案分票)."""
    return number(code, value, MOST_VOTES, 3, f"0から{MOST_VOTES:,}までの数（案分票は小数3桁まで）")


def percent(code: str, value: str) -> Decimal | int | None:
    """A percentage; 確定 is all of it."""
    if value in ("確定", "確定済"):
        return 100
    return number(code, value.removesuffix("%").removesuffix("％").strip(), 100, 2, "0から100までの数（小数2桁まで）")


def day(code: str, value: str) -> date | None:
    """A day, or None when empty."""
    if not value:
        return None
    try:
        return read_day(value)
    except ValueError as fault:
        raise Refused(code, f"「{shown(value)}」：{fault}") from None


def flag(code: str, value: str) -> bool | None:
    """Yes or no, or None when empty."""
    return choice(code, value, YES, "「1」「0」「有」「無」") if value else None


def area_code(code: str, value: str) -> str:
    """A 全国地方公共団体コード whose check digit is right, or "" when empty."""
    if not value:
        return ""
    plain = narrow(value)
    if not _CODE.fullmatch(plain):
        refuse(code, value, "6桁の団体コードではありません")
    if int(plain[5]) != check_digit(plain[:5]):
        refuse(code, value, f"団体コードとして正しくありません（検査数字は{check_digit(plain[:5])}のはずです）")
    return plain


def public_ids(values: Iterable[str]) -> dict[str, int]:
    """What of ``values`` has the form of an id as pages show it in their addresses, with the number it stands for."""
    found = {}
    for value in values:
        try:
            found[value] = decode(narrow(value).lower())
        except ValueError:
            continue
    return found


def shared(values: Sequence[str]) -> Shared:
    """Read what a row says of its election and contest; ``values`` in the order of columns.SHARED, "" where the file has no such column."""
    (
        election, polling_on, election_id, announced_on, office, kind, code, source_url, tier, contest, prefecture, seats, uncontested,
        counted_percent, counted_at, turnout_percent, electors,
    ) = map(str.strip, values)  # fmt: skip
    if not election:
        raise Refused("election", "空です。選挙の名前を書いてください")
    polled = day("polling_on", polling_on)
    if polled is None:
        raise Refused("polling_on", "空です。投票日を書いてください")
    announced = day("announced_on", announced_on)
    if announced and announced > polled:
        refuse("announced_on", announced_on, "投票日より後の日付です")
    if source_url and (len(source_url) > 500 or not is_web_address(source_url)):
        refuse("source_url", source_url, "ページのアドレスではありません。https://で始まるアドレスを書いてください")
    return Shared(
        election=text("election", election, 120),
        polling_on=polled,
        election_id=text("election_id", election_id, 80),
        announced_on=announced,
        office=choice("office", office, OFFICES, "「衆議院議員」「参議院議員」「知事」「都道府県議会議員」「市区町村長」「市区町村議会議員」") if office else "",
        kind=choice("kind", kind, KINDS, "「一般」「通常」「補欠」「再選挙」") if kind else "",
        area_code=area_code("area_code", code),
        source_url=source_url,
        tier=choice("tier", tier, TIERS, "「小選挙区」「選挙区」「比例代表」「全域」") if tier else "",
        contest=text("contest", contest, 80),
        prefecture=text("prefecture", prefecture, 40),
        seats=whole("seats", seats, 1, 999),
        uncontested=flag("uncontested", uncontested),
        counted_percent=percent("counted_percent", counted_percent),
        counted_at=text("counted_at", counted_at, 60),
        turnout_percent=percent("turnout_percent", turnout_percent),
        electors=whole("electors", electors, 1, MOST_ELECTORS),
    )  # fmt: skip


def own(values: Sequence[str]) -> Own:
    """Read what a row says of its candidate; ``values`` in the order of columns.OWN."""
    (
        number_, name_, name_on_ballot, kana_, party, endorsements, status, age, occupation, person_id, list_rank, dual, votes_, outcome,
        list_seats,
    ) = map(str.strip, values)  # fmt: skip
    elected, from_list = None, None
    if outcome:
        elected, from_list = choice("outcome", outcome, OUTCOMES, "「当」「落」「比例復活」")
    return Own(
        whole("number", number_, 1, 9_999) if number_ else None,
        name("name", name_),
        name("name_on_ballot", name_on_ballot) if name_on_ballot else "",
        kana("kana", kana_) if kana_ else "",
        text("party", party, 100),
        text("endorsements", endorsements, 300) if endorsements else "",
        choice("status", status, STATUSES, "「新」「現」「元」") if status else "",
        whole("age", age.removesuffix("歳"), 18, 120) if age else None,
        text("occupation", occupation, 200) if occupation else "",
        text("person_id", person_id, 120) if person_id else "",
        whole("list_rank", list_rank, 1, 999) if list_rank else None,
        flag("dual", dual) if dual else None,
        votes("votes", votes_) if votes_ else None,
        elected,
        from_list,
        whole("list_seats", list_seats, 0, 999) if list_seats else None,
    )
