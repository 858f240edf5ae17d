"""Registers the room with Django."""

from django.apps import AppConfig


class MailConfig(AppConfig):
    """The room ``mail``."""

    name = "tsushinbo.mail"
    label = "mail"
    verbose_name = "メール"
