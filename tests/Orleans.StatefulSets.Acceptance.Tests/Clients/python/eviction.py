"""Evictions under a PodDisruptionBudget, as a drain makes them."""

from kubernetes import client

from cluster import expect, proven, refused, wait_until


def run(cluster):
    cluster.create_set(replicas=3, claims=False)
    cluster.wait_for_ready(3)
    cluster.policy.create_namespaced_pod_disruption_budget(cluster.namespace, client.V1PodDisruptionBudget(
        metadata=client.V1ObjectMeta(name="guard"),
        spec=client.V1PodDisruptionBudgetSpec(
            min_available=3, selector=client.V1LabelSelector(match_labels={"app": "web"}))))
    wait_until(lambda: healthy(cluster) == (3, 0), "the budget counts three pods and can spare none")
    with refused(429, "TooManyRequests", "Cannot evict pod as it would violate the pod's disruption budget.") as status:
        evict(cluster, "web-2")
    expect(status["details"]["causes"], [{
        "reason": "DisruptionBudget", "message": "The disruption budget guard needs 3 healthy pods and has 3 currently"}])
    assert "Retry-After" not in status["headers"], "a budget can't say when it will allow an eviction"
    proven("an eviction that the budget can't spare is refused with the cause")

    cluster.policy.patch_namespaced_pod_disruption_budget("guard", cluster.namespace, {"spec": {"minAvailable": 2}})
    wait_until(lambda: healthy(cluster) == (3, 1), "the budget can spare one pod")
    before = cluster.core.read_namespaced_pod("web-2", cluster.namespace).metadata.uid
    evicted = evict(cluster, "web-2", client.V1DeleteOptions(dry_run=["All"]))
    expect((evicted.kind, evicted.status), ("Status", "Success"))
    expect(healthy(cluster), (3, 1))
    _, code, _ = cluster.core.create_namespaced_pod_eviction_with_http_info(
        "web-2", cluster.namespace, client.V1Eviction(metadata=client.V1ObjectMeta(name="web-2")))
    expect(code, 201)
    wait_until(lambda: uid(cluster, "web-2") not in (None, before), "the set has made the pod anew")
    proven("an eviction that the budget can spare is 201 Created, and the set makes the pod anew")

    with refused(404, "NotFound", 'pods "web-9" not found'):
        evict(cluster, "web-9")
    proven("the eviction of a pod that is not there is not found")


def evict(cluster, name, options=None):
    eviction = client.V1Eviction(metadata=client.V1ObjectMeta(name=name), delete_options=options)
    # The client's model says that an eviction is answered; the server answers a Status.
    raw = cluster.core.create_namespaced_pod_eviction(name, cluster.namespace, eviction, _preload_content=False)
    return cluster.core.api_client.deserialize(Body(raw.data.decode()), "V1Status")


class Body:
    def __init__(self, data):
        self.data = data


def healthy(cluster):
    status = cluster.policy.read_namespaced_pod_disruption_budget("guard", cluster.namespace).status
    return status.current_healthy, status.disruptions_allowed


def uid(cluster, name):
    return next((pod.metadata.uid for pod in cluster.core.list_namespaced_pod(cluster.namespace).items
                 if pod.metadata.name == name), None)
