// All kinds of patches, and writes from a version that is no longer the newest.

import assert from 'node:assert/strict';
import { PatchStrategy, setHeaderOptions } from '@kubernetes/client-node';
import { proven, refused } from './cluster.js';

export default async function patches(cluster) {
  await cluster.createSet(1, false);
  await cluster.waitForReady(1);
  await jsonPatches(cluster);
  await strategicAndMergePatches(cluster);
  await status(cluster);
  await staleWrites(cluster);
  await serverSideApply(cluster);
}

// The client sends a patch as a JSON patch where it is not told otherwise.
function patchSet(cluster, body, strategy = PatchStrategy.JsonPatch) {
  return cluster.apps.patchNamespacedStatefulSet({ ...cluster.set, body }, setHeaderOptions('Content-Type', strategy));
}

async function jsonPatches(cluster) {
  const patched = await cluster.apps.patchNamespacedStatefulSet({
    ...cluster.set,
    body: [
      { op: 'test', path: '/spec/replicas', value: 1 },
      { op: 'add', path: '/metadata/labels', value: { tier: 'front' } },
      { op: 'add', path: '/spec/minReadySeconds', value: 1 },
    ],
  });
  assert.deepEqual([patched.metadata.labels, patched.spec.minReadySeconds], [{ tier: 'front' }, 1]);
  await refused(patchSet(cluster, [
    { op: 'remove', path: '/metadata/labels/tier' },
    { op: 'test', path: '/spec/replicas', value: 7 },
  ]), 422, 'Invalid');
  assert.deepEqual((await cluster.readSet()).metadata.labels, { tier: 'front' });
  await refused(patchSet(cluster, { spec: { replicas: 2 } }), 400, 'BadRequest');
  proven('a JSON patch does all that it says, or, where a test fails, nothing');
}

async function strategicAndMergePatches(cluster) {
  const containers = (...list) => ({ spec: { template: { spec: { containers: list } } } });
  const names = (set) => set.spec.template.spec.containers.map((container) => container.name).sort();

  let patched = await patchSet(cluster, containers({ name: 'sidecar', image: 'busybox' }), PatchStrategy.StrategicMergePatch);
  assert.deepEqual(names(patched), ['nginx', 'sidecar']);
  patched = await patchSet(cluster, containers({ name: 'nginx', $patch: 'delete' }), PatchStrategy.StrategicMergePatch);
  assert.deepEqual(names(patched), ['sidecar']);
  proven('a strategic merge patch merges containers by their names');

  const whole = containers({ name: 'nginx', image: 'nginx:2' });
  patched = await patchSet(
    cluster, { ...whole, metadata: { labels: { tier: null, track: 'canary' } } }, PatchStrategy.MergePatch);
  assert.deepEqual([names(patched), patched.metadata.labels], [['nginx'], { track: 'canary' }]);
  proven('a merge patch replaces lists and takes nulls away');
}

async function status(cluster) {
  const { namespace } = cluster;
  await cluster.core.createNamespacedPod({
    namespace,
    body: {
      metadata: { name: 'gated' },
      spec: { schedulingGates: [{ name: 'example.com/wait' }], containers: [{ name: 'main', image: 'busybox' }] },
    },
  });
  const strategic = setHeaderOptions('Content-Type', PatchStrategy.StrategicMergePatch);
  let patched = await cluster.core.patchNamespacedPodStatus({
    name: 'gated', namespace, body: { status: { conditions: [{ type: 'example.com/checked', status: 'True' }] } },
  }, strategic);
  assert.ok(patched.status.conditions.some((condition) => condition.type === 'example.com/checked'));
  patched = await cluster.core.patchNamespacedPod({
    name: 'gated', namespace, body: { metadata: { labels: { seen: 'true' } }, status: { phase: 'Failed' } },
  }, strategic);
  assert.deepEqual([patched.metadata.labels, patched.status.phase], [{ seen: 'true' }, 'Pending']);
  proven('the status is patched through its subresource only');
}

async function staleWrites(cluster) {
  await cluster.waitForReady(1); // what the patches before changed is rolled out: nobody but this writes any more
  const modified = 'Operation cannot be fulfilled on statefulsets.apps "web": the object has been modified; '
    + 'please apply your changes to the latest version and try again';
  const stale = await cluster.readSet();
  await patchSet(cluster, { metadata: { annotations: { newer: 'yes' } } }, PatchStrategy.MergePatch);
  await refused(cluster.apps.replaceNamespacedStatefulSet({ ...cluster.set, body: stale }), 409, 'Conflict', modified);
  const { resourceVersion } = stale.metadata;
  await refused(
    patchSet(cluster, { metadata: { resourceVersion }, spec: { replicas: 2 } }, PatchStrategy.MergePatch),
    409, 'Conflict', modified);
  const fresh = await cluster.readSet();
  fresh.metadata.annotations.replaced = 'yes';
  const replaced = await cluster.apps.replaceNamespacedStatefulSet({ ...cluster.set, body: fresh });
  assert.deepEqual(replaced.metadata.annotations, { newer: 'yes', replaced: 'yes' });
  proven('a write from an older version is a conflict, one from the newest is not');
}

async function serverSideApply(cluster) {
  const applied = {
    apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'applied', namespace: cluster.namespace }, data: { key: 'value' },
  };
  await refused(
    cluster.objects.patch(applied, undefined, undefined, 'scenario', true, PatchStrategy.ServerSideApply),
    415, 'UnsupportedMediaType');
  proven('server-side apply, which is not served, is refused with a Status');
}
