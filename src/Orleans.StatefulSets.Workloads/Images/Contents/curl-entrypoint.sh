#!/bin/sh
# What is no program is an option or a URL for curl.
set -e

if [ "${1#-}" != "$1" ] || [ -z "$(command -v "$1")" ]; then
    set -- curl "$@"
fi

exec "$@"
