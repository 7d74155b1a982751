"""Backchannel: causal games of political bargaining."""

__version__ = "0.1.0"
