"""The start page of the workbench: recent cases, the catalog, and new cases."""
