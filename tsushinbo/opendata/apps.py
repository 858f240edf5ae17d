"""Registers the room with Django."""

from django.apps import AppConfig


class OpendataConfig(AppConfig):
    """The room ``opendata``."""

    name = "tsushinbo.opendata"
    label = "opendata"
    verbose_name = "オープンデータ"
