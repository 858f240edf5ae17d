"""An invented country to search: pledges whose words are spread as words are, people with names in every spelling. Built once and kept.

As in the measurements that chose the engine: some 6,000 compounds of policy, 47 prefectures, 70 cities and 30,000 words of two or three kanji, all drawn
by Zipf's law; titles of 18 signs in the mean, texts of 115. Names are put together from signs, so that nobody is meant. Nothing begins with 見本 but
parties: the pairs of signs have to be as common, and as rare, as in a language.
"""

import shutil
import sqlite3
import tempfile
from contextlib import closing
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np

from bench.nation import Builder, Size, manage
from tsushinbo.japanese import romaji
from tsushinbo.japanese.folding import fold

STEMS = str.split(
    "減税 消費税 所得税 防衛 外交 介護 医療 年金 教育 給食 無償化 子育て 保育 少子化 高齢者 障害者 若者 女性 雇用 "
    "賃金 物価 経済 財政 産業 農業 漁業 林業 観光 環境 脱炭素 原発 再生可能エネルギー 電力 防災 減災 耐震 治水 道路 "
    "鉄道 空港 住宅 空き家 水道 下水道 ごみ 公園 図書館 学校 大学 奨学金 給付金 補助金 行政 議会 選挙 政治資金 "
    "情報公開 個人情報 デジタル化 憲法 人権 差別 外国人 移民 憲政 地方分権 過疎 離島 消防 警察 犯罪 交通 渋滞 "
    "自転車 歩道 動物 文化 芸術 スポーツ"
)
ENDINGS = str.split("支援 推進 強化 拡充 見直し 廃止 制度 改革 対策 整備 実現 充実 無料化 削減 確保 基金")
# Words of a pledge, of which the first four are its title.
DRAWN = 29
JOINTS = ("を", "の", "と", "に", "で", "へ", "、", "。", "や", "が")
CITIES = [f"{a}{b}市" for a, b in product("津大小東西南北中上下", "川山田原野島崎")]
PREFECTURES = str.split(
    "北海道 青森県 岩手県 宮城県 秋田県 山形県 福島県 茨城県 栃木県 群馬県 埼玉県 千葉県 東京都 神奈川県 新潟県 富山県 "
    "石川県 福井県 山梨県 長野県 岐阜県 静岡県 愛知県 三重県 滋賀県 京都府 大阪府 兵庫県 奈良県 和歌山県 鳥取県 島根県 "
    "岡山県 広島県 山口県 徳島県 香川県 愛媛県 高知県 福岡県 佐賀県 長崎県 熊本県 大分県 宮崎県 鹿児島県 沖縄県"
)
KANJI = "一人日大年出本中子見国言上分生手自行者二間事思時気会十家女三前的方入小地合後目長場代私下立部学物月田何来彼話体動社知理山内同心発高実作当新世今書度明五戦力名金性対意用男主通関文屋感郎業定政持道外取所現最化四先民身不口川東相法主"
SURNAMES = "齋斎斉藤髙高橋佐伊加近遠後渡邊辺邉﨑崎島嶋濵浜谷石田中山川本村井上木林森池原野小大松竹梅内外西東南北"
KANA = "あいうえおかきくけこさしすせそたちつてとなにぬねのはひふへほまみむめもやゆよらりるれろわ"


@dataclass(frozen=True)
class Library(Size):
    """How much there is to search; nobody has judged anything."""

    pledges: int = 1_000_000
    politicians: int = 100_000

    @property
    def name(self) -> str:
        """A name for the folder; the number changes with what is drawn."""
        return f"search2-{self.pledges}-{self.politicians}"


def folder(size: Library) -> Path:
    """The data folder of the site, without documents; built where it is not there yet."""
    place = Path(__file__).parents[1] / "var" / f"bench-{size.name}"
    if place.is_dir():
        return place
    place.parent.mkdir(mode=0o700, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix="bench-search-", dir=place.parent))
    try:
        manage(draft, "migrate", "--verbosity=0")
        with closing(sqlite3.connect(draft / "tsushinbo.sqlite3", isolation_level=None)) as database:
            Shelves(database, size).build()
        draft.rename(place)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    return place


def vocabulary() -> tuple[list[str], np.ndarray]:
    """Words, and how often each is drawn."""
    chance = np.random.default_rng(7)
    compounds = [a + b for a, b in product(STEMS, (*STEMS[:60], *ENDINGS)) if a != b]
    signs = np.array(list(dict.fromkeys(KANJI)))
    weights = 1 / np.arange(1, signs.size + 1) ** 0.6
    drawn = signs[chance.choice(signs.size, (30_000, 3), p=weights / weights.sum())]
    random_words = ["".join(row[: 2 + (n % 3 == 0)]) for n, row in enumerate(drawn)]
    words = [
        *STEMS,
        *(compounds[n] for n in chance.permutation(len(compounds))[:6_000]),
        *PREFECTURES,
        *CITIES,
        *random_words,
    ]
    often = 1 / (np.arange(1, len(words) + 1) + 10) ** 0.85
    return words, often / often.sum()


class Shelves(Builder):
    """Fills the tables with things to be found."""

    def _ballots(self) -> None:
        """Nobody has judged anything."""

    def _assessments(self) -> None:
        """The same."""

    def build(self) -> None:
        """Fill everything; documents and index are made by the site itself."""
        super().build()
        self.database.execute("DELETE FROM search_change")

    def _places(self) -> None:
        super()._places()
        rows = [(name, fold(name), code) for code, name in zip(self.prefectures, PREFECTURES, strict=True)]
        self.database.executemany("UPDATE people_area SET name = ?, folded = ? WHERE code = ?", rows)
        above = [self.prefectures[n % len(PREFECTURES)] for n in range(len(CITIES))]
        self.insert(
            "people_area",
            len(CITIES),
            {
                "code": [f"{code[:2]}{2000 + n}" for n, code in enumerate(above)],
                "name": CITIES,
                "folded": [fold(name) for name in CITIES],
                "kind": "city",
                "prefecture_id": above,
            },
        )

    def _people(self) -> None:
        super()._people()
        size, chance = self.size.politicians, self.random
        families = self._names(chance.integers(0, len(SURNAMES), (4_000, 2)), SURNAMES)
        givens = self._names(chance.integers(0, len(KANJI), (4_000, 2)), KANJI)
        kana = self._names(chance.integers(0, len(KANA), (8_000, 3)), KANA)
        family, given = chance.zipf(1.4, size) % len(families), chance.integers(0, len(givens), size)
        rows, names = [], []
        for pk, f, g in zip(self.people.tolist(), family.tolist(), given.tolist(), strict=True):
            parts = families[f], givens[g], kana[f], kana[4_000 + g]
            full, reading = parts[0] + parts[1], parts[2] + parts[3]
            latin = [romaji.fold_kana(parts[2]), romaji.fold_kana(parts[3])]
            rows.append((full, *parts[:2], reading, *parts[2:], pk))
            names += [(pk, "common", full, fold(full)), (pk, "kana", reading, fold(reading))]
            names += [(pk, "romaji", f"{a} {b}", a + b) for a, b in (latin, latin[::-1])]
        self.database.execute("BEGIN")
        self.database.executemany(
            "UPDATE people_politician SET name = ?, family_name = ?, given_name = ?, kana = ?, family_kana = ?, given_kana = ? WHERE id = ?",
            rows,
        )
        self.database.executemany(
            "INSERT OR IGNORE INTO people_politicianname (politician_id, kind, text, folded) VALUES (?, ?, ?, ?)", names
        )
        self.database.execute("COMMIT")

    @staticmethod
    def _names(drawn: np.ndarray, signs: str) -> list[str]:
        return ["".join(signs[n] for n in row) for row in drawn.tolist()]

    def _pledges(self) -> None:
        super()._pledges()
        words, often = vocabulary()
        chance, total = self.random, self.size.pledges
        self.database.execute("BEGIN")
        for start in range(0, total, 50_000):
            ids = self.pledges[start : start + 50_000].tolist()
            drawn = chance.choice(len(words), (len(ids), DRAWN), p=often).tolist()
            joined = chance.integers(0, len(JOINTS), (len(ids), DRAWN)).tolist()
            rows = []
            for pk, row, between in zip(ids, drawn, joined, strict=True):
                parts = [words[n] + JOINTS[j] for n, j in zip(row, between, strict=True)]
                rows.append(("".join(parts[:4])[:80], "".join(parts[4:]), pk))
            self.database.executemany("UPDATE pledges_pledge SET title = ?, text = ? WHERE id = ?", rows)
        self.database.execute("COMMIT")
