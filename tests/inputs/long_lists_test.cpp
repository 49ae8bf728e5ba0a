// Lists of more spikes than are taken at a time (64), of tracers in which they are few: 1 of 16 elements or, of a
// tracer of several states that fits no cache, 1 of 128.
#include <algorithm>
#include <set>

#include "support/kinds.hpp"
#include "support/property.hpp"

using namespace suite;

namespace {

// 300 elements below `end`, in any order; some may be there several times.
Indices some_list(Index end, bool repeated, Random& random) {
  Indices list;
  std::set<Index> seen;
  while (list.size() < 300) {
    const Index i = random.below(end);
    if (seen.insert(i).second || repeated) list.push_back(static_cast<int>(i));
  }
  return list;
}
Setup of_size(Setup setup, Index size) {
  setup.size = size;
  return setup;
}

void is_a_dense_step(const Fixture& s, const Setup& setup, Verdict& verdict) {
  if (!has_any_length(s)) return;
  Random random(41);
  for (const Index size : {5000, 70000}) {
    const auto listed = s.make(of_size(setup, size)), dense = s.make(of_size(setup, size));
    for (const bool sorted : {true, false}) {
      Indices list = some_list(size, spikes_add(s.recurrence), random);
      if (sorted) std::sort(list.begin(), list.end());
      Inputs x(at(size));
      for (const int i : list) ++x[at(i)];
      verdict.expect(listed->step_list(list) == dense->step(x), "the output of a long list");
      verdict.expect(listed->same_state(*dense), "the state after a long list");
    }
  }
}

// Several spikes of an element, also where they do not add: few in the one tracer, many in the other.
void repeats_stay_together(const Fixture& s, const Setup& setup, Verdict& verdict) {
  if (!has_any_length(s)) return;
  Random random(42);
  const auto large = s.make(of_size(setup, 5000)), small = s.make(of_size(setup, 500));
  for (int step = 0; step < 4; ++step) {
    Indices list = some_list(500, true, random);
    std::sort(list.begin(), list.end());
    auto output = large->step_list(list);
    output.resize(500);
    verdict.expect(output == small->step_list(list), "the output of elements that spiked several times");
  }
}

// All of a list, in any order, is given to each range.
template <class Tracer> void check_ranges(Tracer whole) {
  Tracer parts = whole;
  Random random(43);
  const Index size = whole.size();
  for (int step = 0; step < 4; ++step) {
    const Indices list = some_list(size, true, random);
    whole(spark::spikes(list));
    for (const auto& [first, last] : {std::pair<Index, Index>(1999, size), {0, 700}, {700, 1999}})
      parts.step(first, last - first, spark::spikes(list));
    CHECK(identical(parts.value(), whole.value()));
  }
}

}  // namespace

TEST_CASE("a long list is a dense step") { check_property(is_a_dense_step); }
TEST_CASE("the spikes of an element stay together in a long list") { check_property(repeats_stay_together); }
TEST_CASE("ranges take what is theirs from a list in any order") {
  check_ranges(spark::Tracer<ArrayXf>(8000, 20));
  check_ranges(spark::RUTracer<ArrayXf, Exact>(8000, 800, 50, 0.5));
}
TEST_CASE("a run of long lists is their steps") {
  spark::DoubleTracer<ArrayXf> ran(9001, 5, 20), stepped = ran;
  Random random(44);
  Indices indices, offsets = {0};
  for (int step = 0; step < 20; ++step) {  // some in bits, a block of 4096 elements at a time, and some in two orders
    Indices list;
    for (int i = 0; i < 9001; ++i)
      if (random.chance(0.02)) list.push_back(i);
    if (step == 11) std::swap(list.front(), list.back());
    stepped(spark::spikes(list));
    indices.insert(indices.end(), list.begin(), list.end());
    offsets.push_back(static_cast<int>(indices.size()));
  }
  ran.run(spark::spike_events(offsets, indices));
  CHECK(identical(ran.value(), stepped.value()));
}
