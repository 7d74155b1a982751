"""The command line. One module for each family of commands; importing it adds them to `main`."""

from backchannel.cli import asking as asking
from backchannel.cli import files as files
from backchannel.cli import why as why
from backchannel.cli.group import main as main
