"""先生の通信簿: citizens collect the pledges of politicians and judge them together."""

__version__ = "0.1.0"
