// Where an element stands, and how long the array is, makes no difference to it: every length around the tiles, words
// and unrolled loops agrees with tracers of one element, bit for bit. Ranges on threads and split runs rest on this.
#include <algorithm>

#include "support/property.hpp"

using namespace suite;

namespace {

constexpr Index longest = 300, steps = 9, silence = 11;

std::vector<real> step_in(Form form, Subject& t, const Inputs& x, const Indices& list) {
  switch (form) {
    case Form::booleans: return t.step_booleans(x);
    case Form::bytes: return t.step_bytes(x);
    case Form::bits: return t.step_bits(bits_of(x), t.size());
    case Form::events: return t.step_list(list);
    default: return t.step(x);
  }
}

void check_lengths(const Fixture& s, Style style, const Raster& raster, Form form) {
  const auto make = [&](Index first, Index size) {
    Setup setup;
    setup.style = style, setup.first = first, setup.size = size;
    return s.make(setup);
  };
  Outputs outputs(steps + 1, std::vector<real>(longest));  // of the steps, and the value after a silence
  for (std::size_t e = 0; e < longest; ++e) {
    const auto one = make(static_cast<Index>(e), 1);
    for (std::size_t k = 0; k < steps; ++k) outputs[k][e] = one->step({raster.counts[k][e]})[0];
    one->advance(silence);
    outputs[steps][e] = one->value()[0];
  }
  Verdict verdict;
  for (Index n = 1; n <= longest; n += n < 210 ? 1 : 23) {
    const auto expect = [&](const char* what, std::size_t k, const std::vector<real>& part) {
      verdict.expect(std::vector<real>(outputs[k].begin(), outputs[k].begin() + n) == part,
                     [&] { return std::string(what) + ", length " + std::to_string(n); });
    };
    const auto stepped = make(0, n), ran = make(0, n);
    const Raster part = raster.head(n);
    const Outputs record = ran->recorded(part, form);
    for (std::size_t k = 0; k < steps; ++k) {
      expect("step", k, step_in(form, *stepped, part.counts[k], part.lists[k]));
      expect("run", k, record[k]);
    }
    for (Subject* each : {stepped.get(), ran.get()}) {
      each->advance(silence);
      expect("advance", steps, each->value());
    }
  }
  INFO(s.name << ", " << name_of(form) << ", parameters as " << (style == Style::arrays ? "arrays" : "numbers"));
  CHECK(verdict.report() == "");
}

}  // namespace

TEST_CASE("an element does not know its place") {
  Random random(31);
  Raster raster = Raster::random(longest, steps, false, random);
  for (std::size_t k = 0; k < steps; k += 2) std::sort(raster.lists[k].begin(), raster.lists[k].end());
  for (const Fixture& s : every_fixture()) {
    if (!has_any_length(s)) continue;
    for (Style style : {Style::numbers, Style::arrays})
      for (Form form : every_form) check_lengths(s, style, raster, form);
  }
}
