"""What the desk shows: texts of every kind by the time left of 24 hours, a number of queries that grows with the kinds and never with the texts."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.db.models import Count, Q, QuerySet, TextChoices
from django.http import Http404
from django.utils.module_loading import import_string

from tsushinbo.accounts.models import User
from tsushinbo.moderation.hints import Link, Mark, links_in, marks_of
from tsushinbo.moderation.models import Appeal, Reviewable
from tsushinbo.moderation.models.reviewable import WITHIN
from tsushinbo.moderation.queries.bans import banned_among
from tsushinbo.moderation.queries.campaigns import Hold, until_polls
from tsushinbo.moderation.queries.conflicts import in_conflict
from tsushinbo.moderation.queries.texts import kind_named, kinds
from tsushinbo.paging import COUNTED, Page

SIZE = 25
# Marks are worked out as a text is shown. What bears one is looked for among so many that wait longest: the cost is bounded.
SCANNED = 300
State = Reviewable.State


class Show(TextChoices):
    """Which part of the queue (一覧の範囲)."""

    WAITING = "waiting", "確認待ち"
    OVERDUE = "overdue", "24時間を過ぎたもの"
    MARKED = "marked", "目印があるもの"
    UNSEEN = "unseen", "公開後の確認"


@dataclass(frozen=True)
class Waiting:
    """How many texts of one kind wait, and how many of them have passed 24 hours."""

    kind: type[Reviewable]
    total: int
    overdue: int

    @property
    def name(self) -> str:
        """Its name in addresses."""
        return self.kind._meta.label_lower

    @property
    def label(self) -> str:
        """What it is called."""
        return str(self.kind._meta.verbose_name)


@dataclass(frozen=True)
class Elsewhere:
    """What waits in another room's own list (settings.MODERATION_QUEUES)."""

    label: str
    url: str
    count: int
    oldest: datetime | None = None


@dataclass(frozen=True)
class Writer:
    """What is known of who wrote: since when there is an account, and what became of earlier texts of this site. Nothing of what they think."""

    account: User
    approved: int
    refused: int
    banned: bool


@dataclass(frozen=True)
class Row:
    """A text as the desk shows it to one moderator.

    frozen, unsigned: what keeps it from the public until the polls close: the day of polling, or a campaign in which nothing says how its writer is reached.
    """

    item: Reviewable
    at: datetime
    writer: Writer | None
    marks: list[Mark]
    links: list[Link]
    mine: bool
    frozen: Hold | None = None
    unsigned: Hold | None = None

    @property
    def label(self) -> str:
        """The kind of text."""
        return str(self.item._meta.verbose_name)

    @property
    def key(self) -> str:
        """Tells it from every other on the page, for ids of elements."""
        return f"{self.item.kind.replace('.', '-')}-{self.item.pk}"

    @property
    def token(self) -> str:
        """What a decision in bulk names: which text, and as it was read."""
        return f"{self.item.kind} {self.item.pk} {self.item.version}"

    @property
    def waits(self) -> bool:
        """Whether it cannot become public before the polls close, and is not public yet."""
        return self.item.state != State.APPROVED and (self.frozen is not None or self.unsigned is not None)

    @property
    def overdue(self) -> bool:
        """Whether it has waited longer than was promised."""
        return self.item.state == State.PENDING and self.item.due_at < self.at

    @property
    def time_left(self) -> str:
        """Hours and minutes left of the 24, or passed."""
        minutes = abs(int((self.item.due_at - self.at).total_seconds())) // 60
        return f"{minutes // 60}時間{minutes % 60:02}分"


@dataclass(frozen=True)
class Desk:
    """One page of the queue, with what is counted beside it."""

    show: Show
    chosen: type[Reviewable] | None
    page: Page[Row]
    waiting: list[Waiting]
    unseen: int
    appeals: int
    elsewhere: list[Elsewhere] = field(default_factory=list)

    @property
    def total(self) -> int:
        """How many wait in all."""
        return sum(row.total for row in self.waiting)

    @property
    def overdue(self) -> int:
        """How many of them have passed 24 hours."""
        return sum(row.overdue for row in self.waiting)


def desk(
    user: User,
    allowed: Sequence[type[Reviewable]],
    *,
    show: Show,
    chosen: type[Reviewable] | None,
    number: int,
    at: datetime,
) -> Desk:
    """Page ``number`` of what ``user`` may decide: of ``allowed`` kinds, or of the ``chosen`` one. Raises Http404 beyond the last page."""
    waiting = [_count(kind, at) for kind in allowed]
    unseen = {kind: kind.unseen().count() for kind in allowed if not kind.unseen().query.is_empty()}
    shown = [chosen] if chosen else list(allowed)
    counted = [row for row in waiting if row.kind in shown]
    if show == Show.MARKED:
        scanned = _rows(user, _load(_head(_narrowed(shown, show, at), 0, SCANNED)), at)
        marked = [row for row in scanned if row.marks]
        total, rows = len(marked), marked[(number - 1) * SIZE : number * SIZE]
    else:
        totals = {
            Show.WAITING: sum(row.total for row in counted),
            Show.OVERDUE: sum(row.overdue for row in counted),
            Show.UNSEEN: sum(unseen.get(kind, 0) for kind in shown),
        }
        total = totals[show]
        rows = _rows(user, _load(_head(_narrowed(shown, show, at), (number - 1) * SIZE, SIZE)), at)
    if number > 1 and (number - 1) * SIZE >= min(total, COUNTED):
        raise Http404("beyond the last page")
    page = Page(rows=rows, number=number, size=SIZE, total=min(total, COUNTED), more_than_counted=total > COUNTED)
    return Desk(
        show=show, chosen=chosen, page=page, waiting=waiting, unseen=sum(unseen.values()),
        appeals=Appeal.objects.filter(state=Appeal.State.OPEN).count(), elsewhere=elsewhere(user, at),
    )  # fmt: skip


def rows(user: User, items: Sequence[Reviewable], at: datetime) -> list[Row]:
    """Some texts as the desk shows them."""
    return _rows(user, items, at)


def elsewhere(user: User, at: datetime) -> list[Elsewhere]:
    """What waits in other lists that this person may open. Each name in settings.MODERATION_QUEUES is called with ``user`` and ``at``."""
    asked: Iterable[Callable[..., Elsewhere | None]] = (import_string(path) for path in settings.MODERATION_QUEUES)
    return [found for ask in asked if (found := ask(user=user, at=at)) is not None]


def open_appeals() -> QuerySet[Appeal]:
    """Appeals that nobody has decided, the oldest first."""
    rows = Appeal.objects.filter(state=Appeal.State.OPEN)
    return rows.select_related("entry__actor", "opened_by").order_by("opened_at", "pk")


def _count(kind: type[Reviewable], at: datetime) -> Waiting:
    late = Q(submitted_at__lt=at - WITHIN)
    counts = kind.waiting().order_by().aggregate(total=Count("pk"), overdue=Count("pk", filter=late))
    return Waiting(kind, counts["total"], counts["overdue"])


def _narrowed(kinds: Sequence[type[Reviewable]], show: Show, at: datetime) -> list[QuerySet[Reviewable]]:
    if show == Show.UNSEEN:
        return [kind.unseen() for kind in kinds]
    if show == Show.OVERDUE:
        return [kind.waiting().filter(submitted_at__lt=at - WITHIN) for kind in kinds]
    return [kind.waiting() for kind in kinds]


def _head(parts: Sequence[QuerySet[Reviewable]], start: int, size: int) -> list[tuple[str, int]]:
    """Kind and number of the texts from ``start`` on, the longest waiting first.

    Each kind gives its own first ones by its index, and no more than can come into question; so the cost does not grow with the queue.
    """
    found: list[tuple[datetime, str, int]] = []
    for part in parts:
        name = part.model._meta.label_lower
        # A list that was read in is submitted in one moment: without the number its texts would change places between pages.
        firsts = part.order_by("submitted_at", "pk").values_list("submitted_at", "pk")[: start + size]
        found += [(submitted_at, name, pk) for submitted_at, pk in firsts]
    return [(name, pk) for _, name, pk in sorted(found)[start : start + size]]


def _load(head: Sequence[tuple[str, int]]) -> list[Reviewable]:
    """The texts themselves, in that order, a query or two for each kind."""
    wanted: dict[str, list[int]] = {}
    for name, pk in head:
        wanted.setdefault(name, []).append(pk)
    found: dict[tuple[str, int], Reviewable] = {}
    for name, keys in wanted.items():
        kind = _kind(name)
        found |= {(name, item.pk): item for item in kind.for_desk().filter(pk__in=keys)}
    return [found[key] for key in head if key in found]


def _kind(name: str) -> type[Reviewable]:
    kind = kind_named(name)
    assert kind is not None  # noqa: S101 - the name came from a kind
    return kind


def _rows(user: User, items: Sequence[Reviewable], at: datetime) -> list[Row]:
    mine = {(item.kind, item.pk) for item in in_conflict(user, items)}
    writers, held = _writers(items, at), until_polls(items, at)
    shown = []
    for item in items:
        words = item.words
        links = links_in(words)
        account = item.written_by if item.writers_by() else None
        shown.append(
            Row(
                item=item,
                at=at,
                writer=writers.get(account.pk) if account is not None else None,
                marks=marks_of(words, links),
                links=links,
                mine=(item.kind, item.pk) in mine,
                frozen=held.frozen.get((item.kind, item.pk)),
                unsigned=held.unsigned.get((item.kind, item.pk)),
            )
        )
    return shown


def _writers(items: Sequence[Reviewable], at: datetime) -> dict[int, Writer]:
    """Who wrote, with what became of their earlier texts of every kind: a query for each kind."""
    accounts = {writer.pk: writer for item in items if item.writers_by() and (writer := item.written_by) is not None}
    if not accounts:
        return {}
    counts = dict.fromkeys(accounts, (0, 0))
    approved = Count("pk", filter=Q(state=State.APPROVED))
    refused = Count("pk", filter=Q(state__in=(State.REJECTED, State.HIDDEN)))
    for kind in kinds():
        if not (column := kind.writers_by()):
            continue
        decided = kind._default_manager.filter(**{f"{column}__in": list(accounts)}, decided_at__isnull=False)
        for row in decided.order_by().values(column).annotate(approved=approved, refused=refused):
            before = counts[row[column]]
            counts[row[column]] = (before[0] + row["approved"], before[1] + row["refused"])
    banned = banned_among(accounts.keys(), at)
    return {pk: Writer(account, *counts[pk], banned=pk in banned) for pk, account in accounts.items()}
