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
std::size_t at(int k) { return static_cast<std::size_t>(k); }

struct Steps {
  std::vector<int> offsets, indices;  // of the spikes of all steps

  Eigen::ArrayXd count(int steps) const {
    Eigen::ArrayXd spikes = Eigen::ArrayXd::Zero(5);
    for (int i = 0; i < offsets[at(steps)]; ++i) spikes(indices[at(i)]) += 1;
    return spikes;
  }
};

template <class Tracer> void play(Tracer& tracer, const Steps& steps, int from, int to, Eigen::ArrayXd& release) {
  for (int k = from; k < to; ++k) {
    const int begin = steps.offsets[at(k)], end = steps.offsets[at(k + 1)];
    release = tracer(spark::spikes(steps.indices.data() + begin, end - begin));
  }
}

void shown(const std::string& what, const Eigen::ArrayXd& native, const std::vector<double>& page) {
  for (std::size_t i = 0; i < page.size(); ++i, ++compared)
    verdict.expect_close(page[i], native(static_cast<Eigen::Index>(i)), 0, 1e-6L, what);
}

template <class Make> void refused(const std::string& words, Make make) {
  CHECK_THROWS_MATCHES(make(), std::invalid_argument, Catch::Matchers::Message(words));
}

}  // namespace

TEST_CASE("the playground shows what the library computes") {
#include "page.inc"
  CHECK(verdict.report() == "");
  CHECK(compared > 1000);
}
