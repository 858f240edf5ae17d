"""Every parameter of the arithmetic in one place. A run records the version and these values, and so can be done again."""

from dataclasses import asdict, dataclass
from typing import Any

from tsushinbo.scoring.shares import MINIMUM

# What citizens judge: four shares of ballots, two ratings of assessments.
SHARES = ("support", "clarity", "feasibility", "sincerity")
RATINGS = ("progress", "achievement")
DIMENSIONS = (*SHARES, *RATINGS)
# Who is judged. A politician without an office is compared within all; a party only with parties.
OFFICES = ("representatives", "councillors", "governor", "mayor", "prefectural_assembly", "municipal_assembly")
NO_OFFICE, PARTY = "none", "party"
KINDS = (*OFFICES, NO_OFFICE, PARTY)


@dataclass(frozen=True)
class ConsensusParameters:
    """Parameters of 「立場をこえた支持」: the factor model of tsushinbo.scoring.consensus and its gate."""

    # Ridge on the mean squares of intercepts and factors. Community Notes published 0.15 and 0.03; with 0.02 planted quality is found better at
    # every size, density and exposure that was tried (docs/scoring.md).
    ridge_intercept: float = 0.15
    ridge_factor: float = 0.02
    # Standard deviation of the random pledge factors at a cold start, how many starts, and where their draws begin.
    start_sd: float = 0.3
    starts: int = 3
    seed: int = 20260101
    # A fit ends when a sweep moves the objective by no more than this.
    tolerance: float = 1e-8
    most_sweeps: int = 400
    # The starts are tried on the ballots of the most active voters: this share of all, and at least so many.
    trial_share: float = 0.1
    trial_ballots: int = 20_000
    trial_tolerance: float = 1e-5
    # Who has fewer ballots is not used: their camp cannot be told.
    voter_ballots: int = 5
    # The gate of the site: median ballots of the voters used, |Spearman| of the pledge factors between two halves of them.
    median_ballots: float = 10.0
    stable: float = 0.6
    # The gate of the pledge: ballots in all, and voters of each side.
    pledge_ballots: int = 5
    voters_a_side: int = 5
    # 「立場をこえた支持」 asks for a factor no larger than this, in root mean squares over the pledges.
    undivided: float = 1.0


@dataclass(frozen=True)
class AttackParameters:
    """Parameters of the signs of an attack and of what is held. A strength is -log10 of the chance that it is nothing."""

    # A window stronger than this is an alert: the order is frozen for so many days, or until a person has looked.
    alert: float = 5.0
    burst_alert: float = 6.0
    frozen_days: int = 3
    # Windows of hours and of weeks: their width, the size of the negative binomial (smaller: wilder), and the fewest voters.
    burst_hours: int = 6
    burst_size: float = 0.25
    burst_least: int = 5
    level_days: int = 14
    level_size: float = 3.0
    level_least: int = 8
    # What is usual is taken from the days farther away than this, with the mean of the site as so many days.
    apart_days: int = 14
    prior_days: float = 10.0
    # Newcomers: width of the window, how young, the fewest voters, and how many times the share of the site is still usual.
    newcomer_days: int = 5
    newcomer_age_days: int = 7
    newcomer_least: int = 8
    newcomer_factor: float = 1.5
    # Proof of work: the strength of the window from which it grows by a bit for each power of ten, and the most bits.
    work_from: float = 2.0
    most_work: int = 8

    # Whose ballots are concentrated: so many of them, this share of all that the voter cast in the window, and so many on each of a pair.
    focus_ballots: int = 4
    focus_share: float = 0.25
    focus_second: int = 2
    # From which share of them a voter is of one mind, and how many of a voter are counted at most.
    one_sided: float = 0.8
    most_ballots: int = 40
    # How alike two ballots of an honest voter are: bounds of what is measured on the site. How far that and the usual share may be off for a few
    # politicians: standard deviations of the logarithm, and of the logit above and below.
    likeness_bounds: tuple[float, float] = (0.05, 0.6)
    likeness_spread: float = 0.7
    share_spread: float = 0.7
    share_spread_below: float = 0.25
    # The expected number of honest ones is that which is not exceeded with this probability.
    caution: float = 0.9
    # A fortnight of a politician tells a share from so many ballots.
    share_least: int = 3

    # Voters in concert: width of the window; strength and number from which a pair of politicians is judged, and how many pairs at most.
    concert_days: int = 28
    link: float = 3.0
    link_least: int = 4
    most_links: int = 400
    # Of pairs that belong to one cause the case that convinces most is held; how many are tried beside the strongest.
    most_rivals: int = 8
    # A campaign: the fewest voters, its strength, and the share of them that cannot be explained.
    concert_least: int = 4
    concert: float = 4.0
    excess: float = 0.8
    # The size of the negative binomial, voters of one mind that other times may have hidden, and the price of a choice of days.
    concert_size: float = 3.0
    other_times: float = 0.3
    search: float = 1.3
    # A further target: from which share of the voters, how often it is looked for, and how many of them must stay.
    same_targets: float = 0.25
    most_growths: int = 6
    most_of_them: float = 0.8
    # A true target: how surprising what those who came say of it must be, for each of them, at least, and at most.
    target_each: float = 0.2
    target_least: float = 0.9
    target_most: float = 3.0
    # Who is not one-sided belongs to a campaign from this chance, if so large a share of its ballots do what it wants.
    certainty: float = 0.95
    obedience: float = 0.95
    # The share of a campaign's ballots at either end that may lie outside its days.
    edge: float = 0.005
    # Lists (co-voting): ballots in common, on how many politicians, Jaccard similarity, the longest set, and which part of a group has a
    # ballot in common that is on their list. How candidates are found: bands and rows of smallest hashes, neighbours compared.
    list_common: int = 4
    list_politicians: int = 3
    list_similarity: float = 0.4
    list_longest: int = 300
    list_part: float = 0.3
    list_bands: int = 10
    list_rows: int = 2
    list_neighbours: int = 3

    # A network is crowded from so many voters of a day, and from this many times what is usual.
    network_least: int = 3
    network_factor: float = 2.0
    # How much a network shared on one day adds to the strength of a case. By chance it would be 6; but people of one home think alike.
    nest: float = 2.0
    # Few of one network are also judged by themselves where each has so many ballots; and what makes one of their targets a true one, at least.
    zealous_ballots: int = 8
    nest_target: float = 0.6
    # Keys without a history are let go when they live on for so many days, with so many ballots more.
    fresh_days: int = 7
    fresh_ballots: int = 3


@dataclass(frozen=True)
class ScoreParameters:
    """Parameters of shares, ratings, the composite of an owner, 偏差値 and places. Bounds are (lowest, highest), values on a scale of 0 to 100."""

    # What a composite is made of, in the order of DIMENSIONS.
    weights: tuple[float, ...] = (0.20, 0.10, 0.10, 0.10, 0.20, 0.30)
    # A pledge of so many ballots counts half as much as one of very many.
    half_weight: float = 10.0
    # Shares: bounds of α + β, and the weak belief about it (median, standard deviation of its logarithm).
    concentration: tuple[float, float] = (2.0, 200.0)
    typical_concentration: float = 10.0
    log_concentration_sd: float = 1.0
    # Ratings: bounds of κ, the usual spread of opinions on one pledge and how many degrees of freedom it is worth, and the fewest of Student's.
    kappa: tuple[float, float] = (2.0, 50.0)
    typical_within_sd: float = 25.0
    typical_within_freedom: int = 2
    least_freedom: int = 9
    # How alike the pledges of one owner are, and the errors of two dimensions: as if so many pledges had shown so much before.
    resemblance_before: float = 0.3
    correlation_before: float = 0.3
    pledges_before: int = 20
    resemblance_bound: float = 0.95
    # What is shown: ballots or assessments of a value; of a member of a population, in all and on how many pledges; members of a scale.
    least_shown: int = MINIMUM
    least_evaluations: int = 30
    least_pledges: int = 2
    least_members: int = 20
    # Whom a 偏差値 compares with whom.
    populations: tuple[tuple[str, tuple[str, ...]], ...] = (
        ("all", (*OFFICES, NO_OFFICE)),
        ("diet", ("representatives", "councillors")),
        ("executive", ("governor", "mayor")),
        ("assembly", ("prefectural_assembly", "municipal_assembly")),
        ("prefectural_assembly", ("prefectural_assembly",)),
        ("municipal_assembly", ("municipal_assembly",)),
        ("party", (PARTY,)),
    )
    # Bins of 偏差値: lowest, highest, width.
    histogram: tuple[float, float, float] = (20.0, 80.0, 5.0)
    # Ranges of places: how many draws, where they begin, and for how many members at most; beyond, what an endless number of draws
    # would give, from a grid of values and classes of errors.
    draws: int = 2000
    draws_members: int = 200
    draws_seed: int = 20260101
    grid_cells: int = 1024
    grid_classes: int = 16


@dataclass(frozen=True)
class Method:
    """The published method: its version and its parameters by subject. Change a value, and the version changes with it."""

    version: str = "2026.3"
    consensus: ConsensusParameters = ConsensusParameters()
    attacks: AttackParameters = AttackParameters()
    scores: ScoreParameters = ScoreParameters()

    def parameters(self) -> dict[str, Any]:
        """Return everything as plain dictionaries and numbers, as a run records it."""
        return asdict(self)


METHOD = Method()
