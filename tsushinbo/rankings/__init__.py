"""Who stands where: the rankings of the last run, and their pages."""
