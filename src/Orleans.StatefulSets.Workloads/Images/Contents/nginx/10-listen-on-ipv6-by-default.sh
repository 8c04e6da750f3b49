#!/bin/sh
# The cluster's network has no IPv6, and neither has /proc/net.
set -e

if [ ! -f /proc/net/if_inet6 ]; then
    [ -n "${NGINX_ENTRYPOINT_QUIET_LOGS:-}" ] || echo "10-listen-on-ipv6-by-default.sh: info: ipv6 not available"
fi
