"""Recipes: turn a public table, as its authors publish it, into plays of a catalog case."""
