"""Drives the registry and the broker with Confluent's official Python client.

Usage: registry_client.py REGISTRY_URL BOOTSTRAP_SERVERS TOPIC. Exits 0 only if all is as with
Confluent's own registry.
"""

import json
import sys

from confluent_kafka import Consumer, Producer
from confluent_kafka.schema_registry import Schema, SchemaReference, SchemaRegistryClient
from confluent_kafka.schema_registry.avro import AvroDeserializer, AvroSerializer
from confluent_kafka.schema_registry.error import SchemaRegistryError
from confluent_kafka.serialization import MessageField, SerializationContext

registry_url, bootstrap_servers, topic = sys.argv[1:]


def record(name, *fields):
    return Schema(json.dumps({"type": "record", "name": name, "fields": list(fields)}), "AVRO")


def client():
    # A new one each time: the client answers from its caches otherwise.
    return SchemaRegistryClient({"url": registry_url})


def fails(code, call, *args, **kwargs):
    try:
        answer = call(*args, **kwargs)
    except SchemaRegistryError as error:
        assert error.error_code == code, f"error {error.error_code} for {code}: {error}"
        assert error.http_status_code == (code if code < 1000 else code // 100), error
        return
    raise AssertionError(f"answer {answer} where error {code} was due")


A = {"name": "a", "type": "long"}
C = {"name": "c", "type": "string"}
B_DEFAULT = {"name": "b", "type": "string", "default": ""}
v1, v2, bad = record("E", A), record("E", A, B_DEFAULT), record("E", A, C)

# Nothing there yet.
assert client().get_subjects() == []
assert client().get_compatibility() == "BACKWARD"
fails(40401, client().get_latest_version, "orders-value")
fails(40401, client().get_versions, "orders-value")
fails(40401, client().lookup_schema, "orders-value", v1)
fails(40403, client().get_schema, 1)

# Register: ids from 1, the same schema the same id, whatever the subject and the white space.
assert client().register_schema("orders-value", v1) == 1
assert client().register_schema("orders-value", v1) == 1
assert client().register_schema("copies-value", Schema(json.dumps(json.loads(v1.schema_str), indent=4), "AVRO")) == 1
assert client().register_schema("orders-value", v2) == 2
assert client().get_subjects() == ["copies-value", "orders-value"]
assert client().get_versions("orders-value") == [1, 2]
assert json.loads(client().get_schema(2).schema_str) == json.loads(v2.schema_str)
latest = client().get_latest_version("orders-value")
assert (latest.subject, latest.version, latest.schema_id) == ("orders-value", 2, 2), latest
first = client().get_version("orders-value", 1)
assert (first.version, first.schema_id) == (1, 1), first
found = client().lookup_schema("orders-value", v1)
assert (found.version, found.schema_id) == (1, 1), found
assert client().get_subjects_by_schema_id(1) == ["copies-value", "orders-value"]
uses = {(v.subject, v.version) for v in client().get_schema_versions(1)}
assert uses == {("copies-value", 1), ("orders-value", 1)}, uses
fails(40403, client().lookup_schema, "copies-value", v2)
fails(40402, client().get_version, "orders-value", 9)

# GUIDs come with every answer, and schemas by them.
guid = client().register_schema_full_response("orders-value", v1).guid
assert guid == found.guid == client().lookup_schema("copies-value", v1).guid != latest.guid
assert json.loads(client().get_schema_by_guid(guid).schema_str) == json.loads(v1.schema_str)
fails(40403, client().get_schema_by_guid, "00000000-0000-0000-0000-000000000001")

# Compatibility and config.
fails(409, client().register_schema, "orders-value", bad)
fails(42201, client().register_schema, "orders-value", Schema('{"type": "nonsense"}', "AVRO"))
assert client().test_compatibility("orders-value", bad) is False
assert client().test_compatibility("orders-value", v1) is True
assert client().test_compatibility("orders-value", bad, 1) is False
assert client().test_compatibility_all_versions("orders-value", v2) is True
assert client().test_compatibility("unknown-value", bad) is True
fails(40402, client().test_compatibility, "orders-value", bad, 9)
fails(42203, client().set_compatibility, "orders-value", "SIDEWAYS")
assert client().set_compatibility("orders-value", "NONE")["compatibility"] == "NONE"
assert client().get_compatibility("orders-value") == "NONE"
assert client().test_compatibility("orders-value", bad) is True
assert client().register_schema("orders-value", bad) == 3
fails(40408, client().get_compatibility, "copies-value")
client().delete_config("orders-value")
fails(40408, client().get_compatibility, "orders-value")
assert client().set_compatibility(level="FULL")["compatibility"] == "FULL"
assert client().get_compatibility() == "FULL"
assert client().set_compatibility(level="BACKWARD")["compatibility"] == "BACKWARD"

# Mode.
assert client().get_global_mode() == "READWRITE"
assert client().update_mode("copies-value", "READONLY") == "READONLY"
assert client().get_mode("copies-value") == "READONLY"
fails(42205, client().register_schema, "copies-value", v2)
assert client().delete_mode("copies-value") == "READONLY"
fails(40409, client().get_mode, "copies-value")

# Delete: softly, then for good.
fails(40407, client().delete_version, "orders-value", 3, permanent=True)
assert client().delete_version("orders-value", 3) == 3
fails(40406, client().delete_version, "orders-value", 3)
assert client().get_versions("orders-value") == [1, 2]
assert client().delete_version("orders-value", 3, permanent=True) == 3
fails(40403, client().get_schema, 3)
fails(40405, client().delete_subject, "copies-value", permanent=True)
assert client().delete_subject("copies-value") == [1]
fails(40404, client().delete_subject, "copies-value")
assert client().get_subjects() == ["orders-value"]
assert client().get_subjects(deleted=True) == ["copies-value", "orders-value"]
assert client().register_schema("copies-value", v1) == 1
assert client().get_versions("copies-value") == [2]
assert client().delete_subject("copies-value") == [2]
assert client().delete_subject("copies-value", permanent=True) == [1, 2]
fails(40401, client().delete_subject, "copies-value")

# References.
assert client().register_schema("part", record("Part", A)) == 4
whole = Schema(
    record("Whole", {"name": "part", "type": "Part"}).schema_str, "AVRO", [SchemaReference("Part", "part", 1)]
)
whole_id = client().register_schema("whole", whole)
assert client().get_schema(whole_id).references == [SchemaReference("Part", "part", 1)]
assert client().get_referenced_by("part", 1) == [whole_id]
fails(42206, client().delete_version, "part", 1)
fails(42201, client().register_schema, "other", Schema(whole.schema_str, "AVRO"))

# References of references, and the serializers over them.
tree = Schema(
    record("Tree", {"name": "whole", "type": "Whole"}).schema_str, "AVRO", [SchemaReference("Whole", "whole", 1)]
)
branch = {"whole": {"part": {"a": 3}}}
branch_context = SerializationContext("tree", MessageField.VALUE)
branch_bytes = AvroSerializer(client(), tree)(branch, branch_context)
tree_id = client().get_latest_version("tree-value").schema_id
assert branch_bytes == b"\x00" + tree_id.to_bytes(4, "big") + b"\x06", branch_bytes
assert AvroDeserializer(client())(branch_bytes, branch_context) == branch

# Ids and what they refer to answer after a soft deletion; nothing may refer to what is deleted.
assert client().delete_subject("tree-value") == [1]
assert client().delete_subject("whole") == [1]
assert client().delete_subject("part") == [1]
assert client().get_schema(tree_id).references == [SchemaReference("Whole", "whole", 1)]
assert client().get_version("part", 1, deleted=True).schema_id == 4
fails(40401, client().get_version, "part", 1)
assert AvroDeserializer(client())(branch_bytes, branch_context) == branch

# Serializers, through the broker.
subject = topic + "-value"
value = {"a": 7, "b": "Łódź"}
serialize = AvroSerializer(client(), v2.schema_str)
context = SerializationContext(topic, MessageField.VALUE)
producer = Producer({"bootstrap.servers": bootstrap_servers, "acks": "all"})
producer.produce(topic, serialize(value, context))
assert producer.flush(60) == 0
assert client().get_latest_version(subject).schema_id == 2

consumer = Consumer(
    {"bootstrap.servers": bootstrap_servers, "group.id": "registry-client", "auto.offset.reset": "earliest"}
)
consumer.subscribe([topic])
message = consumer.poll(60)
assert message is not None and message.error() is None, message
assert message.value()[:5] == b"\x00\x00\x00\x00\x02", message.value()
assert AvroDeserializer(client())(message.value(), context) == value
consumer.close()

# An Avro serializer that must not register finds the schema; one that may not evolve it fails.
frozen = AvroSerializer(client(), v2.schema_str, conf={"auto.register.schemas": False})
assert frozen(value, context) == message.value()
latest_only = AvroSerializer(client(), v1.schema_str, conf={"auto.register.schemas": False, "use.latest.version": True})
assert latest_only(value, context) == message.value()
incompatible = AvroSerializer(client(), bad.schema_str)
fails(409, incompatible, value, context)
print("id of the tree:", tree_id)
