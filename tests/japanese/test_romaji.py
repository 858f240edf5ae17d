"""One name in every romanisation people write it in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tsushinbo.japanese import romaji
from tsushinbo.japanese.kana import hiragana, katakana

ANY_TEXT = st.text(st.characters(codec=None), max_size=60)
KANA = st.text([chr(code) for code in range(0x3041, 0x3097)] + ["ー"], max_size=20)


@pytest.mark.parametrize(
    ("kana", "latin"),
    [
        ("いしば しげる", "ishibashigeru"), ("おおの", "oono"), ("ゆうき", "yuuki"), ("はっとり", "hattori"), ("ほっち", "hotchi"), ("いっしき", "isshiki"),
        ("じゅんいち", "junichi"), ("しんじょう", "shinjou"), ("ラサール", "rasaaru"), ("ふじた", "fujita"), ("ちづこ", "chizuko"), ("きょうこ", "kyouko"),
        ("みずほ", "mizuho"), ("アルフィヤ", "arufiya"), ("ﾀﾅｶ", "tanaka"), ("ゔ", "bu"), ("ヴィ", "bi"), ("ぢゃ", "ja"), ("ん", "n"), ("あっ", "a"),
        ("っっか", "kka"), ("ー", ""), ("さとう太郎", "satou"), ("", ""), ("\ud800", ""), ("ゐゑを", "ieo"), ("りゅうのすけ", "ryuunosuke"),
    ],
)  # fmt: skip
def test_kana_in_hepburn(kana: str, latin: str) -> None:
    assert romaji.from_kana(kana) == latin


@pytest.mark.parametrize(
    "spellings",
    [
        "Ohno Ōno Oono Ôno OHNO ono Ouno ＯＨＮＯ Oˉno O\u0304no", "Shimbo Shinbo Sinbo SHIMBO", "Junko Zyunko Jyunko", "Ito Itoh Itou Itō",
        "Tsuchiya Tutiya Tsutiya", "Fukuda Hukuda", "Shoji Syozi Shouji Shōji Shohji", "Chiyoda Tiyoda", "Junichi Jun'ichi Jun’ichi Jun-ichi Zyun'iti",
        "Kohei Kōhei Kouhei Koohei", "Ohyama Oyama Ōyama Ooyama", "Yuki Yuuki Yūki Yûki", "Homma Honma", "Isshiki Issiki", "Hotchi Hocchi Hotti",
        "Mizuho Miduho Midzuho", "Kyoko Kyouko Kyōko", "Niigata Nigata Nîgata", "Ryu Ryuu Ryū", "Renho Renhō Renhou",
    ],
)  # fmt: skip
def test_romanisations_of_one_name_fold_to_the_same(spellings: str) -> None:
    assert len({romaji.fold(spelling) for spelling in spellings.split(" ")}) == 1


@pytest.mark.parametrize(
    ("kana", "latin"),
    [
        ("おおの", "Ohno"), ("おの", "Ono"), ("しんぼ", "Shimbo"), ("じゅんいち", "Jun'ichi"), ("いとう", "Itoh"), ("つちや", "Tutiya"), ("ほっち", "Hotchi"),
        ("れんほう", "Renhō"), ("こうの たろう", "Taro Kono"), ("こうの たろう", "KONO Taro"), ("さとう おさむ", "Osamu Satoh"), ("さとう おさむ", "Satō, Osamu"),
    ],
)  # fmt: skip
def test_what_is_worked_out_from_kana_meets_what_people_write(kana: str, latin: str) -> None:
    words = [romaji.from_kana(word) for word in kana.split()]
    assert romaji.fold(latin) in {romaji.fold(" ".join(words)), romaji.fold(" ".join(reversed(words)))}


@pytest.mark.parametrize(
    "pair", ["Abe Abi", "Kono Konno", "Sato Seto", "Shin Jin", "Ota Oda", "Hara Haru", "Kanai Kanae"]
)
def test_different_names_stay_different(pair: str) -> None:
    first, second = pair.split()
    assert romaji.fold(first) != romaji.fold(second)


def test_a_vowel_at_the_seam_of_two_words_is_long_like_any_other() -> None:
    assert romaji.fold("Sato Osamu") == romaji.fold("satouosamu") == "satosamu"


@given(KANA)
def test_hiragana_and_katakana_are_read_alike(kana: str) -> None:
    assert romaji.from_kana(katakana(kana)) == romaji.from_kana(kana)


@given(KANA)
def test_katakana_and_back_is_the_same_hiragana(kana: str) -> None:
    assert hiragana(katakana(kana)) == kana


@given(ANY_TEXT)
def test_any_text_gives_small_latin_letters_only(text: str) -> None:
    for latin in (romaji.from_kana(text), romaji.fold(text)):
        assert set(latin) <= set("abcdefghijklmnopqrstuvwxyz")


@given(st.text("abcdefghijklmnopqrstuvwxyz", max_size=20))
def test_folding_a_word_twice_changes_nothing_more(word: str) -> None:
    assert romaji.fold(romaji.fold(word)) == romaji.fold(word)


@given(KANA)
def test_length_is_bounded(kana: str) -> None:
    assert len(romaji.fold(romaji.from_kana(kana))) <= 4 * len(kana)


def test_a_hundred_thousand_signs_take_linear_work() -> None:
    for sign in ("か", "っ", "っか", "ー", "あー"):
        assert len(romaji.from_kana(sign * 100_000)) <= 400_000 * len(sign)
    for sign in ("oh", "o", "h", "ohh", "ty", "m", "'", " "):
        assert len(romaji.fold(sign * 100_000)) <= 300_000
    assert romaji.fold("o" + "h" * 100_000) == "o"
