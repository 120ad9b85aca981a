"""Reads a table with delta-rs, and its one data file with pyarrow alone.

Arguments: the table, the file. Prints the rows of each as JSON, in which each value has a form
that JSON keeps exactly.
"""
import datetime
import decimal
import json
import struct
import sys

import pyarrow as pa
import pyarrow.parquet as pq
from deltalake import DeltaTable

EPOCH = datetime.datetime(1970, 1, 1)


def plain(value, kind):
    if value is None or isinstance(value, (bool, str)):
        return value
    if pa.types.is_struct(kind):
        return [plain(value[field.name], field.type) for field in kind]
    if pa.types.is_map(kind):
        return {key: plain(item, kind.item_type) for key, item in value}
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        return [plain(item, kind.value_type) for item in value]
    if pa.types.is_float32(kind):
        return str(struct.unpack("<i", struct.pack("<f", value))[0])
    if isinstance(value, float):
        return str(struct.unpack("<q", struct.pack("<d", value))[0])
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, decimal.Decimal):
        return format(value, "f")
    if isinstance(value, datetime.datetime):
        return str((value.replace(tzinfo=None) - EPOCH) // datetime.timedelta(microseconds=1))
    if isinstance(value, datetime.date):
        return str((value - EPOCH.date()).days)
    return str(value)


def rows(table):
    columns = [
        [plain(value, field.type) for value in table.column(field.name).to_pylist()]
        for field in table.schema
    ]
    return [list(row) for row in zip(*columns)]


delta = pa.table(DeltaTable(sys.argv[1]).to_pyarrow_table())
print(json.dumps({"delta": rows(delta), "file": rows(pq.read_table(sys.argv[2]))}))
