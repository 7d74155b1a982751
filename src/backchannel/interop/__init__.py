"""Interop: other programs' games, written and read."""
