"""The program `backchannel`: it listens to Ctrl-C first, and reads the commands then."""

from backchannel.machine.interrupt import interrupt


def start_program() -> None:
    """Run the command line."""
    interrupt.watch()
    from backchannel.cli import main

    main()


if __name__ == "__main__":
    start_program()
