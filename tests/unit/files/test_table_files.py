"""Tables from files: what small files can stand for is counted before it is laid out."""

from __future__ import annotations

import bz2
import gzip
import lzma
import time
import tracemalloc
import zlib

import pandas as pd
import pytest

from backchannel.estimation.plays import read_table
from backchannel.files import data_table as table_file
from backchannel.files.unpacking import MOST_PIECES, unpack
from backchannel.language.errors import CommandError

TEXT = b"a,b\n1,x\n2,NA\n3,\n"


@pytest.mark.parametrize(
    ("name", "packed"),
    [("t.csv", bytes), ("t.csv.gz", gzip.compress), ("t.csv.bz2", bz2.compress),
     ("t.csv.xz", lzma.compress), ("t.CSV.GZ", gzip.compress)],
)  # fmt: skip
def test_packed_tables_read_like_the_others(tmp_path, name, packed):
    """NA is a word, and only what is empty is missing."""
    (tmp_path / name).write_bytes(packed(TEXT))
    found = read_table(tmp_path / name)
    assert found["a"].tolist() == [1, 2, 3]
    assert found["b"].tolist()[:2] == ["x", "NA"]
    assert found["b"].isna().tolist() == [False, False, True]


@pytest.mark.parametrize(
    ("packing", "pack"), [(".gz", gzip.compress), (".bz2", bz2.compress), (".xz", lzma.compress)]
)
def test_no_more_is_unpacked_than_was_asked_for(tmp_path, packing, pack):
    """Forty megabytes of zeros pack to nearly nothing; at the limit they are whole."""
    path, many = tmp_path / "t", bytes(40_000_000)
    packed = pack(many)
    assert unpack(packed, packing, limit=len(many), path=path, what="a table") == many
    with pytest.raises(CommandError, match="holds more than 39,999,999 bytes"):
        unpack(packed, packing, limit=len(many) - 1, path=path, what="a table")
    tracemalloc.start()
    with pytest.raises(CommandError, match="holds more than 1,000 bytes"):
        unpack(packed, packing, limit=1_000, path=path, what="a table")
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 20_000_000


@pytest.mark.parametrize(
    ("packing", "pack"), [(".gz", gzip.compress), (".bz2", bz2.compress), (".xz", lzma.compress)]
)
def test_pieces_follow_each_other_and_damage_is_told(tmp_path, packing, pack):
    """Programs that pack in parallel write several; zeros fill up the end."""

    def read(data):
        return unpack(data, packing, limit=100, path=tmp_path / "t", what="a table")

    assert read(pack(b"one") + pack(b"two") + bytes(50)) == b"onetwo"
    with pytest.raises(CommandError, match="cut off"):
        read(pack(b"one")[:-5])
    with pytest.raises(CommandError, match="damaged"):
        read(pack(b"one") + b"nonsense" * 4)


@pytest.mark.slow
def test_a_bomb_and_a_swarm_of_empty_pieces_end_at_once(tmp_path):
    """A gigabyte in one megabyte; and pieces that hold nothing, each of which takes its time."""
    squeeze = zlib.compressobj(9, wbits=31)
    piece = bytes(1 << 20)
    bomb = b"".join(squeeze.compress(piece) for _ in range(1024)) + squeeze.flush()
    assert len(bomb) < 2_000_000
    (tmp_path / "t.csv.gz").write_bytes(bomb)
    with pytest.raises(CommandError, match="holds more than 500,000,000 bytes"):
        read_table(tmp_path / "t.csv.gz")
    began = time.process_time()
    with pytest.raises(CommandError, match="damaged"):
        unpack(
            gzip.compress(b"") * (MOST_PIECES + 1), ".gz", limit=9, path=tmp_path, what="a table"
        )
    assert time.process_time() - began < 10


@pytest.mark.parametrize("name", ["t.zip", "t.csv.zst", "t.tar.gz", "t.tar"])
def test_other_packings_are_refused_with_the_remedy(tmp_path, name):
    """Rather than read as if they were text."""
    (tmp_path / name).write_bytes(TEXT)
    with pytest.raises(CommandError, match=r"Decompress it, or use \.gz"):
        read_table(tmp_path / name)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (b"," * 200_000, "200,001 columns"),
        (b",".join(b"c%d" % i for i in range(100_000)) + b"\n1\n", "100,000 columns"),
        (b"," * 9_000 + b"\n" + b"1\n" * 10_000, "9,001 columns and 10,002 rows"),
        (b'"a' + b"\n" * 4_100_000 + b'"' + b"," * 20_000 + b"\n1\n", "not a table"),
        (b"x" * 4_100_000 + b"\n1\n", "not a table"),
        (b'a,b\n"1,2\n3,4\n', "not a table"),
        (b"a,b\n1,2,3,4\n1,2\n1,2,3,4,5,6\n", "not a table"),
        (b"", "not a table"),
        (b"\xff\xfea\x00", "not a table"),
        (b"\x00\x01\x02\x9f\n", "not a table"),
    ],
)
def test_a_table_that_is_too_wide_or_none_is_told_at_once(tmp_path, text, says):
    """Two hundred kilobytes of commas would be a hundred thousand columns."""
    (tmp_path / "t.csv").write_bytes(text)
    began = time.process_time()
    with pytest.raises(CommandError) as caught:
        read_table(tmp_path / "t.csv")
    assert says in str(caught.value)
    assert time.process_time() - began < 5


@pytest.mark.parametrize(
    "text",
    [
        b"\xef\xbb\xbfa,b\n1,x\n",
        b"a,b\r\n1,x\r\n",
        b"a,b\r1,x\n2,y\r\n",
        b",\n1,2\n",
        b"a,b\n1,x\x00y\n",
        b"\n\na,b\n1,2\n",
        b"a,b",
    ],
)
def test_odd_tables_are_read(tmp_path, text):
    """Marks at the beginning, mixed line ends, columns without names, zero bytes."""
    (tmp_path / "t.csv").write_bytes(text)
    assert len(read_table(tmp_path / "t.csv").columns) == 2


def test_the_widest_table_that_is_read_takes_a_moment(tmp_path):
    wide = b",".join(b"%d" % i for i in range(table_file.MOST_COLUMNS))
    (tmp_path / "t.csv").write_bytes(wide + b"\n" + wide + b"\n")
    began = time.process_time()
    assert read_table(tmp_path / "t.csv").shape == (1, table_file.MOST_COLUMNS)
    assert time.process_time() - began < 5


def test_two_columns_of_one_name_are_refused(tmp_path):
    """pandas renames the second one, so that it would be ignored; which one is meant cannot be known."""
    (tmp_path / "t.csv").write_bytes(b"reply,cost,reply ,cost,,\n1,2,3,4,5,6\n")
    with pytest.raises(CommandError) as refused:
        read_table(tmp_path / "t.csv")
    assert [line.partition(": ")[2] for line in str(refused.value).splitlines()] == [
        "2 columns are called 'reply'. Rename or remove all but one.",
        "2 columns are called 'cost'. Rename or remove all but one.",
    ]
    frame = pd.DataFrame([[1, 2]], columns=["reply", "reply"])
    with pytest.raises(CommandError, match="2 columns are called 'reply'"):
        read_table(frame)


def test_two_columns_of_one_name_in_a_parquet_file_are_refused(tmp_path):
    pa = pytest.importorskip("pyarrow")
    pq = pytest.importorskip("pyarrow.parquet")
    made = pa.Table.from_arrays([pa.array([1]), pa.array([2])], names=["reply", "reply"])
    pq.write_table(made, tmp_path / "t.parquet")
    with pytest.raises(CommandError, match="2 columns are called 'reply'"):
        read_table(tmp_path / "t.parquet")


def test_as_many_columns_as_are_read_may_share_one_name(tmp_path):
    """The message is short, and comes at once."""
    (tmp_path / "t.csv").write_bytes(b",".join([b"a", b"b"] * (table_file.MOST_COLUMNS // 2)))
    with pytest.raises(CommandError, match="5000 columns are called 'a'"):
        read_table(tmp_path / "t.csv")


def test_a_parquet_table_is_counted_by_its_foot(tmp_path, monkeypatch):
    """A word of a megabyte that is kept once can stand in every row."""
    pa = pytest.importorskip("pyarrow")
    pq = pytest.importorskip("pyarrow.parquet")
    path = tmp_path / "t.parquet"
    pd.DataFrame({"a": [1, 2], "b": ["x", "y"]}).to_parquet(path, index=False)
    assert read_table(path)["b"].tolist() == ["x", "y"]
    long = pa.array(["x" * 1_000_000]).dictionary_encode()
    column = pa.DictionaryArray.from_arrays(pa.array([0] * 1_000, pa.int32()), long.dictionary)
    pq.write_table(pa.table({"a": column}), path)
    assert path.stat().st_size < 2_000_000
    with pytest.raises(CommandError, match="1,000,000,000 bytes after decompression"):
        read_table(path)
    pq.write_table(pa.table({"a": [[1], [2]]}), path)
    with pytest.raises(CommandError, match="holds lists or records"):
        read_table(path)
    pq.write_table(pa.table({"a": [0] * 100}), path)
    monkeypatch.setattr(table_file, "MOST_CELLS", 99)
    with pytest.raises(CommandError, match="1 columns and 100 rows"):
        read_table(path)
    path.write_bytes(b"PAR1" + b"\xff" * 100 + b"PAR1")
    with pytest.raises(CommandError, match="is not a table"):
        read_table(path)


@pytest.mark.parametrize(
    "text",
    [
        "go,z\na,1,2\nb,3,4\n",
        "go\na,0.3\nb,0.4\n",
        "go,z\na,1\nb,2,3\n",
        "go\na," + "," * 50_000 + "x\n",
    ],
)
def test_a_row_that_is_longer_than_the_header_is_refused(tmp_path, text):
    """Its values would be taken for those of other columns; and thousands of them take a moment."""
    (tmp_path / "t.csv").write_text(text)
    began = time.process_time()
    with pytest.raises(CommandError, match=r"t\.csv is not a table"):
        read_table(tmp_path / "t.csv")
    assert time.process_time() - began < 5


def test_a_comma_at_the_end_of_every_row_is_no_cell(tmp_path):
    """Spreadsheets write one."""
    (tmp_path / "t.csv").write_text("go,\na,\nb,\n")
    assert read_table(tmp_path / "t.csv")["go"].tolist() == ["a", "b"]
