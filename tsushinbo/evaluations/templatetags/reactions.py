"""What the pages of reports, whose room lies below, show of reactions: they load it by its name."""

from django import template

from tsushinbo.evaluations.queries import public_reactions

register = template.Library()

register.simple_tag(public_reactions)
