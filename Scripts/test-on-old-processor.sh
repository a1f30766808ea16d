#!/usr/bin/env bash
# Runs a test suite on an emulated processor without AVX (Nehalem, 2008), to show that no
# instruction of a newer one has found its way into the portable code.
#
#   Scripts/test-on-old-processor.sh [FILTER]        default: AutogradTests
#
# Needs qemu-x86_64 (Debian: apt-get install qemu-user). Tests that start processes of their own
# (exit tests) are left out: the emulator runs one.
set -euo pipefail
cd "$(dirname "$0")/.."

filter="${1:-AutogradTests}"
command -v qemu-x86_64 >/dev/null || { echo "qemu-x86_64 not found: install qemu-user" >&2; exit 1; }

swift build --build-tests
bundle="$(swift build --show-bin-path)/tapestryPackageTests.xctest"
TAPESTRY_KERNELS=portable TAPESTRY_EMULATED=1 TAPESTRY_THREADS=2 \
    qemu-x86_64 -cpu Nehalem "$bundle" --testing-library swift-testing --filter "$filter"
