"""The report: everything that a run says as one HTML file, interactive where scripts run and whole where not."""
