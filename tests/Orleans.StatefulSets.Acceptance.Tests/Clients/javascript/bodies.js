// What requests and answers may look like besides: pages, selectors, dry runs, validation, binary data, discovery.

import assert from 'node:assert/strict';
import { CoordinationV1Api, loadAllYaml, PatchStrategy, setHeaderOptions, V1MicroTime } from '@kubernetes/client-node';
import { proven, refused, waitUntil } from './cluster.js';

export default async function bodies(cluster) {
  await pagesAndSelectors(cluster);
  await dryRuns(cluster);
  await validation(cluster);
  await binaryData(cluster);
  await otherKinds(cluster);
  await anyObject(cluster);
  await deletions(cluster);
}

async function pagesAndSelectors(cluster) {
  const { namespace } = cluster;
  for (const number of [0, 1, 2, 3, 4]) {
    const labels = { parity: number % 2 ? 'odd' : 'even' };
    await cluster.core.createNamespacedConfigMap({ namespace, body: { metadata: { name: `page-${number}`, labels } } });
  }
  const names = [];
  let next;
  do {
    const page = await cluster.core.listNamespacedConfigMap({ namespace, limit: 2, _continue: next, labelSelector: 'parity' });
    assert.ok(page.items.length <= 2);
    names.push(...page.items.map((item) => item.metadata.name));
    next = page.metadata._continue;
  } while (next);
  assert.deepEqual(names, ['page-0', 'page-1', 'page-2', 'page-3', 'page-4']);

  const found = async (selectors) => (await cluster.core.listNamespacedConfigMap({ namespace, pretty: 'true', ...selectors }))
    .items.map((item) => item.metadata.name);
  assert.deepEqual(await found({ labelSelector: 'parity=odd' }), ['page-1', 'page-3']);
  assert.deepEqual(await found({ fieldSelector: 'metadata.name=page-3' }), ['page-3']);
  await refused(found({ labelSelector: 'parity=(' }), 400, 'BadRequest', 'unable to parse requirement');
  proven('lists come in pages, and by labels and fields');
}

async function dryRuns(cluster) {
  const { namespace } = cluster;
  const body = { metadata: { name: 'imagined' } };
  assert.ok((await cluster.core.createNamespacedConfigMap({ namespace, body, dryRun: 'All' })).metadata.uid);
  await refused(
    cluster.core.readNamespacedConfigMap({ name: 'imagined', namespace }), 404, 'NotFound', 'configmaps "imagined" not found');
  await cluster.core.deleteNamespacedConfigMap({ name: 'page-0', namespace, dryRun: 'All' });
  await cluster.core.deleteNamespacedConfigMap({ name: 'page-0', namespace, body: { dryRun: ['All'] } });
  await cluster.core.readNamespacedConfigMap({ name: 'page-0', namespace });
  proven('a dry run answers as if, and changes nothing');
}

async function validation(cluster) {
  const { namespace } = cluster;
  // A typed body sends the fields that its type has; a patch is sent as it is.
  const patch = (fieldValidation) => cluster.core.patchNamespacedConfigMapWithHttpInfo(
    { name: 'page-0', namespace, body: { dada: { key: 'value' } }, fieldValidation },
    setHeaderOptions('Content-Type', PatchStrategy.MergePatch));
  await refused(patch('Strict'), 422, 'Invalid', 'strict decoding error: unknown field "dada"');
  assert.equal((await patch('Warn')).headers.warning, '299 - "unknown field \\"dada\\""');
  assert.equal((await patch('Ignore')).headers.warning, undefined);
  proven('an unknown field is refused, warned of or ignored');
}

async function binaryData(cluster) {
  const { namespace } = cluster;
  const all = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)).toString('base64');
  await cluster.core.createNamespacedConfigMap({ namespace, body: { metadata: { name: 'binary' }, binaryData: { all } } });
  await cluster.core.createNamespacedSecret({
    namespace, body: { metadata: { name: 'binary' }, data: { all }, stringData: { word: 'grüß' } },
  });
  assert.deepEqual((await cluster.core.readNamespacedConfigMap({ name: 'binary', namespace })).binaryData, { all });
  const secret = await cluster.core.readNamespacedSecret({ name: 'binary', namespace });
  assert.deepEqual([secret.type, secret.data.all], ['Opaque', all]);
  assert.equal(Buffer.from(secret.data.word, 'base64').toString(), 'grüß');
  proven('binary data comes back byte for byte');
}

async function otherKinds(cluster) {
  const { namespace } = cluster;
  const now = new V1MicroTime();
  await cluster.core.createNamespacedEvent({
    namespace,
    body: {
      metadata: { name: 'seen' }, type: 'Normal', reason: 'Seen', message: 'it was seen', count: 1,
      involvedObject: { apiVersion: 'v1', kind: 'ConfigMap', namespace, name: 'binary' },
      firstTimestamp: now, lastTimestamp: now,
    },
  });
  const events = await cluster.core.listNamespacedEvent({ namespace, fieldSelector: 'involvedObject.name=binary,reason=Seen' });
  assert.deepEqual(events.items.map((event) => event.message), ['it was seen']);
  const coordination = cluster.config.makeApiClient(CoordinationV1Api);
  const lease = await coordination.createNamespacedLease({
    namespace, body: { metadata: { name: 'leader' }, spec: { holderIdentity: 'one', leaseDurationSeconds: 15, renewTime: now } },
  });
  // The client gives a V1MicroTime and takes a text.
  assert.equal(lease.spec.renewTime, now.toISOString());
  proven('an Event and a Lease keep what they were given');
}

const manifest = `
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
`;

// KubernetesObjectApi asks discovery where each kind is served.
async function anyObject(cluster) {
  const { namespace } = cluster;
  const documents = loadAllYaml(manifest);
  for (const document of documents) {
    document.metadata.namespace = namespace;
    await cluster.objects.create(document);
  }
  const [service, set] = documents;
  await refused(cluster.objects.create(service), 409, 'AlreadyExists');
  assert.equal((await cluster.objects.read(set)).spec.replicas, 2);
  const scaled = { apiVersion: 'apps/v1', kind: 'StatefulSet', metadata: { name: 'web', namespace }, spec: { replicas: 1 } };
  assert.equal((await cluster.objects.patch(scaled, undefined, undefined, 'scenario')).spec.replicas, 1);
  await cluster.waitForReady(1);
  const pods = await cluster.objects.list('v1', 'Pod', namespace);
  assert.deepEqual(pods.items.map((pod) => pod.metadata.name), ['web-0']);
  proven('objects of any kind are created, read, patched and listed by what discovery says');
}

async function deletions(cluster) {
  const { namespace } = cluster;
  const pod = await cluster.core.deleteNamespacedPod({
    name: 'web-0', namespace, body: { gracePeriodSeconds: 5, propagationPolicy: 'Foreground' },
  });
  assert.deepEqual([pod.kind, pod.metadata.deletionGracePeriodSeconds], ['Pod', 5]);
  const gone = await cluster.core.deleteNamespacedConfigMap({ name: 'page-0', namespace });
  assert.deepEqual([gone.kind, gone.status, gone.details.name], ['Status', 'Success', 'page-0']);
  await cluster.core.deleteCollectionNamespacedConfigMap({ namespace, labelSelector: 'parity=even' });
  const left = await cluster.core.listNamespacedConfigMap({ namespace, labelSelector: 'parity' });
  assert.deepEqual(left.items.map((item) => item.metadata.name), ['page-1', 'page-3']);
  await cluster.apps.deleteNamespacedStatefulSet({ ...cluster.set, body: { propagationPolicy: 'Foreground' } });
  await waitUntil(
    async () => (await cluster.apps.listNamespacedStatefulSet({ namespace })).items.length === 0, 'the set is gone');
  assert.deepEqual(await cluster.podNames(), []);
  proven('deletions answer, choose and cascade as they are told');
}
