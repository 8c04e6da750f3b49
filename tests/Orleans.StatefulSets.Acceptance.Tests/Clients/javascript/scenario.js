// What a program that uses the official JavaScript client (@kubernetes/client-node) meets at the emulator.
//
//     npm ci
//     KUBECONFIG=.data/kubeconfig node scenario.js             # all parts
//     KUBECONFIG=.data/kubeconfig node scenario.js patches     # one part

import bodies from './bodies.js';
import { Cluster } from './cluster.js';
import eviction from './eviction.js';
import expiry from './expiry.js';
import informer from './informer.js';
import inside from './inside.js';
import patches from './patches.js';
import scale from './scale.js';

const parts = { informer, inside, patches, scale, eviction, expiry, bodies };
const chosen = process.argv.slice(2);

for (const name of chosen.length > 0 ? chosen : Object.keys(parts)) {
  await Cluster.use(name, parts[name]);
}
