// The scale subresource, as an autoscaler uses it.

import assert from 'node:assert/strict';
import { PatchStrategy, setHeaderOptions } from '@kubernetes/client-node';
import { proven, refused } from './cluster.js';

export default async function scale(cluster) {
  await cluster.createSet(1, false);
  await cluster.waitForReady(1);
  const read = await cluster.apps.readNamespacedStatefulSetScale(cluster.set);
  assert.deepEqual([read.spec.replicas, read.status.replicas, read.status.selector], [1, 1, 'app=web']);
  assert.deepEqual(await cluster.podNames({ labelSelector: read.status.selector }), ['web-0']);
  proven('a scale shows the replicas and a selector that finds them');

  const body = { ...read, spec: { replicas: 3 } };
  const replaced = await cluster.apps.replaceNamespacedStatefulSetScale({ ...cluster.set, body });
  assert.equal(replaced.spec.replicas, 3);
  await cluster.waitForReady(3);
  assert.deepEqual(await cluster.podNames(), ['web-0', 'web-1', 'web-2']);
  await refused(cluster.apps.replaceNamespacedStatefulSetScale({ ...cluster.set, body }), 409, 'Conflict');
  proven('the set follows a scale that was replaced, once');

  const merge = setHeaderOptions('Content-Type', PatchStrategy.MergePatch);
  const patch = (replicas) =>
    cluster.apps.patchNamespacedStatefulSetScale({ ...cluster.set, body: { spec: { replicas } } }, merge);
  assert.equal((await patch(1)).spec.replicas, 1);
  await cluster.waitForReady(1);
  assert.deepEqual(await cluster.podNames(), ['web-0']);
  await refused(patch(-1), 422, 'Invalid', 'must be greater than or equal to 0');
  proven('the set follows a scale that was patched, and a negative one is refused');
}
