"""The command line. One module for each family of commands; importing it adds them to `main`."""

from backchannel.cli import data as data
from backchannel.cli import draft as draft
from backchannel.cli import evaluate as evaluate
from backchannel.cli import files as files
from backchannel.cli import fit as fit
from backchannel.cli import gambit as gambit
from backchannel.cli import ledger as ledger
from backchannel.cli import reporting as reporting
from backchannel.cli import run as run
from backchannel.cli import scores as scores
from backchannel.cli import serve as serve
from backchannel.cli import shards as shards
from backchannel.cli import simulate as simulate
from backchannel.cli import trade as trade
from backchannel.cli.group import main as main
