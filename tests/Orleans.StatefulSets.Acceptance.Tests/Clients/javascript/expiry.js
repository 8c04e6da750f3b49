// A watch from a version that the server no longer remembers. The server runs with --ring-bytes 1MiB.

import assert from 'node:assert/strict';
import { makeInformer, Watch } from '@kubernetes/client-node';
import { proven, waitUntil } from './cluster.js';

export default async function expiry(cluster) {
  const { namespace } = cluster;
  const path = `/api/v1/namespaces/${namespace}/secrets`;
  let lists = 0;
  const informer = makeInformer(cluster.config, path, () => {
    lists += 1;
    return cluster.core.listNamespacedSecret({ namespace });
  });
  informer.on('error', (error) => {
    if (error.name !== 'AbortError') throw error;
  });
  await create(cluster, 'forgotten');
  await informer.start();
  await informer.stop();

  await cluster.core.deleteNamespacedSecret({ name: 'forgotten', namespace });
  for (const number of [0, 1, 2]) {
    await create(cluster, `large-${number}`, { filler: 'x'.repeat(700_000) });
  }

  const [type, status] = await firstEvent(cluster, path, { resourceVersion: '1' });
  assert.deepEqual([type, status.kind, status.code, status.reason], ['ERROR', 'Status', 410, 'Expired']);
  assert.match(status.message, /^too old resource version: 1 \(\d+\)$/);
  proven('a watch from too old a version is told 410 Expired');

  const deleted = [];
  informer.on('delete', (object) => deleted.push(object.metadata.name));
  await informer.start();
  await waitUntil(() => informer.list(namespace).length === 3, 'the informer has listed again');
  assert.deepEqual([lists, deleted], [2, ['forgotten']]);
  await create(cluster, 'afterwards');
  await waitUntil(() => informer.get('afterwards', namespace), 'the informer follows again');
  assert.equal(lists, 2);
  await informer.stop();
  proven('an informer that is told so lists again, and goes on from there');
}

function create(cluster, name, stringData = {}) {
  return cluster.core.createNamespacedSecret({ namespace: cluster.namespace, body: { metadata: { name }, stringData } });
}

function firstEvent(cluster, path, options) {
  return new Promise((resolve, reject) => {
    new Watch(cluster.config).watch(
      path, options, (type, object) => resolve([type, object]), (error) => reject(error ?? new Error('it ended without a word')));
  });
}
