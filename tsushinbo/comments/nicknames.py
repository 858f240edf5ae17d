"""Which nicknames are refused: those that no display name may be either."""

from tsushinbo.accounts.nicknames import is_readable, names_in, passes_for_the_site

__all__ = ["is_readable", "names_in", "passes_for_the_site"]
