"""The engine behind the search: which documents hold what is wanted. The one place that asks which database it is."""

from tsushinbo.search.engine.contract import Engine, Hits, Wanted

__all__ = ["Engine", "Hits", "Wanted", "engine"]


def engine() -> Engine:
    """The engine of the database in use."""
    from django.db import connection

    if connection.vendor == "sqlite":
        from tsushinbo.search.engine.fts import FullText

        return FullText()
    from tsushinbo.search.engine.gin import InvertedIndex

    return InvertedIndex()
