#!/bin/sh
# Fills the environment into templates.
set -e

templates="${NGINX_ENVSUBST_TEMPLATE_DIR:-/etc/nginx/templates}"
suffix="${NGINX_ENVSUBST_TEMPLATE_SUFFIX:-.template}"
output="${NGINX_ENVSUBST_OUTPUT_DIR:-/etc/nginx/conf.d}"
filter="${NGINX_ENVSUBST_FILTER:-}"

[ -d "$templates" ] || exit 0

say() {
    [ -n "${NGINX_ENTRYPOINT_QUIET_LOGS:-}" ] || echo "20-envsubst-on-templates.sh: $*"
}

if [ ! -w "$output" ]; then
    say "ERROR: $templates exists, but $output is not writable"
    exit 0
fi

names=$(env | cut -d= -f1 | grep "$filter" | sed 's/.*/${&} /' | tr -d '\n')
find "$templates" -follow -type f -name "*$suffix" | while read -r template; do
    relative="${template#"$templates/"}"
    into="$output/${relative%"$suffix"}"
    mkdir -p "$output/$(dirname "$relative")"
    say "Running envsubst on $template to $into"
    envsubst "$names" < "$template" > "$into"
done
