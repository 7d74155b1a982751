"""Settings of the documentation's site; `make docs` builds it."""

from __future__ import annotations

import sys
from importlib.metadata import version as installed_version
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "extensions"))

project = "Backchannel"
copyright = "the Backchannel developers"
release = installed_version("backchannel")
version = release

extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx_click",
    "root_pages",
    "case_keys",
    "answers_fields",
    "api_pages",
    "gallery",
]
source_suffix = {".md": "myst-nb", ".ipynb": "myst-nb"}
exclude_patterns = ["extensions"]

# Headings can be linked as on GitHub, so that the same link works in both places.
myst_heading_anchors = 4
myst_enable_extensions = ["deflist", "dollarmath"]
# A link to something that is neither a page nor a file is a mistake of ours.
suppress_warnings: list[str] = []

# Pages with code are run when the site is built: no number in them can be older than the program.
nb_execution_mode = "cache"
nb_execution_timeout = 300
nb_execution_raise_on_error = True
nb_execution_show_tb = True
nb_merge_streams = True

autodoc_typehints = "description"
autodoc_typehints_description_target = "documented"
autodoc_member_order = "bysource"
# How a result is made is of no use to a reader, who gets it from a study.
autodoc_class_signature = "separated"
autodoc_default_options = {"members": True, "exclude-members": "model_config,model_fields"}
napoleon_google_docstring = True
napoleon_numpy_docstring = False

html_theme = "pydata_sphinx_theme"
html_title = "Backchannel"
html_static_path = ["static", "../src/backchannel/interface/theme.css"]
html_css_files = ["theme.css", "site.css"]
html_show_sourcelink = False
html_copy_source = False
html_theme_options = {
    "logo": {"text": "Backchannel"},
    "navbar_end": ["theme-switcher"],
    "secondary_sidebar_items": ["page-toc"],
    "show_prev_next": True,
    "show_nav_level": 1,
    "navigation_with_keys": False,
    "footer_start": ["copyright"],
    "footer_end": [],
}
