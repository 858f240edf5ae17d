"""What rooms tell each other by name, so that none below imports one above: dotted paths, called by the room that reads the setting.

A part of the settings; it depends on nothing, neither the environment nor Django.
"""

# What an account holder can download: a name in the file, and who tells what belongs under it.
ACCOUNT_EXPORT = {
    "account": "tsushinbo.accounts.queries.account_data",
    "speaks_for": "tsushinbo.people.queries.exported_delegations",
    "politicians": "tsushinbo.people.queries.proposals.exported",
    "claims": "tsushinbo.claims.queries.exported",
    "replies": "tsushinbo.replies.queries.exported",
    "evidence": "tsushinbo.pledges.queries.evidence.exported",
    "pledges": "tsushinbo.pledges.queries.contributions.exported",
    "assessments": "tsushinbo.evaluations.queries.assessments.exported",
    "activity_reports": "tsushinbo.activities.queries.exported",
    "comments": "tsushinbo.comments.queries.exported",
    "matching": "tsushinbo.advice.queries.exported",
    "ballots": "tsushinbo.evaluations.queries.joining.exported_ballots",
    "survey_answers": "tsushinbo.surveys.queries.joined.exported",
    "notices": "tsushinbo.notices.queries.exported",
    "books": "tsushinbo.books.queries.exported",
    "appeals": "tsushinbo.moderation.queries.appeals.exported",
    "bans": "tsushinbo.moderation.queries.bans.exported",
    "contacts": "tsushinbo.moderation.queries.contacts.exported",
}
# Whose names no other member may bear: each is called with ``user`` and ``name``.
ACCOUNT_NAMES_TAKEN = ["tsushinbo.people.queries.names.names_another"]
# Who has no say in a text that waits: each is called with the moderator and the texts, and returns those that are not theirs to decide.
MODERATION_CONFLICTS = ["tsushinbo.people.queries.concerned"]
# What waits in lists of other rooms: each is called with ``user`` and ``at``, and returns a moderation.queries.Elsewhere, None for who may not open it.
MODERATION_QUEUES = [
    "tsushinbo.evaluations.queries.holds.cases_waiting",
    "tsushinbo.evaluations.queries.holds.alerts_waiting",
    "tsushinbo.pledges.queries.evidence.evidence_waiting",
    "tsushinbo.claims.queries.claims_waiting",
]
# Beside the texts, of what moderators are warned before the 24 hours that are promised have passed: each is called with ``after`` and ``until``.
MODERATION_WARNED = ["tsushinbo.claims.queries.claims_since"]
# What others may go on reading of a closed account, or not, as its owner chose: each is called with ``user`` and ``keep``.
ACCOUNT_LEAVING = ["tsushinbo.comments.services.leave_comments"]
# Who keeps a record of roles that are given and taken: each is called with ``user``, ``before``, ``after``, ``by`` and ``at``.
ACCOUNT_APPOINTING = ["tsushinbo.moderation.services.log.record_roles"]
# What else goes when an account is closed, before its row does: each is called with the account.
ACCOUNT_CLOSING = [
    "tsushinbo.claims.services.close_claims",
    "tsushinbo.activities.services.forget_unpublished",
    "tsushinbo.pledges.services.drafts.forget_unpublished",
    "tsushinbo.people.services.proposals.forget_unpublished",
    "tsushinbo.evaluations.services.forget_joined",
    "tsushinbo.notices.services.forget_member",
    "tsushinbo.mail.services.forget_mail_to",
    "tsushinbo.moderation.services.campaigns.forget_contacts",
]
# What election mode holds back of whom: called with politicians and a moment, returns a moderation.queries.campaigns.Hold of each who stands.
ELECTION_HOLDS = "tsushinbo.elections.queries.holds"
# Whose news mails leave out: called with ``at``, returns politicians.
MAIL_LEAVES_OUT = "tsushinbo.elections.queries.campaigning"
# Whose news reach nobody yet, on the day of polling: called with ``at``, returns politicians, or None where there are none.
NEWS_WAIT_FOR = "tsushinbo.elections.queries.posting.frozen_people"
# What can be followed, and who names it: docs/architecture.md
FOLLOWED = {
    "politician": "tsushinbo.people.following.politicians",
    "party": "tsushinbo.people.following.parties",
    "area": "tsushinbo.people.following.areas",
    "pledge": "tsushinbo.pledges.following.pledges",
    "report": "tsushinbo.activities.following.reports",
}
# What may be merged into another of its kind: called with a number inside a transaction, it returns the one that stands, and holds it.
FOLLOWED_MERGED = {"pledge": "tsushinbo.pledges.services.standing_pledge"}
# What else a voter gave under a number that is joined with another: each is called with ``voter``, ``own`` (the number that stays) and ``at``.
VOTERS_JOINED = ["tsushinbo.surveys.services.join_answers"]
