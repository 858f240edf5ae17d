"""The politician's desk (事務所): everything of one's own on one page."""
