"""Memory: what may be taken is read, kept to, and refused in plain words."""

import threading

import pytest

from backchannel.language.errors import CommandError, TooLargeError
from backchannel.machine.memory import (
    allowed,
    carried,
    claim,
    free_memory,
    how_many,
    in_words,
    limited,
    parse_size,
    within_memory,
)


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("4GB", 4 * 10**9),
        ("500MB", 5 * 10**8),
        ("1.5 gb", 15 * 10**8),
        ("2G", 2 * 10**9),
        ("1TB", 10**12),
        ("200000kB", 2 * 10**8),
        ("4GiB", 4 * 10**9),
    ],
)
def test_a_size_is_a_number_and_a_unit(text, size):
    assert parse_size(text) == size


@pytest.mark.parametrize(
    "text",
    ["", "4", "GB", "-4GB", "nanGB", "infGB", "1e9GB", "4 GB of it", "4PB", "9" * 400 + "GB"],
)
def test_what_is_no_size_is_refused_with_an_example(text):
    with pytest.raises(CommandError, match=r"is not a size\. Write a number and a unit, as in"):
        parse_size(text)


def test_too_little_for_anything_is_refused():
    with pytest.raises(CommandError, match="too little for any case: allow at least 100 MB"):
        parse_size("1MB")


@pytest.mark.parametrize(
    ("size", "words"),
    [(3.2e9, "3.2 GB"), (64e6, "64 MB"), (12e12, "12 TB"), (5e3, "5 KB"), (10**40, "more than")],
)
def test_sizes_are_written_in_round_numbers(size, words):
    assert in_words(size).startswith(words)


def test_half_of_what_is_free_may_be_taken_unless_somebody_says_otherwise():
    assert 0 < allowed() <= free_memory()
    with limited(10**9):
        assert allowed() == 10**9
        with limited(None):
            assert allowed() == 10**9
        with limited(3 * 10**9):
            assert allowed() == 3 * 10**9
        assert allowed() == 10**9


def test_what_fits_is_let_through_and_what_does_not_is_refused():
    with limited(10**9):
        claim(10**9, "A table", "Mend it.")
        with pytest.raises(TooLargeError) as caught:
            claim(10**9 + 1, "A table", "Mend it.")
    assert "A table would take about 1 GB of memory, more than the 1 GB" in str(caught.value)
    assert "Mend it." in str(caught.value)
    assert caught.value.exit_code == 2


def test_as_many_are_worked_on_at_once_as_fit():
    with limited(10**9):
        assert how_many(10**6, 500) == 500
        assert how_many(10**6, 5000) == 1000
        assert how_many(2 * 10**9, 5000) == 0


def test_another_thread_keeps_to_what_holds_where_it_was_begun():
    found = []
    with limited(123_456_789):
        thread = threading.Thread(target=carried(lambda: found.append(allowed())))
    thread.start()
    thread.join()
    assert found == [123_456_789]


def test_all_that_a_study_does_keeps_to_its_own_memory():
    @within_memory
    class Kept:
        memory = 10**9

        @property
        def one(self):
            return allowed()

        def other(self):
            return allowed()

        def __call__(self):
            return allowed()

    kept = Kept()
    assert kept.one == kept.other() == kept() == 10**9
