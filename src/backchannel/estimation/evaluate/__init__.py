"""Evaluate: how well a case predicts plays that it has not seen, against what anybody would use instead."""
