"""A watch from a version that the server no longer remembers. The server runs with --ring-bytes 1MiB."""

from kubernetes import watch
from kubernetes.client.rest import ApiException

from cluster import expect, proven


def run(cluster):
    secrets = cluster.core.list_namespaced_secret
    old = secrets(cluster.namespace).metadata.resource_version
    for number in range(3):
        cluster.core.create_namespaced_secret(
            cluster.namespace, {"metadata": {"name": f"large-{number}"}, "stringData": {"filler": "x" * 700_000}})

    # The client itself tries once more, then it gives up.
    for version in ("1", old):
        try:
            for _ in watch.Watch().stream(secrets, cluster.namespace, resource_version=version, timeout_seconds=10):
                raise AssertionError("there is an event where there can be none")
            raise AssertionError("the watch ended without a word")
        except ApiException as gone:
            expect(gone.status, 410)
            assert gone.reason.startswith(f"Expired: too old resource version: {version} ("), gone.reason
    proven("a watch from too old a version ends with 410 Expired")

    again = secrets(cluster.namespace)
    expect([found.metadata.name for found in again.items], ["large-0", "large-1", "large-2"])
    cluster.core.delete_namespaced_secret("large-1", cluster.namespace)
    stream = watch.Watch()
    for event in stream.stream(secrets, cluster.namespace, resource_version=again.metadata.resource_version):
        expect((event["type"], event["object"].metadata.name), ("DELETED", "large-1"))
        stream.stop()
    proven("a new list and a watch from its version go on from there")
