"""The glossary says what the code says: every label a visitor reads, every table, and nothing that is gone."""

import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import Choices

import tsushinbo

pytestmark = pytest.mark.any_database

GLOSSARY = (Path(__file__).parents[1] / "docs" / "glossary.md").read_text(encoding="utf-8")


def choices_inside(namespace: object, module: str) -> Iterator[type[Choices]]:
    for value in vars(namespace).values():
        if inspect.isclass(value) and value.__module__ == module:
            if issubclass(value, Choices):
                yield value
            else:
                yield from choices_inside(value, module)


def enums() -> dict[str, type[Choices]]:
    """Every enum with labels in the package, by its room and name."""
    importlib.import_module("tsushinbo.config.urls")  # it registers what the rooms' urls use
    found = {}
    for info in pkgutil.walk_packages(tsushinbo.__path__, "tsushinbo."):
        if info.name.endswith("__main__") or ".migrations" in info.name:
            continue
        module = importlib.import_module(info.name)
        for enum in choices_inside(module, info.name):
            found[f"{info.name.split('.')[1]}.{enum.__qualname__}"] = enum
    return found


def labels() -> dict[str, list[tuple[str, str]]]:
    """The tables under 「Labels」: heading, then its rows as (value, label)."""
    sections = re.split(r"^### `([\w.]+)`$", GLOSSARY, flags=re.MULTILINE)[1:]
    return {
        name: [(value, label) for label, value in re.findall(r"^\| (\S+) \| `([\w-]+)` \|$", text, re.MULTILINE)]
        for name, text in zip(sections[::2], sections[1::2], strict=True)
    }


def test_every_enum_has_its_labels_in_the_glossary_and_no_others() -> None:
    told = labels()
    assert told.keys() == enums().keys()
    for name, enum in enums().items():
        assert told[name] == [(str(value), label) for value, label in enum.choices], name


def test_every_table_has_a_line_in_the_glossary_and_no_others() -> None:
    ours = {
        f"{model._meta.app_label}.{model.__name__}"
        for model in apps.get_models()
        if model.__module__.startswith("tsushinbo.")
    }
    tables = GLOSSARY[GLOSSARY.index("## Tables") : GLOSSARY.index("## Labels")]
    assert set(re.findall(r"^\| \S+ \| `([\w.]+)` \|", tables, re.MULTILINE)) == ours
