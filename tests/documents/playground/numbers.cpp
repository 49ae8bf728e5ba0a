// What the playground shows, held against the library on this machine. page.inc is what page.js wrote of the page: the
// lines of C++ that stand on it, and the numbers.
#include <spark/tracers.hpp>
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/compare.hpp"

namespace {

int compared = 0;
suite::Verdict verdict;

// The spikes of all steps, as they reach a tracer step by step.
struct Steps {
  std::vector<int> offsets, indices;
  std::size_t done = 0;
  Eigen::ArrayXd spikes = Eigen::ArrayXd::Zero(5), release{};

  template <class Tracer> void play(Tracer& tracer, std::size_t end) {
    for (; done < end; ++done) {
      const int *const first = indices.data() + offsets[done], *const last = indices.data() + offsets[done + 1];
      release = tracer(spark::spikes(first, last - first));
      for (const int* i = first; i != last; ++i) spikes(*i) += 1;
    }
  }
};

void shown(const std::string& what, const Eigen::ArrayXd& native, const std::vector<double>& page) {
  for (std::size_t i = 0; i < page.size(); ++i, ++compared)
    verdict.expect_close(page[i], native(static_cast<Eigen::Index>(i)), 0, 1e-6L, what);
}

}  // namespace

TEST_CASE("the playground shows what the library computes") {
#include "page.inc"
  CHECK(verdict.report() == "");
  CHECK(compared > 1000);
}
