"""Who comments without an account: a random number in a cookie of its own, so that comments and ballots are not connected (decision 0018)."""

from tsushinbo.accounts.numbered import NumberedCookie

TICKET_FIELD = "writer"
cookie = NumberedCookie(setting="COMMENT_COOKIE", salt="tsushinbo.comment", field=TICKET_FIELD)
