// The cluster that the kubeconfig names, and what all parts of the scenario ask of it.

import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { ApiException, AppsV1Api, CoreV1Api, KubeConfig, KubernetesObjectApi, PolicyV1Api } from '@kubernetes/client-node';

export class Cluster {
  /** Opens a namespace of the part's own, and takes it away at the end. */
  static async use(part, run) {
    const cluster = new Cluster();
    const created = await cluster.core.createNamespace({ body: { metadata: { generateName: `javascript-${part}-` } } });
    cluster.namespace = created.metadata.name;
    try {
      await run(cluster);
    } finally {
      await cluster.core.deleteNamespace({ name: cluster.namespace });
      // What is in it goes first, and those changes are none that the next part should meet.
      const byName = { fieldSelector: `metadata.name=${cluster.namespace}` };
      await waitUntil(async () => (await cluster.core.listNamespace(byName)).items.length === 0, 'the namespace is gone');
    }
  }

  constructor() {
    this.config = new KubeConfig();
    this.config.loadFromDefault();
    this.core = this.config.makeApiClient(CoreV1Api);
    this.apps = this.config.makeApiClient(AppsV1Api);
    this.policy = this.config.makeApiClient(PolicyV1Api);
    this.objects = KubernetesObjectApi.makeApiClient(this.config);
  }

  /** A StatefulSet of nginx, each pod with a claim. */
  createSet(replicas, claims = true) {
    const claim = {
      metadata: { name: 'www' },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
    };
    return this.apps.createNamespacedStatefulSet({
      namespace: this.namespace,
      body: {
        metadata: { name: 'web' },
        spec: {
          serviceName: 'nginx',
          replicas,
          selector: { matchLabels: { app: 'web' } },
          template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'nginx', image: 'nginx' }] } },
          volumeClaimTemplates: claims ? [claim] : undefined,
        },
      },
    });
  }

  get set() {
    return { name: 'web', namespace: this.namespace };
  }

  readSet() {
    return this.apps.readNamespacedStatefulSet(this.set);
  }

  waitForReady(replicas) {
    return waitUntil(async () => {
      const { metadata, status } = await this.readSet();
      return status.observedGeneration === metadata.generation
        && status.replicas === replicas && status.currentRevision === status.updateRevision && (status.readyReplicas ?? 0) === replicas;
    }, `the set has ${replicas} ready pods`);
  }

  async podNames(options = {}) {
    const { items } = await this.core.listNamespacedPod({ namespace: this.namespace, ...options });
    return items.map((pod) => pod.metadata.name);
  }
}

export async function waitUntil(condition, what, seconds = 20) {
  const end = Date.now() + seconds * 1000;
  while (!await condition()) {
    assert.ok(Date.now() < end, `after ${seconds} s it is still not so that ${what}`);
    await pause(20);
  }
}

/** Asserts that the request is refused with this Status, and gives it out for a closer look. */
export async function refused(request, code, reason, text = '') {
  try {
    await request;
  } catch (refusal) {
    assert.ok(refusal instanceof ApiException, refusal);
    // A typed client has the body read, the generic one as text; both may be.
    const status = typeof refusal.body === 'string' ? JSON.parse(refusal.body) : refusal.body;
    assert.deepEqual([refusal.code, status.kind, status.code, status.reason], [code, 'Status', code, reason]);
    assert.ok(status.message.includes(text), status.message);
    return { ...status, headers: refusal.headers };
  }
  return assert.fail(`it was not refused with ${code} ${reason}`);
}

export function proven(what) {
  console.log(`ok: ${what}`);
}
