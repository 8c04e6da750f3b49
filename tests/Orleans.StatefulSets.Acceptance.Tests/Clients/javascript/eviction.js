// Evictions under a PodDisruptionBudget, as a drain makes them.

import assert from 'node:assert/strict';
import { PatchStrategy, setHeaderOptions } from '@kubernetes/client-node';
import { proven, refused, waitUntil } from './cluster.js';

export default async function eviction(cluster) {
  const { namespace } = cluster;
  const guard = { name: 'guard', namespace };
  const allows = (allowed) => waitUntil(async () => {
    const { status } = await cluster.policy.readNamespacedPodDisruptionBudget(guard);
    return status.currentHealthy === 3 && status.disruptionsAllowed === allowed;
  }, `the budget can spare ${allowed} of three pods`);
  const evict = (name, options) => cluster.core.createNamespacedPodEvictionWithHttpInfo(
    { name, namespace, body: { metadata: { name }, ...options } });
  await cluster.createSet(3, false);
  await cluster.waitForReady(3);
  await cluster.policy.createNamespacedPodDisruptionBudget({
    namespace,
    body: { metadata: { name: 'guard' }, spec: { minAvailable: 2, selector: { matchLabels: { app: 'web' } } } },
  });
  await allows(1);
  const before = (await cluster.core.readNamespacedPod({ name: 'web-2', namespace })).metadata.uid;
  assert.equal((await evict('web-2', { deleteOptions: { dryRun: ['All'] } })).httpStatusCode, 201);
  await allows(1);
  assert.equal((await evict('web-2')).httpStatusCode, 201);
  await waitUntil(async () => {
    const { items } = await cluster.core.listNamespacedPod({ namespace, fieldSelector: 'metadata.name=web-2' });
    return items.length === 1 && items[0].metadata.uid !== before;
  }, 'the set has made the pod anew');
  proven('an eviction that the budget can spare is 201 Created, and the set makes the pod anew');

  await cluster.policy.patchNamespacedPodDisruptionBudget(
    { ...guard, body: { spec: { minAvailable: 3 } } }, setHeaderOptions('Content-Type', PatchStrategy.MergePatch));
  await allows(0);
  const { details, headers } = await refused(
    evict('web-1'), 429, 'TooManyRequests', "Cannot evict pod as it would violate the pod's disruption budget.");
  assert.deepEqual(details.causes.map((cause) => [cause.reason, cause.message]), [
    ['DisruptionBudget', 'The disruption budget guard needs 3 healthy pods and has 3 currently']]);
  assert.equal(headers['retry-after'], undefined, "a budget can't say when it will allow an eviction");
  proven("an eviction that the budget can't spare is refused with the cause");
}
