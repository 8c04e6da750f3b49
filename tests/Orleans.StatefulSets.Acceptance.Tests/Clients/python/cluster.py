"""The cluster that the kubeconfig names, and what all parts of the scenario ask of it."""

import json
import time
from contextlib import contextmanager

from kubernetes import client, config
from kubernetes.client.rest import ApiException


class Cluster:
    """The clients of the emulator's API, and a namespace that goes again with its end."""

    def __init__(self, part):
        config.load_kube_config()
        self.core = client.CoreV1Api()
        self.apps = client.AppsV1Api()
        self.policy = client.PolicyV1Api()
        self.coordination = client.CoordinationV1Api()
        name = client.V1ObjectMeta(generate_name=f"python-{part}-")
        self.namespace = self.core.create_namespace(client.V1Namespace(metadata=name)).metadata.name

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        self.core.delete_namespace(self.namespace)
        # What is in it goes first, and those changes are none that the next part should meet.
        by_name = f"metadata.name={self.namespace}"
        wait_until(lambda: not self.core.list_namespace(field_selector=by_name).items, "the namespace is gone")

    def create_set(self, replicas, claims=True):
        """A StatefulSet of nginx, each pod with a claim."""
        claim = client.V1PersistentVolumeClaim(
            metadata=client.V1ObjectMeta(name="www"),
            spec=client.V1PersistentVolumeClaimSpec(
                access_modes=["ReadWriteOnce"],
                resources=client.V1ResourceRequirements(requests={"storage": "1Gi"}),
            ),
        )
        return self.apps.create_namespaced_stateful_set(self.namespace, client.V1StatefulSet(
            metadata=client.V1ObjectMeta(name="web"),
            spec=client.V1StatefulSetSpec(
                service_name="nginx",
                replicas=replicas,
                selector=client.V1LabelSelector(match_labels={"app": "web"}),
                template=client.V1PodTemplateSpec(
                    metadata=client.V1ObjectMeta(labels={"app": "web"}),
                    spec=client.V1PodSpec(containers=[client.V1Container(name="nginx", image="nginx")]),
                ),
                volume_claim_templates=[claim] if claims else None,
            ),
        ))

    def read_set(self):
        return self.apps.read_namespaced_stateful_set("web", self.namespace)

    def wait_for_ready(self, replicas):
        def is_ready():
            found = self.read_set()
            return (found.status.observed_generation == found.metadata.generation
                    and found.status.replicas == replicas
                    and found.status.current_revision == found.status.update_revision
                    and (found.status.ready_replicas or 0) == replicas)
        wait_until(is_ready, f"the set has {replicas} ready pods")

    def pod_names(self, **options):
        return [pod.metadata.name for pod in self.core.list_namespaced_pod(self.namespace, **options).items]


def wait_until(condition, what, seconds=20):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"after {seconds} s it is still not so that {what}"
        time.sleep(0.02)


@contextmanager
def refused(code, reason, text=""):
    """The request within is refused with this Status, which is given out for a closer look once it is there."""
    status = {}
    try:
        yield status
    except ApiException as refusal:
        status.update(json.loads(refusal.body), headers=refusal.headers)
        expect(status["kind"], "Status")
        expect((refusal.status, status["code"], status["reason"]), (code, code, reason))
        assert text in status["message"], status["message"]
    else:
        raise AssertionError(f"it was not refused with {code} {reason}")


def expect(actual, expected):
    assert actual == expected, f"{actual!r} is not {expected!r}"


def proven(what):
    print(f"ok: {what}", flush=True)
