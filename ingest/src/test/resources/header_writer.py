"""Writes records whose schemas are named by headers, with Confluent's official Python client.

Usage: header_writer.py REGISTRY_URL BOOTSTRAP_SERVERS TOPIC. Writes ten records with keys and
values of the first version of their schemas, ten with those of the second, and ten with the second
version in the prefix, as older clients do.
"""

import json
import sys

from confluent_kafka import Producer
from confluent_kafka.schema_registry import SchemaRegistryClient, header_schema_id_serializer
from confluent_kafka.schema_registry.avro import AvroSerializer
from confluent_kafka.serialization import MessageField, SerializationContext

registry_url, bootstrap_servers, topic = sys.argv[1:]
registry = SchemaRegistryClient({"url": registry_url})
producer = Producer({"bootstrap.servers": bootstrap_servers, "acks": "all"})


def record(name, *fields):
    return json.dumps({"type": "record", "name": name, "fields": list(fields)})


id_field = {"name": "id", "type": "long"}
note = {"name": "note", "type": ["null", "string"], "default": None}
user = {"name": "user", "type": "string"}
region = {"name": "region", "type": ["null", "string"], "default": None}


def write(first, key_schema, value_schema, conf, more):
    key_serializer = AvroSerializer(registry, key_schema, conf=conf)
    value_serializer = AvroSerializer(registry, value_schema, conf=conf)
    for i in range(first, first + 10):
        headers = [("n", str(i).encode()), ("again", b"first"), ("again", b"last"), ("none", None)]
        key = key_serializer({"user": f"u{i}", "region": "eu" if more else None},
                             SerializationContext(topic, MessageField.KEY, headers))
        value = value_serializer({"id": i, "note": f"n{i}" if more else None},
                                 SerializationContext(topic, MessageField.VALUE, headers))
        producer.produce(topic, value=value, key=key, headers=headers)


in_header = {"schema.id.serializer": header_schema_id_serializer}
write(0, record("K", user), record("V", id_field), in_header, False)
write(10, record("K", user, region), record("V", id_field, note), in_header, True)
write(20, record("K", user, region), record("V", id_field, note), {}, True)
assert producer.flush(60) == 0
