"""The report: everything that a run says in one HTML file, interactive if scripts run, complete if not."""
