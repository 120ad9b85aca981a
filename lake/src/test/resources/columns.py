"""Prints what delta-rs reads of a table, as JSON: its schema, and two columns of all rows."""

import json
import sys

from deltalake import DeltaTable, QueryBuilder

table = DeltaTable(sys.argv[1])
query = "SELECT kafka_offset, %s FROM t ORDER BY kafka_offset" % sys.argv[2]
# Delta-rs' own engine: reading through pyarrow, the process aborts at its end every few runs.
rows = QueryBuilder().register("t", table).execute(query).read_all()
print(
    json.dumps(
        {
            "version": table.version(),
            "schema": json.loads(table.schema().to_json()),
            "offsets": [value.as_py() for value in rows["kafka_offset"]],
            "values": [value.as_py() for value in rows[sys.argv[2]]],
        }
    )
)
