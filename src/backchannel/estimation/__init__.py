"""Estimation: fit the numbers of a case to a table of plays."""
