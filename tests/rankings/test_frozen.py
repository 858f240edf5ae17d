"""The order that is kept while a sudden change is looked at."""

from datetime import datetime, timedelta

from django.utils import timezone

from tests.evaluations.counting import AT
from tests.rankings.scene import Scene, rows, run
from tsushinbo.evaluations.models import Alert, Ballot
from tsushinbo.evaluations.services import recount
from tsushinbo.rankings.models import Kind, RankingRow
from tsushinbo.rankings.services import score
from tsushinbo.scoring.method import METHOD


def alert(politician: int, **rest: datetime) -> Alert:
    now = timezone.now()
    return Alert.objects.create(
        politician_id=politician,
        kind="burst",
        choice="good",
        strength=9.0,
        **{"begins_at": now - timedelta(hours=6), "ends_at": now, "found_at": now, **rest},
    )


def storm(scene: Scene, person: int) -> None:
    """Many new voters for the pledges of one person."""
    for pledge in scene.of(person):
        rows = [
            Ballot(pledge_id=pledge, voter=n + 1, choice="good", clarity=True, cast_at=AT, changed_at=AT)
            for n in range(300)
        ]
        Ballot.objects.bulk_create(rows)
    recount(scene.of(person))


def test_a_sudden_change_leaves_the_order_as_it_was_and_says_so(scene: Scene) -> None:
    first = run()
    last = rows(Kind.DEVIATION)[-1]
    person = scene.people.index(last.politician_id)  # type: ignore[arg-type]
    storm(scene, person)
    alert(scene.people[person])
    second = run()
    kept = next(row for row in rows(Kind.DEVIATION) if row.politician_id == last.politician_id)
    assert kept.frozen
    assert (kept.value, kept.n) == (last.value, last.n)
    assert [row.politician_id for row in rows(Kind.DEVIATION) if row.frozen] == [last.politician_id]
    values = [row.value for row in rows(Kind.DEVIATION)]
    assert values == sorted(values, reverse=True)
    assert kept.place == 1 + sum(value > kept.value for value in values)
    assert not any(row.frozen for row in rows(Kind.BALLOTS))
    # Nothing new: the earlier values are those that were kept.
    assert score().same == second
    Alert.objects.all().delete()
    third = run()
    moved = next(row for row in rows(Kind.DEVIATION, of=third) if row.politician_id == last.politician_id)
    assert not moved.frozen
    assert moved.value > last.value
    assert first.number < second.number < third.number


def test_an_alert_of_long_ago_freezes_nothing(scene: Scene) -> None:
    run()
    long_ago = timezone.now() - timedelta(days=METHOD.attacks.frozen_days + 1)
    alert(scene.people[0], begins_at=long_ago, ends_at=long_ago, found_at=long_ago)
    storm(scene, 0)
    run()
    assert not RankingRow.objects.filter(frozen=True).exists()
