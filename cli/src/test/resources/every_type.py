"""Writes and reads records of every Avro type with Confluent's official Python client.

every_type.py write REGISTRY BOOTSTRAP TOPIC SCHEMA COUNT: writes so many records.
every_type.py compare REGISTRY BOOTSTRAP TOPIC TABLE: reads the topic with the client and the table
with delta-rs, and exits 0 only if both hold the same values for the same offsets. Prints how many.
"""

import datetime as dt
import decimal
import json
import random
import struct
import sys
import uuid

from confluent_kafka import Consumer, Producer, TopicPartition
from confluent_kafka.schema_registry import SchemaRegistryClient
from confluent_kafka.schema_registry.avro import AvroDeserializer, AvroSerializer
from confluent_kafka.serialization import MessageField, SerializationContext

EPOCH = dt.datetime(1970, 1, 1)
UTC = dt.timezone.utc
DRAW = random.Random(7)


def text():
    return "".join(DRAW.choice("aZ09 -_äß漢字😀\u0000\n") for _ in range(DRAW.randrange(30)))


def deep():
    return {
        "y": DRAW.choice([-2**31, 2**31 - 1, 0, DRAW.randrange(100)]),
        "more": {text(): DRAW.choice([None, DRAW.randrange(-2**63, 2**63)]) for _ in range(DRAW.randrange(3))},
    }


def inner():
    return {"x": DRAW.choice([None, DRAW.random()]), "deep": [deep() for _ in range(DRAW.randrange(3))]}


def number(digits, scale):
    unscaled = DRAW.choice([0, 1, -1, 10**digits - 1, 1 - 10**digits, DRAW.randrange(10**digits)])
    return decimal.Decimal(unscaled).scaleb(-scale, decimal.Context(prec=50))


def moment(micros):
    value = EPOCH + dt.timedelta(microseconds=DRAW.randrange(-10**16, 5 * 10**16))
    return value if micros else value.replace(microsecond=value.microsecond // 1000 * 1000)


def time(micros):
    value = dt.time(DRAW.randrange(24), DRAW.randrange(60), DRAW.randrange(60), DRAW.randrange(10**6))
    return value if micros else value.replace(microsecond=value.microsecond // 1000 * 1000)


def record(i):
    return {
        "id": i,
        "flag": DRAW.random() < 0.5,
        "small": DRAW.choice([-2**31, 2**31 - 1, 0, -1, DRAW.randrange(1000)]),
        "ratio": DRAW.choice([0.0, -1.5, 3.4028234663852886e38, float("inf"), 1 / 3]),
        "score": DRAW.choice([0.0, -1.5, 1.7976931348623157e308, 5e-324, float("-inf"), DRAW.random()]),
        "name": text(),
        "raw": DRAW.randbytes(DRAW.randrange(20)),
        "code": DRAW.randbytes(5),
        "kind": DRAW.choice("ABC"),
        "note": DRAW.choice([None, text()]),
        "numbers": [DRAW.randrange(-2**63, 2**63) for _ in range(DRAW.randrange(5))],
        "gaps": [DRAW.choice([None, DRAW.randrange(100)]) for _ in range(DRAW.randrange(5))],
        "labels": {text(): text() for _ in range(DRAW.randrange(4))},
        "counts": {text(): [DRAW.randrange(9) for _ in range(DRAW.randrange(3))] for _ in range(DRAW.randrange(3))},
        "inner": inner(),
        "maybe": DRAW.choice([None, deep()]),
        "choice": DRAW.choice([None, text(), DRAW.randrange(-2**63, 2**63), True, inner()]),
        "price": number(12, 3),
        "total": number(38, 10),
        "share": number(18, 2),
        "day": moment(False).date(),
        "time_ms": time(False),
        "time_us": time(True),
        "at_ms": moment(False).replace(tzinfo=UTC),
        "at_us": moment(True).replace(tzinfo=UTC),
        "local_ms": moment(False),
        "local_us": moment(True),
        "key": uuid.UUID(int=DRAW.getrandbits(128)),
        "span": struct.pack("<III", DRAW.getrandbits(32), DRAW.getrandbits(32), DRAW.getrandbits(32)),
    }


def write(registry, bootstrap, topic, schema, count):
    with open(schema, encoding="utf-8") as file:
        serializer = AvroSerializer(SchemaRegistryClient({"url": registry}), file.read())
    producer = Producer({"bootstrap.servers": bootstrap, "acks": "all"})
    context = SerializationContext(topic, MessageField.VALUE)
    for i in range(int(count)):
        producer.produce(topic, value=serializer(record(i), context))
    assert producer.flush(60) == 0


def member(value):
    """A union's value as the table's struct has it."""
    names = {bool: "member_boolean", int: "member_long", str: "member_string", dict: "member_inner"}
    members = dict.fromkeys(names.values())
    if value is None:
        return None
    members[names[type(value)]] = value
    return members


def as_table(record):
    """What docs/types.md makes of the client's values."""
    of_day = lambda t: ((t.hour * 60 + t.minute) * 60 + t.second) * 10**6 + t.microsecond
    record["choice"] = member(record["choice"])
    record["time_ms"] = of_day(record["time_ms"])
    record["time_us"] = of_day(record["time_us"])
    record["key"] = str(record["key"])
    record["span"] = dict(zip(("months", "days", "millis"), struct.unpack("<III", record["span"])))
    return record


def plain(value):
    """For comparing: maps as Arrow gives them are lists of pairs."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        if value and all(isinstance(item, tuple) for item in value):
            return {key: plain(item) for key, item in value}
        return [plain(item) for item in value]
    if isinstance(value, dt.datetime) and value.tzinfo is not None:
        return value.astimezone(UTC)
    return value


def no_empties(value):
    """Arrow does not tell an empty map from an empty list, and the order of keys says nothing."""
    if isinstance(value, dict):
        return {key: no_empties(value[key]) for key in sorted(value)} or "empty"
    if isinstance(value, list):
        return [no_empties(item) for item in value] or "empty"
    return value


def read_topic(registry, bootstrap, topic):
    deserializer = AvroDeserializer(SchemaRegistryClient({"url": registry}))
    consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": "every-type", "auto.offset.reset": "earliest"})
    partitions = [TopicPartition(topic, p, 0) for p in consumer.list_topics(topic, 10).topics[topic].partitions]
    left = sum(consumer.get_watermark_offsets(p)[1] for p in partitions)
    consumer.assign(partitions)
    records = {}
    context = SerializationContext(topic, MessageField.VALUE)
    while left > 0:
        message = consumer.poll(30)
        assert message is not None and message.error() is None, message
        records[message.partition(), message.offset()] = deserializer(message.value(), context)
        left -= 1
    consumer.close()
    return records


def compare(registry, bootstrap, topic, table):
    from deltalake import DeltaTable

    records = read_topic(registry, bootstrap, topic)
    rows = DeltaTable(table).to_pyarrow_table().to_pylist()
    assert len(rows) == len(records), f"{len(rows)} rows of {len(records)} records"
    for row in rows:
        place = row.pop("kafka_partition"), row.pop("kafka_offset")
        row.pop("kafka_timestamp")
        expected = no_empties(plain(as_table(records.pop(place))))
        found = no_empties(plain(row))
        for name in expected.keys() | found.keys():
            assert name in expected and name in found and repr(expected[name]) == repr(found[name]), (
                f"{name} at {place}: the client reads {expected.get(name)!r}, delta-rs {found.get(name)!r}"
            )
    print(len(rows))


{"write": write, "compare": compare}[sys.argv[1]](*sys.argv[2:])
