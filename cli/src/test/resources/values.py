"""Reads a table with delta-rs: the hash of all rows, and what filters skip and find.

Arguments: the table, a JSON file with filters. Prints JSON.
"""
import hashlib
import json
import struct
import sys

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
from deltalake import DeltaTable


def texts(column):
    kind = column.type
    if pa.types.is_date(kind):
        column = column.cast(pa.int32())
    elif pa.types.is_timestamp(kind):
        column = column.cast(pa.int64())
    for value in column.to_pylist():
        if value is None:
            yield "\0"
        elif isinstance(value, bool):
            yield "true" if value else "false"
        elif isinstance(value, float):
            yield str(struct.unpack("<q", struct.pack("<d", value))[0])
        elif isinstance(value, bytes):
            yield value.hex()
        else:
            yield str(value)


def row_hash(table):
    total = 0
    for row in zip(*(texts(table.column(name)) for name in table.column_names)):
        text = "".join(value + "\x1f" for value in row)
        total += int.from_bytes(hashlib.md5(text.encode()).digest()[:8], "big")
    return "%d rows, hash %016x" % (table.num_rows, total % 2**64)


def literal(value, kind):
    if pa.types.is_date(kind):
        return pa.scalar(value, pa.int32()).cast(kind)
    if pa.types.is_timestamp(kind):
        return pa.scalar(value, pa.int64()).cast(kind)
    return pa.scalar(value, kind)


def condition(column, kind, test):
    if test["op"] == "null":
        return column.is_null()
    value = literal(test["value"], kind)
    return column <= value if test["op"] == "<=" else column >= value


delta = DeltaTable(sys.argv[1])
dataset = delta.to_pyarrow_dataset()
whole = dataset.to_table()
filters = []
for test in json.load(open(sys.argv[2])):
    kind = whole.schema.field(test["column"]).type
    wanted = condition(ds.field(test["column"]), kind, test)
    filters.append(
        {
            "filter": "%s %s" % (test["column"], test["op"]),
            "files": len(list(dataset.get_fragments())),
            "filesRead": len(list(dataset.get_fragments(filter=wanted))),
            "rows": dataset.to_table(filter=wanted).num_rows,
            "rowsOfAll": whole.filter(wanted).num_rows,
        }
    )
print(json.dumps({"hash": row_hash(whole), "filters": filters}))
