"""The scale subresource, as an autoscaler uses it."""

from cluster import expect, proven, refused


def run(cluster):
    cluster.create_set(replicas=1, claims=False)
    cluster.wait_for_ready(1)
    scale = cluster.apps.read_namespaced_stateful_set_scale("web", cluster.namespace)
    expect((scale.spec.replicas, scale.status.replicas, scale.status.selector), (1, 1, "app=web"))
    expect(cluster.pod_names(label_selector=scale.status.selector), ["web-0"])
    proven("a scale shows the replicas and a selector that finds them")

    scale.spec.replicas = 3
    expect(cluster.apps.replace_namespaced_stateful_set_scale("web", cluster.namespace, scale).spec.replicas, 3)
    cluster.wait_for_ready(3)
    expect(cluster.pod_names(), ["web-0", "web-1", "web-2"])
    with refused(409, "Conflict"):
        cluster.apps.replace_namespaced_stateful_set_scale("web", cluster.namespace, scale)
    proven("the set follows a scale that was replaced, once")

    patched = cluster.apps.patch_namespaced_stateful_set_scale("web", cluster.namespace, {"spec": {"replicas": 2}})
    expect(patched.spec.replicas, 2)
    cluster.wait_for_ready(2)
    expect(cluster.pod_names(), ["web-0", "web-1"])
    patched = cluster.apps.patch_namespaced_stateful_set_scale(
        "web", cluster.namespace, [{"op": "replace", "path": "/spec/replicas", "value": 1}])
    expect(patched.spec.replicas, 1)
    cluster.wait_for_ready(1)
    with refused(422, "Invalid", "must be greater than or equal to 0"):
        cluster.apps.patch_namespaced_stateful_set_scale("web", cluster.namespace, {"spec": {"replicas": -1}})
    proven("the set follows a scale that was patched, and a negative one is refused")
