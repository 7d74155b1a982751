"""Files are opened in few places, which look at what they open; everything else goes through these."""

from __future__ import annotations

import ast

import pytest

from tests.house.test_house import FILES, SOURCE

OPENS = {
    "open", "fdopen", "read_text", "read_bytes", "write_text", "write_bytes", "replace", "rename",
    "renames", "link", "symlink_to", "hardlink_to", "urlopen", "urlretrieve", "NamedTemporaryFile",
    "TemporaryDirectory", "TemporaryFile", "mkstemp", "mkdtemp", "copyfile", "copy2", "move", "rmtree",
    "unlink", "remove", "connect", "open_dataset", "load_dataset", "open_datatree", "to_netcdf",
    "to_zarr", "to_excel", "to_pickle", "to_hdf", "save_npz", "savez", "savez_compressed", "savetxt",
    "loadtxt", "genfromtxt", "fromfile", "tofile", "memmap", "savefig", "imsave", "ZipFile", "GzipFile",
    "BZ2File", "LZMAFile",
}  # fmt: skip
"""Names that open a file, whoever they belong to."""
OF_THE_SYSTEM = {"replace", "rename", "renames", "link", "unlink", "remove", "move"}
"""Of these only the ones that belong to `os`, `shutil` or a path: text has `replace` too."""
IN_MEMORY = {"BytesIO", "StringIO", "BufferReader"}
"""What may be handed to a reader of pandas, pyarrow or xarray."""
READERS = (
    "read_csv",
    "read_table",
    "read_parquet",
    "read_excel",
    "read_json",
    "read_pickle",
    "ParquetFile",
)
WRITERS = ("to_csv", "to_parquet", "to_json")

ALLOWED = {
    "scale/store.py": {
        "read_table": "columns of shards that this run wrote; reading whole files would take all memory"
    },
    "files/inputs.py": {"open": "reads every file that somebody names"},
    "files/streams.py": {"open": "writes into pipes and devices"},
    "files/exchange.py": {
        "replace": "the part takes the file's place, where names cannot be exchanged"
    },
    "files/durable.py": {
        "open": "the part beside a file, its lock and its folder",
        "fdopen": "the part",
        "replace": "the part takes the file's place",
        "link": "the part takes a free name",
        "unlink": "the part goes",
    },
    "files/leftovers.py": {
        "open": "a part that a killed process left",
        "unlink": "it goes",
    },
    "files/marks.py": {"ZipFile": "on bytes", "open": "a part of them"},
    "ledger/file.py": {"connect": "SQLite, once the file is looked at"},
    "ledger/shape.py": {"connect": "SQLite, in memory"},
    "case/lower/posterior.py": {"open_dataset": "on bytes that were looked at"},
    "estimation/posterior.py": {
        "TemporaryDirectory": "netCDF is made in a folder of our own",
        "to_netcdf": "there",
        "read_bytes": "there",
    },
    "answers/brief_figure.py": {"savefig": "into memory"},
    "web/brief_task.py": {"ZipFile": "into memory"},
    "cli/group.py": {"open": "os.devnull"},
    "cli/internal_error.py": {
        "open": "a new log file of an error of our own",
        "fdopen": "the same",
    },
    "machine/compile_cache.py": {
        "unlink": "programs that JAX stored in a folder of the user's alone"
    },
    "machine/memory.py": {"read_text": "what the system says of its memory"},
    "web/text_files.py": {"unlink": "a copy that it made itself, of whose case nothing came"},
    "web/child.py": {
        "fdopen": "its own standard streams",
        "open": "os.devnull",
        "write_text": "who goes first where memory runs out, to the system",
    },
    "web/checking_child.py": {"open": "os.devnull"},
    "web/serving.py": {"open": "the browser"},
    # What comes with the package.
    "case/starter.py": {"read_text": "of the package"},
    "case/draft/actors.py": {"read_text": "of the package"},
    "case/draft/lexicon.py": {"read_text": "of the package"},
    "case/patterns/pattern.py": {"read_text": "of the package"},
    "interface/__init__.py": {"read_text": "of the package"},
    "answers/page/report.py": {"read_text": "of the package"},
    "questions/question.py": {"read_text": "of the package"},
    "notebook.py": {"read_text": "of the package"},
}


def opened(file) -> set[str]:
    """What a module calls that opens files."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Name):
            name, owner = node.func.id, ""
            if name not in ("open", "TemporaryDirectory", "ZipFile", "urlopen", *READERS):
                continue
            if name == "read_table":  # Ours.
                continue
        elif isinstance(node.func, ast.Attribute):
            name, owner = node.func.attr, ast.unparse(node.func.value)
        else:
            continue
        if owner in ("np", "numpy", "jnp") and name in ("load", "save"):
            found.add(name)
        if name in READERS and not _is_in_memory(node):
            found.add(name)
        if name in WRITERS and _target(node) is not None and ast.unparse(_target(node)) != "buffer":
            found.add(name)
        if name in OPENS and not (
            name in OF_THE_SYSTEM and not _is_of_the_system(owner, name, node)
        ):
            found.add(name)
    return found


def _is_of_the_system(owner: str, name: str, node: ast.Call) -> bool:
    if owner.split(".")[0] in ("os", "shutil"):
        return True
    return name in ("unlink", "rename") or (name == "replace" and len(node.args) == 1)


def _target(node: ast.Call) -> ast.expr | None:
    named = [k.value for k in node.keywords if k.arg in ("path_or_buf", "path", "buf")]
    return (node.args or named or [None])[0]


def _is_in_memory(node: ast.Call) -> bool:
    target = _target(node)
    if not isinstance(target, ast.Call):
        return False
    return ast.unparse(target.func).rpartition(".")[2] in IN_MEMORY


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(SOURCE)))
def test_files_are_opened_only_where_they_are_looked_at(file):
    """A name can stand for a pipe, a device, or another program's file; each use would have to ask."""
    where = str(file.relative_to(SOURCE))
    assert opened(file) <= ALLOWED.get(where, {}).keys(), (
        f"{where}: use files/inputs.py or files/outputs.py"
    )


def test_the_list_of_exceptions_holds_no_more_than_is_needed():
    """Whoever takes a call out takes its exception out."""
    for where, names in ALLOWED.items():
        assert names.keys() <= opened(SOURCE / where), where
