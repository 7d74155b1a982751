"""Fitting: what the record of many plays says about the numbers of a case."""
