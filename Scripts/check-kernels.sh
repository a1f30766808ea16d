#!/usr/bin/env bash
# Code that the kernel modules share with the rest of the program, such as specialisations of the
# standard library's generic functions, is kept once by the linker, from whichever module comes
# first. It must therefore need no instructions that a processor may lack. This looks through
# the objects of a build folder for functions that are not a kernel module's own and are compiled
# to vector or bit instructions of AVX.
#   Scripts/check-kernels.sh .build/release
set -euo pipefail

found="$(for module in KernelsAVX2 KernelsAVX512; do
    for object in "$1/$module.build"/*.o; do
        weak="$(nm "$object" | awk '$2 == "W" { printf "%s ", $3 }')"
        objdump -d --no-show-raw-insn "$object" | awk -v module="$module" -v weak="$weak" '
            BEGIN { count = split(weak, names, " "); for (i = 1; i <= count; i++) shared["<" names[i] ">:"] }
            /^[0-9a-f]+ <.*>:$/ { name = $2; reported = 0; next }
            name in shared && name !~ module && !reported \
                && $2 ~ /^(v|shlx|shrx|sarx|rorx|mulx|andn|bextr|bls|bzhi|pdep|pext|lzcnt|tzcnt|popcnt|k(mov|or|and|x))/ {
                print module ": " name " " $2; reported = 1
            }'
    done
done)"
if [ -n "$found" ]; then
    printf '%s\n' "$found" >&2
    echo "code that other modules share is compiled with instructions of a kernel set" >&2
    exit 1
fi
