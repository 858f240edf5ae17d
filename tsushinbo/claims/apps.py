"""Registers the room with Django."""

from django.apps import AppConfig


class ClaimsConfig(AppConfig):
    """The room ``claims``."""

    name = "tsushinbo.claims"
    label = "claims"
    verbose_name = "本人確認"
