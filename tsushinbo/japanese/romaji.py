"""Names in Latin letters: from kana by Hepburn, and any romanisation folded to one form for comparing."""

import re
import unicodedata

from tsushinbo.japanese.folding import fold as fold_japanese

_ROWS = """
あ a い i う u え e お o か ka き ki く ku け ke こ ko さ sa し shi す su せ se そ so た ta ち chi つ tsu て te と to
な na に ni ぬ nu ね ne の no は ha ひ hi ふ fu へ he ほ ho ま ma み mi む mu め me も mo や ya ゆ yu よ yo
ら ra り ri る ru れ re ろ ro わ wa ん n が ga ぎ gi ぐ gu げ ge ご go ざ za じ ji ず zu ぜ ze ぞ zo だ da で de ど do
ば ba び bi ぶ bu べ be ぼ bo ぱ pa ぴ pi ぷ pu ぺ pe ぽ po
きゃ kya きゅ kyu きょ kyo しゃ sha しゅ shu しょ sho しぇ she ちゃ cha ちゅ chu ちょ cho ちぇ che にゃ nya にゅ nyu にょ nyo
ひゃ hya ひゅ hyu ひょ hyo みゃ mya みゅ myu みょ myo りゃ rya りゅ ryu りょ ryo ぎゃ gya ぎゅ gyu ぎょ gyo じゃ ja じゅ ju じょ jo じぇ je
びゃ bya びゅ byu びょ byo ぴゃ pya ぴゅ pyu ぴょ pyo ふぁ fa ふぃ fi ふぇ fe ふぉ fo てぃ ti でぃ di とぅ tu どぅ du うぃ wi うぇ we うぉ wo
ぶぁ va ぶぃ vi ぶぇ ve ぶぉ vo ぁ a ぃ i ぅ u ぇ e ぉ o ゃ ya ゅ yu ょ yo ゎ wa
""".split()
_SOUNDS = dict(zip(_ROWS[::2], _ROWS[1::2], strict=True))
# Kunrei, Nihon and passport spellings to Hepburn, longest first.
_SPELLINGS = [
    ("tya", "cha"), ("tyu", "chu"), ("tyo", "cho"), ("sya", "sha"), ("syu", "shu"), ("syo", "sho"), ("zya", "ja"), ("zyu", "ju"), ("zyo", "jo"),
    ("jya", "ja"), ("jyu", "ju"), ("jyo", "jo"), ("dya", "ja"), ("dyu", "ju"), ("dyo", "jo"), ("cya", "cha"), ("cyu", "chu"), ("cyo", "cho"),
    ("tch", "cch"),
]  # fmt: skip


def from_kana(kana: str) -> str:
    """Return kana in Hepburn without macrons, lower case; long vowels keep their kana spelling (おおの: oono, ゆうき: yuuki).

    Signs that are no kana are left out. ん is n before every sound. Example: いしば しげる gives ishibashigeru.
    """
    text, result, at = fold_japanese(kana), "", 0
    doubled = False
    while at < len(text):
        if text[at] == "っ":
            doubled, at = True, at + 1
            continue
        sound = _SOUNDS.get(text[at : at + 2]) if len(text) > at + 1 else None
        step = 2 if sound else 1
        sound = sound or _SOUNDS.get(text[at], "")
        if text[at] == "ー" and result:
            sound = result[-1] if result[-1] in "aiueo" else ""
        if doubled and sound and sound[0] not in "aiueon":
            sound = ("t" if sound.startswith("ch") else sound[0]) + sound
        doubled = False
        result, at = result + sound, at + step
    return result


def fold(text: str) -> str:
    """Return any romanisation of a name in one form for comparing: long vowels short, Kunrei as Hepburn, m before b, p, m as n.

    Ohno, Ōno, Oono, Ôno, OHNO and ONO all give ono; Zyunko gives junko; Shimbo gives shinbo.
    """
    letters = unicodedata.normalize("NFKD", text).casefold()
    letters = re.sub(r"[^a-z]", "", letters)
    for old, new in _SPELLINGS:
        letters = letters.replace(old, new)
    letters = re.sub(r"(?<![sc])hu", "fu", letters)
    letters = re.sub(r"(?<!s)si", "shi", letters)
    letters = re.sub(r"ti(?!$)|ti$", "chi", letters)
    letters = re.sub(r"tu", "tsu", letters)
    letters = re.sub(r"zi|di", "ji", letters)
    letters = re.sub(r"du|dzu", "zu", letters)
    letters = re.sub(r"m(?=[bp])|m(?=m)", "n", letters)
    letters = re.sub(r"oh(?![aiueo])", "o", letters)
    letters = re.sub(r"o[ou]", "o", letters)
    return re.sub(r"([aiue])\1", r"\1", letters)
