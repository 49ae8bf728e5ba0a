# Sourced by the scripts here and in tools/: --help, and what they need on the machine. Bash 3.2 of macOS is enough.
set -euo pipefail
if [ "${1:-}" = --help ] && ! grep -q -e --help "$0"; then  # those that name it answer it themselves
  sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0"
  exit
fi
called_from=$PWD
cd "$(dirname "${BASH_SOURCE[0]}")/.."

jobs=$(nproc 2>/dev/null || getconf _NPROCESSORS_ONLN)
export CMAKE_BUILD_PARALLEL_LEVEL=${CMAKE_BUILD_PARALLEL_LEVEL:-$jobs}
export CTEST_PARALLEL_LEVEL=${CTEST_PARALLEL_LEVEL:-$jobs}

# quietly <log> <command>...: what it says is shown where it fails.
quietly() {
  local log=$1
  shift
  "$@" >"$log" 2>&1 || { cat "$log" >&2 && exit 1; }
}

# The flags with which a compiler finds Eigen, whose warnings are not ours.
eigen_flags() { pkg-config --cflags-only-I eigen3 | sed 's/-I/-isystem /g'; }

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi; }

# need <package[:command]>...: installs Debian packages, except where the command is there already. What it may not
# install it asks for, and again should the script fail in the end: CMake may find Eigen, Catch2, CLI11 and libcsv
# elsewhere, or download them.
need() {
  local package missing=""
  for package in "$@"; do
    case $package in *:*) command -v "${package#*:}" >/dev/null && continue ;; esac
    package=${package%:*}
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing="$missing $package"
  done
  [ -n "$missing" ] || return 0
  if ! command -v apt-get >/dev/null; then
    echo "CMake will use what is installed of Eigen, Catch2, CLI11 and libcsv and download the rest." \
      "For figures, install gnuplot. With Homebrew: brew install eigen catch2 cli11 libcsv gnuplot"
  elif as_root true 2>/dev/null; then
    echo "Installing$missing"
    as_root apt-get update -qq || true
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
  else
    advice="Missing packages. To install them: sudo apt-get install$missing"
    echo "$advice" >&2
    trap '[ $? = 0 ] || echo "$advice" >&2' EXIT
  fi
}

# need_sanitizer <name>: the libraries of clang's sanitizers and fuzzer, which not every package of clang brings.
need_sanitizer() {
  need clang:clang++
  compgen -G "$(dirname "$(clang++ -rtlib=compiler-rt -print-libgcc-file-name)")/libclang_rt.$1*" >/dev/null ||
    need libclang-rt-dev
}

# need_cmake <package[:command]>...: what a build with CMake needs, and these. An older CMake would refuse the presets
# with a message about their version and not about its own.
need_cmake() {
  need cmake:cmake make:make libeigen3-dev "$@"
  local version
  version=$(cmake --version 2>/dev/null | sed -n 's/^cmake version \([0-9.]*\).*/\1/p')
  if [ "$(printf '%s\n' 3.25 "${version:-0}" | sort -V | head -n 1)" != 3.25 ]; then
    echo "CMake 3.25 or newer is needed for the tests and the examples; found ${version:-none}." >&2
    exit 1
  fi
}
