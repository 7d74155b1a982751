"""The ledger: forecasts, their outcomes, and scores."""
