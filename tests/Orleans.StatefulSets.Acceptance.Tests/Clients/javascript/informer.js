// makeInformer: list, watch, stop, come back from the last resourceVersion.

import assert from 'node:assert/strict';
import { makeInformer, Watch } from '@kubernetes/client-node';
import { proven, waitUntil } from './cluster.js';

export default async function informer(cluster) {
  const { namespace } = cluster;
  const path = `/api/v1/namespaces/${namespace}/pods`;
  const start = (await cluster.core.listNamespacedPod({ namespace })).metadata.resourceVersion;
  const pods = follow(cluster, path, () => cluster.core.listNamespacedPod({ namespace }));
  const sets = follow(cluster, `/apis/apps/v1/namespaces/${namespace}/statefulsets`,
    () => cluster.apps.listNamespacedStatefulSet({ namespace }));
  await pods.informer.start();
  await sets.informer.start();

  await cluster.createSet(2);
  await cluster.waitForReady(2);
  await waitUntil(() => isReady(pods.informer.get('web-1', namespace)), 'the informer knows that web-1 is ready');
  assert.deepEqual(names(pods.events, 'ADDED'), ['web-0', 'web-1']);
  assert.ok(names(pods.events, 'MODIFIED').includes('web-0'));
  proven('an informer shows the pods of a new set, one after another');

  await pods.informer.stop();
  const last = Number(pods.informer.latestResourceVersion());
  const before = pods.events.length;
  await scale(cluster, 3);
  await scale(cluster, 2);
  await pods.informer.start();
  await waitUntil(() => names(pods.events, 'DELETED').length > 0, 'the informer knows that web-2 is gone');
  const missed = pods.events.slice(before);
  assert.deepEqual(names(missed, 'ADDED'), ['web-2']);
  assert.deepEqual(names(missed, 'DELETED'), ['web-2']);
  assert.ok(missed.every((event) => Number(event.version) > last));
  proven('an informer that was stopped goes on from where it was');

  const watched = await watchForASecond(cluster, path, { resourceVersion: start });
  assert.deepEqual(pods.events, watched.map(([type, object]) => entry(type, object)));
  const versions = pods.events.map((event) => Number(event.version));
  assert.deepEqual(versions, [...new Set(versions)].sort((a, b) => a - b));
  const listed = (await cluster.core.listNamespacedPod({ namespace })).items;
  assert.deepEqual(cache(pods.informer.list(namespace)), cache(listed));
  proven('watched in two pieces or in one, the events are the same, and they come to what a list shows');

  await cluster.apps.deleteNamespacedStatefulSet(cluster.set);
  await waitUntil(() => names(sets.events, 'DELETED').length > 0, 'the informer knows that the set is gone');
  assert.deepEqual(sets.events.slice(0, 2).map((event) => event.type), ['ADDED', 'MODIFIED']);
  proven('an informer shows a set from its creation to its deletion');
  await pods.informer.stop();
  await sets.informer.stop();

  await bookmarks(cluster);
}

async function bookmarks(cluster) {
  const path = `/api/v1/namespaces/${cluster.namespace}/secrets`;
  const { resourceVersion } = (await cluster.core.listNamespacedSecret({ namespace: cluster.namespace })).metadata;
  const [[type, bookmark], ...more] = await watchForASecond(cluster, path, { resourceVersion, allowWatchBookmarks: true });
  assert.deepEqual([type, bookmark.kind, more], ['BOOKMARK', 'Secret', []]);
  await cluster.core.createNamespacedSecret({
    namespace: cluster.namespace, body: { metadata: { name: 'after-the-bookmark' } },
  });
  const after = await watchForASecond(cluster, path, { resourceVersion: bookmark.metadata.resourceVersion });
  assert.deepEqual(after.map(([, object]) => object.metadata.name), ['after-the-bookmark']);
  proven('a watch of one second ends by itself, with a bookmark to come back from');
}

/** An informer, and the events that it told of. */
function follow(cluster, path, list) {
  const informer = makeInformer(cluster.config, path, list);
  const events = [];
  informer.on('add', (object) => events.push(entry('ADDED', object)));
  informer.on('update', (object) => events.push(entry('MODIFIED', object)));
  informer.on('delete', (object) => events.push(entry('DELETED', object)));
  informer.on('error', (error) => {
    // So an informer says that it was stopped.
    if (error.name !== 'AbortError') throw error;
  });
  return { informer, events };
}

/** The events of a watch that the server ends. */
function watchForASecond(cluster, path, options) {
  return new Promise((resolve, reject) => {
    const events = [];
    new Watch(cluster.config).watch(
      path, { ...options, timeoutSeconds: 1 },
      (type, object) => events.push([type, object]),
      (error) => (error ? reject(error) : resolve(events)));
  });
}

async function scale(cluster, replicas) {
  const current = await cluster.apps.readNamespacedStatefulSetScale(cluster.set);
  await cluster.apps.replaceNamespacedStatefulSetScale({ ...cluster.set, body: { ...current, spec: { replicas } } });
  await cluster.waitForReady(replicas);
}

function entry(type, { metadata }) {
  return { type, name: metadata.name, version: metadata.resourceVersion };
}

function names(events, type) {
  return events.filter((event) => event.type === type).map((event) => event.name);
}

function cache(objects) {
  return Object.fromEntries(objects.map(({ metadata }) => [metadata.name, metadata.resourceVersion]));
}

function isReady(pod) {
  return pod?.status.conditions?.some((condition) => condition.type === 'Ready' && condition.status === 'True');
}
