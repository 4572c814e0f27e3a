#!/usr/bin/env bash
# What is missing on this machine.
. "$TRIBUTARY_ROOT/scripts/common.sh"
status=0
missing=$(missing_packages_we_need)
if [ -n "$missing" ]; then
  echo "missing packages: $(echo $missing)"
  status=1
fi
npm_installed || {
  echo "missing npm packages (google-proto-files, @bufbuild/buf)"
  status=1
}
cores=$(nproc)
memory=$(awk '/MemAvailable/ {print int($2 / 1048576)}' /proc/meminfo)
disk=$(df -Pk "$TRIBUTARY_ROOT" | awk 'NR == 2 {print int($4 / 1048576)}')
echo "cores $cores, memory free $memory GiB, disk free $disk GiB"
[ "$memory" -ge 4 ] || { echo "want 4 GiB of free memory for a build"; status=1; }
[ "$disk" -ge 6 ] || { echo "want 6 GiB of free disk"; status=1; }
[ $status -eq 0 ] && echo "nothing is missing" || echo "./dev setup installs what is missing"
exit $status
