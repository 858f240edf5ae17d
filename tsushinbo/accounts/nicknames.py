"""Names of members and nicknames of visitors that would pass for somebody else: for those who run the site, for a politician who speaks here, for a closed account."""

import unicodedata
from functools import cache

from tsushinbo.accounts.membership import GONE
from tsushinbo.japanese.folding import fold

# Whoever calls themselves so seems to speak for the site.
OF_THE_SITE = (
    "運営", "管理者", "管理人", "編集者", "事務局", "モデレーター", "スタッフ", "公式", "先生の通信簿", GONE,
    "admin", "moderator", "official", "staff", "operator", "support", "tsushinbo",
)  # fmt: skip
# What is written beside a name to say who it is. The longer ones first.
TITLES = (
    "衆議院議員", "参議院議員", "都道府県議会議員", "市議会議員", "県議会議員", "町議会議員", "村議会議員", "区議会議員", "事務所", "代議士", "大臣", "議員",
    "県議", "市議", "都議", "区議", "府議", "町議", "村議", "知事", "市長", "区長", "町長", "村長", "首相", "総理", "本人", "先生", "さん", "さま", "様", "氏",
)  # fmt: skip
# Letters of other scripts, digits and signs that are read as Latin letters.
_READ_AS = {
    "a": "аαɑ4@", "b": "вьβ", "c": "сϲ", "d": "ԁ", "e": "еεέ3", "f": "ғ", "g": "ɡ", "h": "һн", "i": "іιı1!|", "k": "кκ", "l": "ӏⅼ",
    "m": "мϻ", "n": "ոη", "o": "оοσ0", "p": "рρ", "q": "ԛ", "r": "гᴦ", "s": "ѕ5$", "t": "тτ7", "u": "υս", "v": "ѵν", "w": "ԝω", "x": "хχ", "y": "уγ",
}  # fmt: skip
_LOOK_ALIKE = str.maketrans({sign: letter for letter, signs in _READ_AS.items() for sign in signs})
# Katakana and kanji that are drawn alike: ハ木ニ郎 passes for 八木二郎, モデレー夕ー for モデレーター.
_KANA, _KANJI = "ニロカトエタハチミオムノヒメー", "二口力卜工夕八千三才厶丿匕乂一"
_SWAPPED = (str.maketrans(_KANA, _KANJI), str.maketrans(_KANJI, _KANA))


def passes_for_the_site(nickname: str) -> bool:
    """Whether a nickname reads as if the site itself spoke, whatever signs it is written with: 運 営, 運營, Аdmin, ａｄｍｉｎ, adm1n."""
    return any(word in _as_read(one) for one in _drawn_alike(nickname) for word in _of_the_site())


def names_in(nickname: str) -> set[str]:
    """Under which folded names a politician would be recognised in a nickname: as a whole, and without titles around it."""
    return {name for one in _drawn_alike(nickname) for name in _without_titles(fold(one))}


def is_readable(nickname: str) -> bool:
    """Whether anything is left of it that can be seen."""
    return any(
        unicodedata.category(sign)[0] in "LNPS" and sign not in "\u115f\u1160\u2800\u3164\uffa0" for sign in nickname
    )


def _without_titles(name: str) -> set[str]:
    found = {name}
    for title in _titles():
        for rest in (name.removesuffix(title), name.removeprefix(title)):
            if rest and rest not in found:
                found.add(rest)
                name = min(name, rest, key=len)
    return found


def _drawn_alike(text: str) -> set[str]:
    """The text as it stands, and with its look-alikes all read as kanji or all as katakana."""
    return {text, *(text.translate(table) for table in _SWAPPED)}


def _as_read(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_LOOK_ALIKE))
    return fold("".join(sign for sign in plain if not unicodedata.combining(sign)))


@cache
def _of_the_site() -> tuple[str, ...]:
    return tuple(_as_read(word) for word in OF_THE_SITE)


@cache
def _titles() -> tuple[str, ...]:
    return tuple(fold(title) for title in TITLES)
