"""What requests and answers may look like besides: pages, selectors, dry runs, validation, binary data, manifests."""

import base64
import json
import os
import tempfile
from datetime import datetime, timezone

import yaml
from kubernetes import client, utils

from cluster import expect, proven, refused, wait_until


FIVE_HUNDRED_LINES = "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: lines }\ndata:\n" + "".join(
    f"  line-{number}: {'x' * 300}\n" for number in range(500))


def run(cluster):
    pages_and_selectors(cluster)
    raw_answers(cluster)
    yaml_and_gzip(cluster)
    dry_runs(cluster)
    validation(cluster)
    binary_data(cluster)
    other_kinds(cluster)
    manifests(cluster)
    deletions(cluster)


def pages_and_selectors(cluster):
    for number in range(5):
        cluster.core.create_namespaced_config_map(cluster.namespace, {
            "metadata": {"name": f"page-{number}", "labels": {"parity": "odd" if number % 2 else "even"}}})
    names, token = [], None
    while token != "":
        page = cluster.core.list_namespaced_config_map(cluster.namespace, limit=2, _continue=token, label_selector="parity")
        assert len(page.items) <= 2
        names += [found.metadata.name for found in page.items]
        token = page.metadata._continue or ""
    expect(names, [f"page-{number}" for number in range(5)])

    def found(**selectors):
        return [item.metadata.name for item in cluster.core.list_namespaced_config_map(cluster.namespace, **selectors).items]
    expect(found(label_selector="parity=odd"), ["page-1", "page-3"])
    expect(found(label_selector="parity in (odd, even),parity!=odd"), ["page-0", "page-2", "page-4"])
    expect(found(field_selector="metadata.name=page-3"), ["page-3"])
    with refused(400, "BadRequest", "is not a known field selector"):
        found(field_selector="data.key=value")
    proven("lists come in pages, and by labels and fields")


def raw_answers(cluster):
    raw = cluster.core.read_namespaced_config_map("page-0", cluster.namespace, pretty="true", _preload_content=False)
    text = raw.data.decode()
    assert '\n  "kind": "ConfigMap",\n' in text, text
    raw = cluster.core.list_namespaced_config_map(cluster.namespace, pretty=False, watch=False, _preload_content=False)
    expect(len(raw.data.decode().strip().splitlines()), 1)
    expect(raw.headers["Content-Type"], "application/json")
    table = cluster.core.api_client.call_api(
        "/api/v1/namespaces/{namespace}/configmaps", "GET", {"namespace": cluster.namespace}, auth_settings=["BearerToken"],
        header_params={"Accept": "application/json;as=Table;v=v1;g=meta.k8s.io"}, response_type="object",
        _return_http_data_only=True)
    expect([column["name"] for column in table["columnDefinitions"]], ["Name", "Data", "Age"])
    proven("an answer is read as it comes: pretty, on one line, or as a table")


def yaml_and_gzip(cluster):
    # Requests of one's own: a text is sent as it is, under the type that the caller names.
    def call(method, path, headers, body=None):
        raw, _, answered = cluster.core.api_client.call_api(
            "/api/v1/namespaces/{namespace}/" + path, method, {"namespace": cluster.namespace},
            header_params={"Accept": "application/yaml", **headers}, body=body, auth_settings=["BearerToken"],
            response_type="str", _preload_content=False)
        return raw.data, answered
    created, headers = call("POST", "configmaps", {"Content-Type": "application/yaml"}, FIVE_HUNDRED_LINES)
    expect(headers["Content-Type"], "application/yaml")
    expect(yaml.safe_load(created)["data"], yaml.safe_load(FIVE_HUNDRED_LINES)["data"])
    packed, headers = call("GET", "configmaps/lines", {"Accept-Encoding": "gzip"})
    expect(headers.get("Content-Encoding"), "gzip")
    expect(yaml.safe_load(packed), yaml.safe_load(created))
    proven("YAML is understood and answered, and a large answer is packed where the client can unpack it")


def dry_runs(cluster):
    body = {"metadata": {"name": "imagined"}, "data": {"key": "value"}}
    created = cluster.core.create_namespaced_config_map(cluster.namespace, body, dry_run="All")
    assert created.metadata.uid
    with refused(404, "NotFound", 'configmaps "imagined" not found'):
        cluster.core.read_namespaced_config_map("imagined", cluster.namespace)
    cluster.core.delete_namespaced_config_map("page-0", cluster.namespace, dry_run="All")
    cluster.core.read_namespaced_config_map("page-0", cluster.namespace)
    with refused(422, "Invalid", "dryRun"):
        cluster.core.create_namespaced_config_map(cluster.namespace, body, dry_run="Some")
    proven("a dry run answers as if, and changes nothing")


def validation(cluster):
    # Version 22.6 is older than the parameter fieldValidation: a request of one's own carries it.
    def create(name, mode):
        body = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "dada": {"key": "value"}}
        return cluster.core.api_client.call_api(
            "/api/v1/namespaces/{namespace}/configmaps", "POST", {"namespace": cluster.namespace},
            [("fieldValidation", mode)], {"Accept": "application/json", "Content-Type": "application/json"},
            body=body, response_type="V1ConfigMap", auth_settings=["BearerToken"])
    with refused(400, "BadRequest", 'strict decoding error: unknown field "dada"'):
        create("strict", "Strict")
    _, code, headers = create("warned", "Warn")
    expect((code, headers["Warning"]), (201, '299 - "unknown field \\"dada\\""'))
    _, code, headers = create("ignored", "Ignore")
    expect((code, headers.get("Warning")), (201, None))
    proven("an unknown field is refused, warned of or ignored")


def binary_data(cluster):
    every_byte = bytes(range(256))
    encoded = base64.b64encode(every_byte).decode()
    cluster.core.create_namespaced_config_map(
        cluster.namespace, client.V1ConfigMap(metadata=client.V1ObjectMeta(name="binary"), binary_data={"all": encoded}))
    cluster.core.create_namespaced_secret(cluster.namespace, client.V1Secret(
        metadata=client.V1ObjectMeta(name="binary"), data={"all": encoded}, string_data={"word": "grüß"}))
    expect(cluster.core.read_namespaced_config_map("binary", cluster.namespace).binary_data, {"all": encoded})
    secret = cluster.core.read_namespaced_secret("binary", cluster.namespace)
    expect((secret.type, secret.string_data), ("Opaque", None))
    expect(base64.b64decode(secret.data["all"]), every_byte)
    expect(base64.b64decode(secret.data["word"]).decode(), "grüß")
    with refused(422, "Invalid", "data[both]"):
        cluster.core.create_namespaced_config_map(cluster.namespace, {
            "metadata": {"name": "doubled"}, "data": {"both": "x"}, "binaryData": {"both": encoded}})
    proven("binary data comes back byte for byte")


def other_kinds(cluster):
    now = datetime.now(timezone.utc)
    target = cluster.core.read_namespaced_config_map("binary", cluster.namespace)
    cluster.core.create_namespaced_event(cluster.namespace, client.CoreV1Event(
        metadata=client.V1ObjectMeta(name="seen"), type="Normal", reason="Seen", message="it was seen",
        involved_object=client.V1ObjectReference(
            api_version="v1", kind="ConfigMap", namespace=cluster.namespace, name="binary", uid=target.metadata.uid),
        first_timestamp=now, last_timestamp=now, event_time=now, count=1, action="See",
        reporting_component="example.com/scenario", reporting_instance="one"))
    events = cluster.core.list_namespaced_event(cluster.namespace, field_selector=f"involvedObject.uid={target.metadata.uid}")
    expect([(found.reason, found.event_time) for found in events.items], [("Seen", now)])
    lease = cluster.coordination.create_namespaced_lease(cluster.namespace, client.V1Lease(
        metadata=client.V1ObjectMeta(name="leader"),
        spec=client.V1LeaseSpec(holder_identity="one", lease_duration_seconds=15, acquire_time=now, renew_time=now)))
    expect(lease.spec.renew_time, now)
    lease.spec.holder_identity = "two"
    expect(cluster.coordination.replace_namespaced_lease("leader", cluster.namespace, lease).spec.holder_identity, "two")
    proven("an Event and a Lease keep their microseconds")


MANIFEST = """
apiVersion: v1
kind: Service
metadata: { name: nginx }
spec: { clusterIP: None, selector: { app: web }, ports: [ { port: 80, name: web } ] }
---
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: web }
spec:
  serviceName: nginx
  replicas: 2
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [ { name: nginx, image: nginx } ] }
"""


def manifests(cluster):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "web.yaml")
        with open(path, "w") as file:
            file.write(MANIFEST)
        utils.create_from_yaml(client.ApiClient(), path, namespace=cluster.namespace)
        try:
            utils.create_from_yaml(client.ApiClient(), path, namespace=cluster.namespace)
            raise AssertionError("what is there was created again")
        except utils.FailToCreateError as failure:
            reasons = [json.loads(refusal.body)["reason"] for refusal in failure.api_exceptions]
            expect(reasons, ["AlreadyExists", "AlreadyExists"])
    cluster.wait_for_ready(2)
    proven("create_from_yaml makes what the manifest says")


def deletions(cluster):
    deleted = cluster.core.delete_namespaced_pod(
        "web-1", cluster.namespace, body=client.V1DeleteOptions(grace_period_seconds=5, propagation_policy="Foreground"))
    expect((deleted.kind, deleted.metadata.deletion_grace_period_seconds), ("Pod", 5))
    gone = cluster.core.delete_namespaced_config_map("page-0", cluster.namespace)
    expect((gone.kind, gone.status, gone.details.name), ("Status", "Success", "page-0"))
    cluster.core.delete_collection_namespaced_config_map(cluster.namespace, label_selector="parity=even")
    left = cluster.core.list_namespaced_config_map(cluster.namespace, label_selector="parity")
    expect([found.metadata.name for found in left.items], ["page-1", "page-3"])
    cluster.apps.delete_namespaced_stateful_set("web", cluster.namespace, propagation_policy="Orphan")
    wait_until(lambda: not cluster.apps.list_namespaced_stateful_set(cluster.namespace).items, "the set is gone")
    orphan = cluster.core.read_namespaced_pod("web-0", cluster.namespace)
    expect((orphan.metadata.owner_references, orphan.metadata.deletion_timestamp), (None, None))
    cluster.core.delete_collection_namespaced_pod(cluster.namespace, grace_period_seconds=0)
    expect(cluster.pod_names(), [])
    proven("deletions answer, choose and cascade as they are told")
