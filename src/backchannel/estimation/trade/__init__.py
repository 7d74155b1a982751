"""Monthly flows by partner: estimates of a market before and after a sanction, and forecasts."""
