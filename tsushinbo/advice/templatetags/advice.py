"""Words for the templates of this room."""

from django import template

from tsushinbo.advice.words import agreement_words

register = template.Library()
register.filter(agreement_words)
