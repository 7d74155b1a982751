"""Interop: read and write games of other programs."""
