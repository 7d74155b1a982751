"""The ledger: what was forecast when, what came of it, and how good the forecasts were."""
