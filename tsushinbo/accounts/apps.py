"""Registers the room with Django."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """The room ``accounts``."""

    name = "tsushinbo.accounts"
    label = "accounts"
    verbose_name = "利用者"
