"""What is asked (アンケート): surveys that editors make and everybody answers once, without an account."""
