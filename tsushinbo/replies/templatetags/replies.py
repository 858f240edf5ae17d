"""What the pages of reports and pledges, whose rooms lie below, show of replies: they load it by its name."""

from django import template

from tsushinbo.replies.queries import attach_replies

register = template.Library()

register.simple_tag(attach_replies)
