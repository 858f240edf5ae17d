"""Registers the room with Django."""

from django.apps import AppConfig


class PledgesConfig(AppConfig):
    """The room ``pledges``."""

    name = "tsushinbo.pledges"
    label = "pledges"
    verbose_name = "公約"
