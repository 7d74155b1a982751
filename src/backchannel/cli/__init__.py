"""The command line: a module for each family of commands, and the commands of every question."""

from backchannel.cli import files as files
from backchannel.cli import fit as fit
from backchannel.cli import gambit as gambit
from backchannel.cli import ledger as ledger
from backchannel.cli import reporting as reporting
from backchannel.cli import run as run
from backchannel.cli import serve as serve
from backchannel.cli.group import main as main
from backchannel.questions.registry import questions

for question in questions():
    for command in question.commands:
        main.add_command(question.part(command))
