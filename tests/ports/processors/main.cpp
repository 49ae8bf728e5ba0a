// Files that were compiled for different processors work in one program, on a processor that has both.
#include <cmath>
#include <cstdio>
#include <vector>

std::vector<double> for_x86_64();
std::vector<double> for_x86_64_v3();

int main() {
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma")) {
    std::puts("skipped: this processor has no AVX2");
    return 0;
  }
  const auto a = for_x86_64(), b = for_x86_64_v3(), again = for_x86_64();
  if (a == b) return 1;  // one of them fuses multiply and add, and must not run the code of the other
  for (std::size_t k = 0; k < a.size(); ++k) {
    std::printf("%.9g %.9g\n", a[k], b[k]);
    if (!(std::abs(a[k] - b[k]) < 1e-3 * std::abs(a[k])) || a[k] != again[k]) return 1;
  }
}
