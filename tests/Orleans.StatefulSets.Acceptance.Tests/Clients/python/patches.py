"""All kinds of patches, and writes from a version that is no longer the newest."""

from kubernetes import client

from cluster import expect, proven, refused


def run(cluster):
    cluster.create_set(replicas=1, claims=False)
    cluster.wait_for_ready(1)
    json_patches(cluster)
    strategic_and_merge_patches(cluster)
    status(cluster)
    stale_writes(cluster)
    server_side_apply(cluster)


def json_patches(cluster):
    # A list is sent as a JSON patch.
    patched = cluster.apps.patch_namespaced_stateful_set("web", cluster.namespace, [
        {"op": "test", "path": "/spec/replicas", "value": 1},
        {"op": "add", "path": "/metadata/labels", "value": {"tier": "front"}},
        {"op": "add", "path": "/spec/minReadySeconds", "value": 1},
    ])
    expect((patched.metadata.labels, patched.spec.min_ready_seconds), ({"tier": "front"}, 1))
    with refused(422, "Invalid"):
        cluster.apps.patch_namespaced_stateful_set("web", cluster.namespace, [
            {"op": "remove", "path": "/metadata/labels/tier"},
            {"op": "test", "path": "/spec/replicas", "value": 7},
        ])
    expect(cluster.read_set().metadata.labels, {"tier": "front"})
    proven("a JSON patch does all that it says, or, where a test fails, nothing")


def strategic_and_merge_patches(cluster):
    # A dictionary is sent as a strategic merge patch: containers are merged by name …
    added = {"spec": {"template": {"spec": {"containers": [{"name": "sidecar", "image": "busybox"}]}}}}
    patched = cluster.apps.patch_namespaced_stateful_set("web", cluster.namespace, added)
    expect(sorted(container.name for container in patched.spec.template.spec.containers), ["nginx", "sidecar"])
    removed = {"spec": {"template": {"spec": {"containers": [{"name": "nginx", "$patch": "delete"}]}}}}
    patched = cluster.apps.patch_namespaced_stateful_set("web", cluster.namespace, removed)
    expect([container.name for container in patched.spec.template.spec.containers], ["sidecar"])
    proven("a strategic merge patch merges containers by their names")

    # … and in a merge patch a list replaces the list, and null takes away.
    apps = client.AppsV1Api(sending("application/merge-patch+json"))
    whole = {"metadata": {"labels": {"tier": None, "track": "canary"}},
             "spec": {"template": {"spec": {"containers": [{"name": "nginx", "image": "nginx:2"}]}}}}
    patched = apps.patch_namespaced_stateful_set("web", cluster.namespace, whole)
    expect([container.image for container in patched.spec.template.spec.containers], ["nginx:2"])
    expect(patched.metadata.labels, {"track": "canary"})
    proven("a merge patch replaces lists and takes nulls away")


def status(cluster):
    cluster.core.create_namespaced_pod(cluster.namespace, {
        "metadata": {"name": "gated", "labels": {"app": "gated"}},
        "spec": {"schedulingGates": [{"name": "example.com/wait"}], "containers": [{"name": "main", "image": "busybox"}]}})
    condition = {"type": "example.com/checked", "status": "True"}
    patched = cluster.core.patch_namespaced_pod_status(
        "gated", cluster.namespace, {"metadata": {"labels": {"app": "other"}}, "status": {"conditions": [condition]}})
    assert "example.com/checked" in [found.type for found in patched.status.conditions]
    patched = cluster.core.patch_namespaced_pod(
        "gated", cluster.namespace, {"metadata": {"labels": {"seen": "true"}}, "status": {"phase": "Failed"}})
    expect((patched.metadata.labels["seen"], patched.status.phase), ("true", "Pending"))
    proven("the status is patched through its subresource only")


def stale_writes(cluster):
    cluster.wait_for_ready(1)  # what the patches before changed is rolled out: nobody but this writes any more
    stale = cluster.read_set()
    cluster.apps.patch_namespaced_stateful_set("web", cluster.namespace, {"metadata": {"annotations": {"newer": "yes"}}})
    modified = ('Operation cannot be fulfilled on statefulsets.apps "web": the object has been modified; '
                'please apply your changes to the latest version and try again')
    with refused(409, "Conflict", modified):
        cluster.apps.replace_namespaced_stateful_set("web", cluster.namespace, stale)
    with refused(409, "Conflict", modified):
        version = {"resourceVersion": stale.metadata.resource_version}
        cluster.apps.patch_namespaced_stateful_set("web", cluster.namespace, {"metadata": version, "spec": {"replicas": 2}})
    fresh = cluster.read_set()
    fresh.metadata.annotations["replaced"] = "yes"
    replaced = cluster.apps.replace_namespaced_stateful_set("web", cluster.namespace, fresh)
    expect(replaced.metadata.annotations, {"newer": "yes", "replaced": "yes"})
    proven("a write from an older version is a conflict, one from the newest is not")


def server_side_apply(cluster):
    # Version 22.6 sends no object under this type, but a text it sends as it is.
    core = client.CoreV1Api(sending("application/apply-patch+yaml"))
    manifest = "{ apiVersion: v1, kind: ConfigMap, metadata: { name: applied }, data: { key: value } }"
    with refused(415, "UnsupportedMediaType"):
        core.patch_namespaced_config_map("applied", cluster.namespace, manifest, field_manager="scenario")
    proven("server-side apply, which is not served, is refused with a Status")


def sending(content_type):
    """A client that sends its patches as this type: a default header goes before what the client would choose."""
    api_client = client.ApiClient()
    api_client.set_default_header("Content-Type", content_type)
    return api_client
