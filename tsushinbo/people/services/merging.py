"""Making one politician of two that are the same person."""

from datetime import datetime

from django.db import models, transaction

from tsushinbo.errors import RuleBroken
from tsushinbo.people.models import Politician, PoliticianName
from tsushinbo.people.services.politicians import place, restate_person
from tsushinbo.people.services.terms import restate_offices


class NotTwoPeople(RuleBroken):
    """Both are the same row already, or one was merged away."""

    message = "すでに同じ人として登録されています。"


@transaction.atomic
def merge(first: Politician, second: Politician, *, at: datetime) -> Politician:
    """Give ``first`` everything of ``second`` and make the address of ``second`` lead there. Returns ``first`` as it is now.

    Terms, names, outside ids, links, candidacies and pledges move; ballots stay with their pledges. What ``first`` does not know is
    taken from ``second``; nothing of ``first`` is overwritten but by what was corrected of ``second``. Raises NotTwoPeople when one of them was
    merged before.
    """
    locked = Politician.objects.select_for_update().in_bulk([first.pk, second.pk])
    if len(locked) != 2 or any(person.merged_into_id for person in locked.values()):
        raise NotTwoPeople
    first, second = locked[first.pk], locked[second.pk]
    _move_names(first, second)
    for relation in Politician._meta.related_objects:
        # A hidden relation (related_name "+") records what was thought of the row, which stays with the row.
        if not relation.hidden and isinstance(relation, models.ManyToOneRel):
            _move(relation, first, second)
    for name in ("family_name", "given_name", "kana", "family_kana", "given_kana", "romaji", "birth_year"):
        if not getattr(first, name):
            setattr(first, name, getattr(second, name))
    first.changed_at = second.changed_at = at
    first.save()
    second.merged_into = first
    second.save()
    # A correction that came along would else be laid over ``first`` by the next import, when nobody looks.
    restate_person(first.pk, at=at)
    restate_offices([first.pk, second.pk], at=at)
    first.refresh_from_db()
    return first


def _move_names(first: Politician, second: Politician) -> None:
    """Move the spellings that ``first`` does not have; the common name of ``second`` becomes another spelling of ``first``."""
    known = {place(kind, text) for kind, text in first.names.values_list("kind", "text")}
    for name in second.names.all():
        if place(name.kind, name.text) in known:
            name.delete()
            continue
        if name.kind == PoliticianName.Kind.COMMON:
            name.kind = PoliticianName.Kind.VARIANT
        name.politician = first
        name.save()


def _move(relation: models.ManyToOneRel, first: Politician, second: Politician) -> None:
    """Point every row of a relation at ``first``; a row that would say the same as one of ``first`` goes."""
    model, field = relation.related_model, relation.field
    rows = model._default_manager.filter(**{field.name: second})
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint) and field.name in constraint.fields:
            others = [name for name in constraint.fields if name != field.name]
            taken = model._default_manager.filter(
                **{field.name: first}, **{name: models.OuterRef(name) for name in others}
            )
            rows.filter(models.Exists(taken)).delete()
    rows.update(**{field.name: first})
