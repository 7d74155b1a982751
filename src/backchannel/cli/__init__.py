"""The command line. One module for each family of commands; importing it adds them to `main`."""

from backchannel.cli import asking as asking
from backchannel.cli import branches as branches
from backchannel.cli import deals as deals
from backchannel.cli import files as files
from backchannel.cli import fit as fit
from backchannel.cli import gambit as gambit
from backchannel.cli import ledger as ledger
from backchannel.cli import living as living
from backchannel.cli import reporting as reporting
from backchannel.cli import sensitivity as sensitivity
from backchannel.cli import serve as serve
from backchannel.cli import surprise as surprise
from backchannel.cli import why as why
from backchannel.cli.group import main as main
