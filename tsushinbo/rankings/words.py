"""What each ranking says, how it is worked out and from how many evaluations on, in words for everybody; and how a row is written."""

from dataclasses import dataclass

from tsushinbo.rankings.models import Kind, Population
from tsushinbo.scoring.method import METHOD


@dataclass(frozen=True)
class Axis:
    """The scale of the small figure: its ends, and where the dotted line stands (None: there is none)."""

    low: float
    high: float
    middle: float | None = None

    def at(self, value: float) -> float:
        """How far along the figure a value lies, in percent; what lies outside stands at the end."""
        share = (value - self.low) / (self.high - self.low)
        return round(100 * min(1.0, max(0.0, share)), 2)

    @property
    def ends(self) -> str:
        """The ends in words."""
        return f"{self.low:.0f}〜{self.high:.0f}".replace("-", "−")


@dataclass(frozen=True)
class About:
    """One kind of ranking in words. ``least``: from how many evaluations on there is a place. ``behind``: what of somebody a value is made of."""

    title: str
    says: str
    how: str
    least: str
    value: str
    unit: str = ""
    axis: Axis | None = None
    behind: str = "公約"


# A run counts only by the method of this code (evaluations.queries.runs), so these are its parameters.
SCORES, CONSENSUS = METHOD.scores, METHOD.consensus
# Even on both sides of the mean, so that high and low values get the same room.
DEVIATION_AXIS = Axis(10, 90, 50)
PERCENT_AXIS = Axis(0, 100)
COMPARED = f"評価が合わせて{SCORES.least_evaluations}件以上あり、評価された公約が{SCORES.least_pledges}件以上ある人"

ABOUT: dict[Kind, About] = {
    Kind.DEVIATION: About(
        title="偏差値のランキング",
        says="公約への評価をまとめた得点を、比べる人の中での偏差値で表します。",
        how="偏差値は「50＋10×（得点－平均）÷標準偏差」です。得点は、支持・明確さ・現実性・誠実さ・進捗度・達成度から計算します。",
        least=COMPARED + f"を比べます。比べる人が{SCORES.least_members}人に満たないときは、出しません。",
        value="偏差値",
        axis=DEVIATION_AXIS,
    ),
    Kind.ACHIEVEMENT: About(
        title="達成度のランキング",
        says="登録した市民が、公約の達成度を0〜100で評価した値です。",
        how="公約ごとの平均を、評価が少ないほど全体の平均に近づけて、人ごとにまとめます。証拠にもとづく実施状況とは別のものです。",
        least=COMPARED + f"のうち、達成度の評価が{SCORES.least_shown}件以上ある人に順位をつけます。",
        value="達成度",
        unit="％",
        axis=PERCENT_AXIS,
    ),
    Kind.PROGRESS: About(
        title="進捗度のランキング",
        says="登録した市民が、公約の進捗度を0〜100で評価した値です。",
        how="公約ごとの平均を、評価が少ないほど全体の平均に近づけて、人ごとにまとめます。証拠にもとづく実施状況とは別のものです。",
        least=COMPARED + f"のうち、進捗度の評価が{SCORES.least_shown}件以上ある人に順位をつけます。",
        value="進捗度",
        unit="％",
        axis=PERCENT_AXIS,
    ),
    Kind.SUPPORT: About(
        title="支持率のランキング",
        says="公約への評価のうち、GOODの割合です。",
        how="公約ごとの割合を、評価が少ないほど全体の割合に近づけて、人ごとにまとめます。",
        least=COMPARED + f"のうち、GOOD・BADの評価が{SCORES.least_shown}件以上ある人に順位をつけます。",
        value="支持率",
        unit="％",
        axis=PERCENT_AXIS,
    ),
    Kind.BALLOTS: About(
        title="評価数のランキング",
        says="公約に寄せられた評価の件数です。支持と不支持を分けずに数えます。",
        how="GOOD・BADの評価と、進捗度・達成度の評価の件数を足します。正確な件数なので、順位に幅はありません。",
        least="評価が1件以上あれば、順位をつけます。",
        value="評価数",
        unit="件",
    ),
    Kind.PLEDGES: About(
        title="公約数のランキング",
        says="このサイトに登録されている公約の数です。公約のよしあしは表しません。",
        how="公開している公約を数えます。正確な件数なので、順位に幅はありません。",
        least="公約が1件以上あれば、順位をつけます。",
        value="公約数",
        unit="件",
    ),
    Kind.ACTIVITIES: About(
        title="活動報告数のランキング",
        says="このサイトに公開されている活動報告の数です。活動の量やよしあしは表しません。",
        how="公開されている活動報告を、書いた人を分けずに数えます。本人・事務所の報告も、ほかの人が出典を添えた報告も1件です。正確な件数なので、順位に幅はありません。",
        least="活動報告が1件以上あれば、順位をつけます。",
        value="活動報告数",
        unit="件",
        behind="活動報告",
    ),
    Kind.PLEDGE_SUPPORT: About(
        title="支持率の高い公約",
        says="公約ごとの、評価のうちGOODの割合です。",
        how="割合を、評価が少ないほど全体の割合に近づけます。",
        least=f"GOOD・BADの評価が{SCORES.least_shown}件以上ある公約に順位をつけます。",
        value="支持率",
        unit="％",
        axis=PERCENT_AXIS,
    ),
    Kind.PLEDGE_ACHIEVEMENT: About(
        title="達成度の高い公約",
        says="登録した市民が、公約の達成度を0〜100で評価した値です。",
        how="平均を、評価が少ないほど全体の平均に近づけます。証拠にもとづく実施状況とは別のものです。",
        least=f"達成度の評価が{SCORES.least_shown}件以上ある公約に順位をつけます。",
        value="達成度",
        unit="％",
        axis=PERCENT_AXIS,
    ),
    Kind.PLEDGE_DISCUSSED: About(
        title="評価の多い公約",
        says="公約ごとの、評価の件数です。支持と不支持を分けずに数えます。",
        how="GOOD・BADの評価を数えます。正確な件数なので、順位に幅はありません。",
        least="評価が1件以上ある公約に順位をつけます。",
        value="評価数",
        unit="件",
    ),
    Kind.PLEDGE_CONSENSUS: About(
        title="立場をこえて支持される公約",
        says="ふだん評価が分かれる人たちに共通する、支持の大きさです。",
        how="評価のしかたが似た人どうしを2つの側に分けて見て、側によるちがいを除いた支持を計算します。0が平均です。側によるちがいが小さく、どちらの側でも支持が半分以上の公約に「立場をこえた支持」と記します。一人ひとりがどちらの側かは、保存も公開もしません。",
        least=f"評価が{CONSENSUS.pledge_ballots}件以上あり、両方の側からそれぞれ{CONSENSUS.voters_a_side}人以上が評価した公約に順位をつけます。",
        value="共通の支持",
        axis=Axis(-100, 100, 0),
    ),
}
# Not made by a run: what it shows stands in the database at every moment.
POPULAR = "popular-activities"
OF_REPORTS = About(
    title="人気のある活動報告",
    says="7日間でコメント投稿数が多かった活動報告です。活動のよしあしは表しません。",
    how="いままでの7日間に投稿され、公開されているコメントを、活動報告ごとに数えます。確認を待っているコメントは数えません。正確な件数なので、順位に幅はありません。",
    least="この7日間のコメントが1件以上ある活動報告に順位をつけます。",
    value="コメント数",
    unit="件",
    behind="コメント",
)
EVERY: dict[str, About] = {**{kind.value: about for kind, about in ABOUT.items()}, POPULAR: OF_REPORTS}
PEOPLE = tuple(kind for kind in Kind if not kind.startswith("pledge-"))
PLEDGES = tuple(kind for kind in Kind if kind.startswith("pledge-"))
# Kinds among whom some have too few evaluations for a place.
COMPARING = frozenset({Kind.DEVIATION, Kind.ACHIEVEMENT, Kind.PROGRESS, Kind.SUPPORT})


def compared(kind: Kind, population: Population) -> str:
    """Who or what is compared."""
    return population.label if kind in PEOPLE else "すべての公約"


def counter(kind: Kind, population: Population) -> str:
    """The counting word of what is ranked."""
    return "件" if kind in PLEDGES else "党" if population == Population.PARTY else "人"


def called(kind: Kind, population: Population) -> str:
    """What is ranked, in a heading."""
    return "公約" if kind in PLEDGES else "政党" if population == Population.PARTY else "人"


def places(low: int, high: int) -> str:
    """A range of places."""
    return f"{low:,}位" if low == high else f"{low:,}〜{high:,}位"
