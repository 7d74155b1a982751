"""What the workbench does when a page asks: a module for each kind of request, and one registry."""
