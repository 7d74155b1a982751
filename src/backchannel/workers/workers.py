"""Workers: pieces of work, carried out on threads of this process or on a cluster.

The engine cuts long work into pieces: chunks of draws, packages of a deal, draws in which sets of causes are undone,
rivals, folds, starts of a search, shards. A piece is a pure function of what it is given, so it has the same result
wherever it is carried out. Who carries pieces out holds for a whole question, so it is set once, at the front door,
and not passed through every function (decision record 0055).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from threading import Event, Lock
from typing import Any, Generic, Protocol, TypeAlias, TypeVar

from backchannel.machine.memory import around_methods, carried

MOST_THREADS = 4
"""Pieces that are worked on at the same time in this process, at most."""

T = TypeVar("T")
S = TypeVar("S")
P = TypeVar("P")
R = TypeVar("R")

Tell: TypeAlias = Callable[[int], Any]
"""Hears how many more steps are done."""


@dataclass(frozen=True)
class JobWords:
    """What is said of a job that a cluster could not finish."""

    name: Callable[[Any], str] = lambda thing: "the same piece"
    """Names the piece of a thing, as the end of a sentence."""
    smaller: str = "take fewer draws (--draws)"
    """What the user can do so that a piece needs less memory."""
    after: str = "Nothing was written: run the same command again."
    """What is left, and what to do next."""


@dataclass(frozen=True)
class PieceWork(Generic[T, S, P, R]):
    """Work that falls into pieces, one for each of several things."""

    work: Callable[[S, P, Tell], Iterator[R]]
    """Carries one piece out, yields what it finds, and tells how many steps are done. It is a function of a module,
    and depends on nothing but `shared` and the piece."""
    shared: S
    """What all pieces need; it can be pickled."""
    piece: Callable[[T], P]
    """Cuts out what one thing needs; the piece can be pickled."""
    keep: Callable[[T, R], Any]
    """Takes what was found for a thing. Threads may call it at the same time."""
    progress: Tell | None = None
    """Called with the number of steps done."""
    words: JobWords = JobWords()
    """How messages speak of it."""


class Workers(Protocol):
    """Carries out the pieces of a job."""

    @property
    def count(self) -> int:
        """How many workers there are besides this process."""
        ...

    @property
    def place(self) -> str:
        """Where they are, in words; empty for this process."""
        ...

    def close(self) -> Any:
        """Leave them; those that were started here end."""
        ...

    def carry_out(
        self, job: PieceWork[T, Any, Any, Any], things: Iterable[T], *, at_once: int = MOST_THREADS
    ) -> Iterator[T]:
        """Carry out a piece for each thing, and yield each thing when it is done, in any order.

        Args:
            job: The work.
            things: What it is done for; they are taken one by one, as workers become free.
            at_once: How many may be worked on at the same time in this process, where memory is short.
        """
        ...


class Threads:
    """Carries pieces out on threads of this process."""

    count = 0
    place = ""

    def __init__(self, most: int | None = None) -> None:
        """Prepare.

        Args:
            most: How many threads; default: as many as there are processors, up to four.
        """
        self._most = most

    def close(self) -> None:
        """Nothing was started that would have to end."""

    def carry_out(
        self, job: PieceWork[T, Any, Any, Any], things: Iterable[T], *, at_once: int = MOST_THREADS
    ) -> Iterator[T]:
        """Carry out a piece for each thing, and yield the things in order."""
        stopped, counting = Event(), Lock()

        def tell(steps: int) -> None:
            if job.progress is not None:
                with counting:
                    job.progress(steps)

        def whole(thing: T) -> T:
            for result in job.work(job.shared, job.piece(thing), tell):
                if stopped.is_set():
                    break
                job.keep(thing, result)
            return thing

        most = min(self._most or processors(), at_once)
        if most < 2:
            yield from map(whole, things)
            return
        several = list(things)
        if len(several) < 2:
            yield from map(whole, several)
            return
        with ThreadPoolExecutor(min(most, len(several))) as pool:
            try:
                yield from pool.map(carried(whole), several)
            finally:
                # After an interrupt or an error in one piece, the others need not finish.
                stopped.set()


_workers: ContextVar[Workers | None] = ContextVar("workers", default=None)
_processors: ContextVar[int | None] = ContextVar("processors", default=None)


def workers() -> Workers:
    """Who carries pieces out: those set at the front door, or threads of this process."""
    return _workers.get() or Threads()


def workers_at(cluster: Any) -> Workers | None:
    """The workers at an address; none where there is no address.

    Args:
        cluster: `local`, `local:N`, `tcp://HOST:PORT`, a Dask client, or workers that are connected already.

    Raises:
        CommandError: Dask is not installed, there is no such scheduler, or workers do not fit.
    """
    if cluster is None or hasattr(cluster, "carry_out"):
        return cluster
    from backchannel.workers.cluster import Cluster

    return Cluster(cluster)


@contextmanager
def working_on(chosen: Workers | None) -> Iterator[None]:
    """Let some workers carry pieces out inside a `with` block; `None` keeps the current ones."""
    token = _workers.set(chosen or _workers.get())
    try:
        yield
    finally:
        _workers.reset(token)


def processors() -> int:
    """How many parts draws are cut into at least, so that every processor gets some."""
    return _processors.get() or _threads_of_machine()


@cache
def _threads_of_machine() -> int:
    return min(os.cpu_count() or 1, MOST_THREADS)


@contextmanager
def as_if_with(count: int) -> Iterator[None]:
    """Cut draws as a machine with so many processors does: a worker cuts as its client would."""
    token = _processors.set(count)
    try:
        yield
    finally:
        _processors.reset(token)


def on_own_workers(kind: type[T]) -> type[T]:
    """Let all public methods of a class have their pieces carried out by `self.workers`."""
    return around_methods(kind, lambda self: working_on(self.workers))
