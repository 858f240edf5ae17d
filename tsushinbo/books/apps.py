"""Registers the room with Django."""

from django.apps import AppConfig


class BooksConfig(AppConfig):
    """The room ``books``."""

    name = "tsushinbo.books"
    label = "books"
    verbose_name = "関連書籍"
