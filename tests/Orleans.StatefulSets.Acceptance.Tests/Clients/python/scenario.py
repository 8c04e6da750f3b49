"""What a program that uses the official Python client (python3-kubernetes) meets at the emulator.

    KUBECONFIG=.data/kubeconfig python3 scenario.py             # all parts
    KUBECONFIG=.data/kubeconfig python3 scenario.py patches     # one part
"""

import sys

import bodies
import eviction
import expiry
import informer
import inside
import patches
import scale
from cluster import Cluster

PARTS = {"informer": informer, "inside": inside, "patches": patches, "scale": scale, "eviction": eviction, "expiry": expiry, "bodies": bodies}

for name in sys.argv[1:] or PARTS:
    with Cluster(name) as cluster:
        PARTS[name].run(cluster)
