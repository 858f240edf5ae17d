"""Registers the room with Django."""

from django.apps import AppConfig


class RankingsConfig(AppConfig):
    """The room ``rankings``."""

    name = "tsushinbo.rankings"
    label = "rankings"
    verbose_name = "ランキング"
