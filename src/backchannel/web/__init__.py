"""The workbench: `backchannel serve CASE`, one case shared by every window that is open on it."""
