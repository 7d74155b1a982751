"""The program `backchannel`: it listens to Ctrl-C first, and reads the commands then."""

from backchannel.machine.interrupt import interrupt
from backchannel.machine.linear_algebra import use_one_thread


def start_program() -> None:
    """Run the command line."""
    interrupt.watch()
    use_one_thread()
    from backchannel.cli import main

    main()


if __name__ == "__main__":
    start_program()
