"""What is the same name, what is another, and what must hold for any text at all."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tsushinbo.japanese.folding import TABLES, fold, has_kanji, variants

# All that Unicode has given a meaning, and a little beyond.
EVERY_CHARACTER = [*map(chr, range(0x32400)), *map(chr, range(0xE0000, 0xE0400)), *map(chr, range(0x10FF00, 0x110000))]
# Lone surrogates too: a form or a file may hold half of a character.
ANY_TEXT = st.text(st.characters(codec=None), max_size=60)
NAMES = st.text("齋斎斉高髙崎﨑辺邊邉佐々木ヶケがっツつぁァアゝゞかがﾂ゙ー・ 　安倍晋三ABＡ１", max_size=20)


@pytest.mark.parametrize(
    "spellings",
    [
        "斎藤 齋藤 斉藤 齊藤", "高橋 髙橋 髙槗", "山崎 山﨑 山嵜 山碕", "渡辺 渡邊 渡邉", "浜田 濱田 濵田", "吉田 𠮷田",
        "沢 澤", "島 嶋 嶌", "桜 櫻", "広 廣", "浅 淺", "恵 惠", "真 眞", "竜 龍 ⻯", "滝 瀧", "富 冨", "峰 峯", "国 國 圀", "栄 榮",
        "桑 桒", "柳 栁", "清 淸", "青 靑 ⾭ ⻘", "彦 彥", "淵 渕 渊", "館 舘", "昇 曻", "橋 槗 𣘺", "松 柗 枩", "剣 劍 劔", "関 關 闗", "鶴 靏",
        "芦 蘆", "蒋 蔣", "鴎 鷗", "薮 藪 籔", "壺 壷", "熙 熈 煕", "槙 槇", "桧 檜", "凛 凜", "穣 穰", "尭 堯", "遥 遙", "晋 晉", "弥 彌",
        "亀 龜", "弁 辯 辨", "戸 戶 ⼾", "民 ⺠", "長 ⻑ ⾧", "聡 聰", "船 舩", "磯 礒", "塩竈 鹽竈 塩竃", "檮原 梼原", "諫早 諌早", "鰺 鯵",
        "飛騨 飛驒", "四条畷 四條畷", "麹 麴", "鉄 鐵 鉃",
        "籠 篭", "協 恊", "鈎 鉤", "莱 萊", "翠 翆", "剣持 釼持", "上杉 上杦", "留 畄", "中村 中邨", "沖 冲", "姫 姬", "群馬 羣馬", "猪 豬", "雁 鴈", "勢 㔟",
    ],
)  # fmt: skip
def test_spellings_of_one_name_fold_to_the_same(spellings: str) -> None:
    assert len({fold(spelling) for spelling in spellings.split()}) == 1


# Written as numbers: an editor that normalises the file would make them the plain characters.
@pytest.mark.parametrize(
    ("compatible", "plain"),
    [
        (0xFA19, "神"), (0xFA1A, "祥"), (0xFA1B, "福"), (0xFA1E, "羽"), (0xFA10, "塚"), (0xFA12, "晴"), (0xFA26, "都"), (0xF929, "朗"),
        (0xFA4F, "祐"), (0xFA51, "祝"), (0xFA5B, "者"), (0xFA45, "海"), (0xFA44, "梅"), (0xF9DC, "隆"), (0xFA2A, "飯"), (0xFA25, "逸"),
        (0xFA22, "諸"), (0xFA1D, "精"), (0xF999, "蓮"), (0xFA5C, "臭"), (0xFA6A, "頻"), (0xF9D0, "類"), (0xF928, "廊"), (0xFA30, "侮"),
    ],
)  # fmt: skip
def test_compatibility_characters_fold_to_the_plain_one(compatible: int, plain: str) -> None:
    assert chr(compatible) != plain
    assert fold(chr(compatible)) == plain


@pytest.mark.parametrize(
    "pair",
    [
        "斎齎", "崎埼", "己已", "己巳", "治冶", "坂阪", "未末", "土士", "畑畠", "川河", "余予", "太大", "麹曲", "針鍼", "御禦", "愉愈", "松鬆",
        "淀澱", "僕仆", "千仟", "裏里", "秋鞦", "浜瀕", "焼簫", "面麺", "沈瀋", "出齣", "胡衚", "八捌", "帆颿", "今令", "宣宜", "梁簗", "祇祗", "荻萩", "柴紫",
    ],
)  # fmt: skip
def test_different_characters_stay_different(pair: str) -> None:
    assert fold(pair[0]) != fold(pair[1])


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Ｔａｎａｋａ　ＴＡＲＯ", "tanakataro"), ("ﾀﾅｶ", "たなか"), ("ﾊﾞﾊﾟｶﾞ", "ばぱが"), ("は\u3099", "ば"), ("ジョージ・山本", "じよーじ山本"),
        ("ラサール石井", "らさーる石井"), ("三ッ林", "三つ林"), ("三ツ林", "三つ林"), ("安藤じゅん子", "安藤じゆん子"), ("ヴ", "ぶ"), ("ゔ", "ぶ"),
        ("ゐゑをぢづ", "いえおじず"), ("佐々木", "佐佐木"), ("野々々村", "野野野村"), ("いすゞ", "いすず"), ("ミスヾ", "みすず"), ("こゝろ", "こころ"),
        ("バヽ", "ばば"), ("あゞ", "ああ"), ("々木", "々木"), ("ゝ", "ゝ"), ("霞ヶ関", "霞が関"), ("霞ケ関", "霞が関"), ("霞が関", "霞が関"),
        ("佐々ケ谷", "佐佐が谷"), ("5ヶ所", "5か所"), ("５ケ所", "5か所"), ("三ヵ月", "三か月"), ("三ヶ月", "三か月"), ("大ケガ", "大けが"), ("ケヤキ", "けやき"),
        ("「子ども」（案）", "子ども案"), ("NHK!", "nhk"), ("5%", "5%"), ("㈱", "株"), ("葛\U000e0100飾", "葛飾"), ("辺\ufe00", "辺"), ("a\u200bb\u202ec", "abc"),
        ("\ud800田", "田"), ("\x00田\x07", "田"), ("ｼｬｰﾌﾟ", "しやーぷ"), ("", ""), ("　・", ""), ("ß", "ss"), ("A\u0301", "á"), ("👨\u200d👩", "👨👩"),
    ],
)  # fmt: skip
def test_folded_form(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(ANY_TEXT)
@example("\u1100 \u1161")  # two halves of a Korean syllable meet when the space between them goes
@example("ケゝ")
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_every_single_character_is_stable_once_folded() -> None:
    for sign in EVERY_CHARACTER:
        once = fold(sign)
        assert fold(once) == once, hex(ord(sign))


def test_whatever_is_invisible_or_a_space_is_dropped_wherever_it_is_numbered() -> None:
    for sign in EVERY_CHARACTER:
        # U+0345, a Greek iota written below its letter, becomes the letter ι in lower case.
        if unicodedata.category(sign) in {"Cc", "Cf", "Cs", "Mn", "Zs", "Zl", "Zp"} and sign != "\u0345":
            assert fold(f"国{sign}会") == "国会", hex(ord(sign))


@given(ANY_TEXT)
@example("\ufdfa" * 3)
def test_the_folded_form_is_at_most_eighteen_times_as_long(text: str) -> None:
    assert len(fold(text)) <= 18 * len(text)


@given(ANY_TEXT)
def test_the_folded_form_can_be_stored(text: str) -> None:
    folded = fold(text)
    assert "\x00" not in folded
    folded.encode()


@given(ANY_TEXT)
def test_the_unicode_form_of_the_input_does_not_matter(text: str) -> None:
    assert fold(unicodedata.normalize("NFC", text)) == fold(unicodedata.normalize("NFD", text))


@given(st.text("斎高崎佐木がつあ安倍ラさABー", max_size=12), st.text("齋髙﨑佐木ガッァ安倍らサaB", max_size=12))
def test_a_part_of_a_text_is_a_part_of_its_folded_form(first: str, second: str) -> None:
    assert fold(first + second) == fold(first) + fold(second)


@given(NAMES)
def test_spaces_and_dots_never_matter(name: str) -> None:
    signs = unicodedata.normalize("NFKC", name)
    assert fold(name) == fold("　".join(signs)) == fold("・".join(signs))


def test_a_hundred_thousand_signs_take_linear_work() -> None:
    for sign in ("あ", "々", "木々", "かゞ", "ケ", "国ケ", "ゝ", "\u0301", "\ufdfa", "㍻"):
        assert len(fold(sign * 100_000)) <= 18 * 100_000 * len(sign)


def test_each_line_of_the_tables_says_something() -> None:
    taken: dict[str, str] = {}
    for table in ("variants.tsv", "names.tsv"):
        for line in (TABLES / table).read_text(encoding="utf-8").splitlines():
            if line.startswith("#"):
                continue
            standard, written = line.split("\t")
            assert len(standard) == 1
            for variant in written:
                assert variant != standard
                assert unicodedata.normalize("NFKC", variant) == variant, f"{variant} is folded without the table"
                assert unicodedata.normalize("NFKC", standard) == standard
                assert variant not in taken, f"{variant} stands under {taken.get(variant)} and {standard}"
                assert has_kanji(variant)
                taken[variant] = standard
    assert set(taken) == set(variants())


def test_no_variant_is_compared_as_another_variant() -> None:
    assert not set(variants().values()) & set(variants())


@pytest.mark.parametrize("text", ["漢", "a漢", "𠮷", "髙", "〇", "神", "佐々木"])
def test_text_with_kanji(text: str) -> None:
    assert has_kanji(text)


@pytest.mark.parametrize("text", ["", "かな", "カナ", "々", "abc", "ー", "１２", "한글", "\ud800", "🏛"])
def test_text_without_kanji(text: str) -> None:
    assert not has_kanji(text)
