"""Nothing in the source turns text into a program, and what reaches others passes one door.

A case, a table, a ledger, a posterior or a message may come from anybody. The calls by which text
could be run, and those by which it could leave without passing the sanitiser, are forbidden by name.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from tests.house.test_house import SOURCE

NAMES = {"eval", "exec", "compile", "__import__", "__builtins__", "execfile", "breakpoint", "print"}
"""Built-in functions that run text, or print without the sanitiser."""
MODULES = set(
    re.findall(
        r"\w+",
        """
    pickle cPickle cloudpickle dill joblib marshal shelve subprocess pty code codeop runpy builtins
    ctypes cffi webbrowser yaml formulaic zipimport imp timeit
    """,
    )
)
"""Modules that run text, processes or foreign code, or read files that do."""
IMPORTLIB = {"resources", "metadata", "util"}
ATTRIBUTES = set(
    re.findall(
        r"\w+",
        """
    system popen startfile execv execve execl execvp spawnl spawnv posix_spawn fork query eval
    runstring testing read_pickle to_pickle load_extension enable_load_extension create_function
    executescript full_load unsafe_load import_module from_string model_matrix Formula ModelSpec
    read_html read_sql set_trace literal_eval sympify echo to_csv to_excel memmap fromfile
    """,
    )
)
"""Methods and functions of other libraries that do the same, whatever they are called on."""
IMPORTED = ATTRIBUTES | {"Template", "Environment", "Markup", "YAML", "writer"}
CALLS = {"Template", "Environment", "Markup", "Console"}
LOADERS = {"np", "numpy", "jnp", "torch", "json5"}
STATEMENTS = {"execute", "executemany"}
SQL = re.compile(r"\s*(SELECT|INSERT|UPDATE|DELETE|DROP|PRAGMA|CREATE|ALTER)\b")
KEYWORDS = {"allow_pickle", "shell"}
ALLOWED = {
    ("console/say.py", "echo"): "the door through which commands speak; it makes steering signs marks",
    ("files/spreadsheet.py", "to_csv"): "the door through which tables leave; it guards cells against formulas",
    ("__init__.py", "module importlib"): "modules of our own, which hold the public names",
    ("console/writing.py", "module importlib"): "modules of our own, which the commands name",
    ("files/exchange.py", "module ctypes"): "one function of the system, by its name: it exchanges two files",
    ("machine/second_signal.py", "module ctypes"): "one function of the system, by its name: a second Ctrl-C ends it",
    ("questions/question.py", "module importlib"): "parts of a question that its record names",
    ("questions/registry.py", "module importlib"): "rooms of our own, which a list names",
    ("case/read/yaml_nodes.py", "import YAML"): "composes nodes with the safe loader, and makes no objects",
    ("machine/own_process.py", "module subprocess"): "starts a module of our own, without a shell",
    ("web/worker.py", "module subprocess"): "names the type of such a process",
    ("case/texts/read_apart.py", "module subprocess"): "names the error of a process that takes too long",
    ("workers/packing.py", "module pickle"): "packs work for the workers of the user's own cluster",
    ("case/write.py", "import YAML"): "only writes",
    ("case/write.py", "YAML without typ='safe'"): "only writes",
    ("estimation/tables.py", "csv.writer"): "its names are guarded, everything else is a number",
    ("answers/brief_files.py", "from_string"): "a colour of our own",
    ("web/internal_errors.py", "print"): "its text is made visible, on one line",
    ("language/expressions.py", "literal_eval"): "reads the number of an exponent from a tree of syntax",
    ("language/formulas/recipe.py", "module formulaic"): "gets finished columns under names that it looks up",
    ("answers/page/environment.py", "import Environment"): "the one environment, which escapes everything",
    ("answers/page/environment.py", "Environment"): "the same",
    ("answers/page/report.py", "import Markup"): "our own scripts and styles, and the answers as JSON without '<'",
    ("answers/page/report.py", "Markup"): "the same",
    ("console/progress.py", "Console"): "shows the names of our own stages, on the error stream",
    ("web/serving.py", "module webbrowser"): "opens our own address, if the user asks for it",
    ("ledger/file.py", "SQL put together"): "two PRAGMAs that take no parameters, of numbers of our own",
    ("ledger/tables.py", "SQL put together"): "names of tables of our own",
    ("ledger/checked.py", "SQL put together"): "names of tables and columns of our own",
    ("ledger/export.py", "SQL put together"): "names of columns from a table of our own",
}  # fmt: skip


def offences(source: str) -> Iterator[tuple[int, str]]:
    """Every forbidden name of a module, with its line."""
    for node in ast.walk(ast.parse(source)):
        line = getattr(node, "lineno", 0)
        match node:
            case ast.Name(id=name) if name in NAMES:
                yield line, name
            case ast.Attribute(attr=name) if name in ATTRIBUTES:
                yield line, name
            case ast.Attribute(attr="writer", value=ast.Name(id="csv")):
                yield line, "csv.writer"
            case ast.JoinedStr(values=[ast.Constant(value=str(begin)), *_]) if SQL.match(begin):
                yield line, "SQL put together"
            case ast.Attribute(attr="load", value=ast.Name(id=library)) if library in LOADERS:
                yield line, f"{library}.load"
            case ast.Import():
                for alias in node.names:
                    yield from ((line, w) for w in _module(alias.name, ""))
            case ast.ImportFrom(module=str(module), level=0):
                for alias in node.names:
                    yield from ((line, w) for w in _module(module, alias.name))
            case ast.Call():
                yield from ((line, w) for w in _call(node))


def _module(module: str, name: str) -> Iterator[str]:
    top, _, rest = module.partition(".")
    if top in MODULES:
        yield f"module {top}"
    elif top == "importlib" and (rest or name) not in IMPORTLIB and rest not in IMPORTLIB:
        yield "module importlib"
    elif name in IMPORTED and top != "backchannel":
        yield f"import {name}"


def _call(node: ast.Call) -> Iterator[str]:
    called = (
        node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    )
    given = {k.arg: k.value for k in node.keywords if k.arg}
    if called in CALLS:
        yield called
    if called == "Environment" and not _is(given.get("autoescape"), True):
        yield "Environment without autoescape=True"
    if called == "YAML" and not _is(given.get("typ"), "safe"):
        yield "YAML without typ='safe'"
    yield from (k for k in KEYWORDS & given.keys() if not _is(given[k], False))
    if called in STATEMENTS and node.args and not _is_plain(node.args[0]):
        yield "SQL put together"


def _is(node: ast.expr | None, value: object) -> bool:
    return isinstance(node, ast.Constant) and node.value == value


def _is_plain(node: ast.expr) -> bool:
    """Not put together of parts that could come from elsewhere."""
    return not any(isinstance(n, ast.JoinedStr | ast.BinOp | ast.Call) for n in ast.walk(node))


SAMPLES = """
eval('1')
exec(text)
compile(text, '', 'exec')
__import__('os')
run = eval
import builtins
import pickle
from pickle import loads
import marshal as m
import shelve
import joblib
from dill import load
import subprocess
from subprocess import run
os.system(text)
os.popen(text)
from os import system
os.execv(a, b)
import importlib
from importlib import import_module
importlib.import_module(name)
pd.eval(text)
frame.query(text)
frame.eval(text)
from pandas import eval
pd.read_pickle(path)
np.load(path)
numpy.load(path)
np.testing.runstring(text, {})
from numpy import testing
f(allow_pickle=True)
import yaml
from yaml import load
YAML(typ='unsafe')
YAML()
import formulaic
from formulaic import model_matrix
formulaic.Formula(text)
Template(text)
from jinja2 import Template
env.from_string(text)
Environment(loader=x)
Environment(autoescape=False)
Markup(text)
import webbrowser
f(shell=True)
base.execute(f'DROP {name}')
base.execute('DROP ' + name)
base.execute('DROP {}'.format(name))
base.executescript(text)
base.enable_load_extension(True)
click.echo(text)
print(text)
Console()
Console(highlight=False)
ledger.rows(f'SELECT {a}')
table.to_csv(path)
csv.writer(file)
""".strip().splitlines()


def test_no_module_runs_text_or_speaks_past_the_doors():
    """Save those on the list, each with its reason."""
    for file in sorted(SOURCE.rglob("*.py")):
        name = str(file.relative_to(SOURCE))
        for line, what in offences(file.read_text("utf-8")):
            assert (name, what) in ALLOWED, f"{name}:{line}: {what} is forbidden"


def test_no_exception_outlives_its_need():
    """What is on the list is still there, and says why."""
    found = {
        (str(file.relative_to(SOURCE)), what)
        for file in SOURCE.rglob("*.py")
        for _, what in offences(file.read_text("utf-8"))
    }
    assert not set(ALLOWED) - found
    assert all(ALLOWED.values())


@pytest.mark.parametrize("sample", SAMPLES)
def test_each_way_to_run_text_would_be_found(sample):
    """The test bites: one line of each kind is an offence."""
    assert list(offences(sample))


def test_ordinary_code_is_no_offence():
    """Names that only look alike."""
    plain = (
        "re.compile('a'); jax.jit(f).lower(x).compile(); json.load(file); base.execute('SELECT ?', (a,))\n"
        "from importlib.resources import files; import importlib.metadata; YAML(typ='safe', pure=True)\n"
        "evaluate(x); Environment_(1); self.echoes; np.loadtxt; f(allow_pickle=False)\n"
    )
    assert not list(offences(plain))
