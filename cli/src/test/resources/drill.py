"""Counts a table's rows, the distinct partitions and offsets among them, and sums a hash of both."""

import sys

from deltalake import DeltaTable

MASK = (1 << 64) - 1
columns = DeltaTable(sys.argv[1]).to_pyarrow_table(columns=["kafka_partition", "kafka_offset"])
partitions = columns["kafka_partition"].to_pylist()
offsets = columns["kafka_offset"].to_pylist()
total = 0
for partition, offset in zip(partitions, offsets):
    z = (offset * 0x9E3779B97F4A7C15 + partition) & MASK
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    total += z ^ (z >> 31)
print(len(offsets), len(set(zip(partitions, offsets))), "%016x" % (total & MASK))
