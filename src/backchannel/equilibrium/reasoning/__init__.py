"""Reasoning: rules of players who think some steps ahead instead of knowing everyone's odds."""
