"""List, watch, stop, come back from the last resourceVersion: what a controller's informer does."""

from kubernetes import watch

from cluster import expect, proven


def run(cluster):
    pods = (cluster.core.list_namespaced_pod, cluster.namespace)
    sets = (cluster.apps.list_namespaced_stateful_set, cluster.namespace)
    pods_start, sets_start = version_of_list(*pods), version_of_list(*sets)

    cluster.create_set(replicas=2)
    seen = read_until(*pods, pods_start, lambda event: is_ready(event, "web-1"))
    expect(names_of(seen, "ADDED"), ["web-0", "web-1"])
    assert "web-0" in names_of(seen, "MODIFIED")
    proven("a watch of pods shows those of a new set, one after another")

    last = version_of(seen[-1])
    cluster.wait_for_ready(2)
    cluster.apps.patch_namespaced_stateful_set_scale("web", cluster.namespace, {"spec": {"replicas": 3}})
    cluster.wait_for_ready(3)
    cluster.apps.patch_namespaced_stateful_set_scale("web", cluster.namespace, {"spec": {"replicas": 2}})
    cluster.wait_for_ready(2)
    missed = read_for_a_second(*pods, last)
    expect(names_of(missed, "ADDED"), ["web-2"])
    expect(names_of(missed, "DELETED"), ["web-2"])
    assert all(version_of(event) > last for event in missed)
    proven("a watch that comes back shows what it missed, and nothing twice")

    expect(seen + missed, read_for_a_second(*pods, pods_start))
    versions = [int(version_of(event)) for event in seen + missed]
    expect(versions, sorted(set(versions)))
    expect(fold(seen + missed), {pod.metadata.name: pod.metadata.resource_version
                                 for pod in cluster.core.list_namespaced_pod(cluster.namespace).items})
    proven("watched in two pieces or in one, the events are the same, and they come to what a list shows")

    cluster.apps.delete_namespaced_stateful_set("web", cluster.namespace)
    of_sets = read_until(*sets, sets_start, lambda event: event["type"] == "DELETED")
    expect((of_sets[0][0], of_sets[1][0]), ("ADDED", "MODIFIED"))
    expect(names_of(of_sets, "DELETED"), ["web"])
    proven("a watch of sets shows the set from its creation to its deletion")

    bookmarks(cluster)


def bookmarks(cluster):
    # Version 22.6 hands a BOOKMARK out without taking its resourceVersion over: the caller does.
    events = list(watch.Watch().stream(
        cluster.core.list_namespaced_secret, cluster.namespace,
        resource_version=version_of_list(cluster.core.list_namespaced_secret, cluster.namespace),
        allow_watch_bookmarks=True, timeout_seconds=1))
    expect([event["type"] for event in events], ["BOOKMARK"])
    bookmark = events[0]["object"]
    expect(bookmark["kind"], "Secret")
    cluster.core.create_namespaced_secret(cluster.namespace, {"metadata": {"name": "after-the-bookmark"}})
    after = read_for_a_second(
        cluster.core.list_namespaced_secret, cluster.namespace, bookmark["metadata"]["resourceVersion"])
    expect([name for _, name, _ in after], ["after-the-bookmark"])
    proven("a watch of one second ends by itself, with a bookmark to come back from")


def read_until(list_function, namespace, version, is_last):
    """Watches with the client's own generator until an event is the last that is wanted."""
    stream = watch.Watch()
    events = []
    for event in stream.stream(list_function, namespace, resource_version=version):
        events.append(as_tuple(event))
        if is_last(event):
            stream.stop()
            break
    return events


def read_for_a_second(list_function, namespace, version):
    return [as_tuple(event) for event in
            watch.Watch().stream(list_function, namespace, resource_version=version, timeout_seconds=1)]


def as_tuple(event):
    metadata = event["object"].metadata
    return event["type"], metadata.name, metadata.resource_version


def version_of(event):
    return event[2]


def version_of_list(list_function, namespace):
    return list_function(namespace).metadata.resource_version


def names_of(events, kind):
    return [name for event_type, name, _ in events if event_type == kind]


def is_ready(event, name):
    pod = event["object"]
    return pod.metadata.name == name and any(
        condition.type == "Ready" and condition.status == "True" for condition in pod.status.conditions or [])


def fold(events):
    state = {}
    for event_type, name, version in events:
        if event_type == "DELETED":
            del state[name]
        else:
            state[name] = version
    return state
