// Every form of input gives, bit for bit, what a dense array gives: for every class, in every scalar.
#include <algorithm>

#include "support/property.hpp"

using namespace suite;

// Stochastic rounding must draw the same numbers for every form.
static void check_every_form(Property property) {
  for (const Fixture& s : every_fixture()) {
    if (!s.takes_every_form) continue;
    for (const spark::Rounding rounding : {spark::Rounding::Nearest, spark::Rounding::Stochastic}) {
      const bool stochastic = rounding == spark::Rounding::Stochastic;
      if (stochastic && !s.is_16_bit()) continue;
      Verdict verdict;
      property(s, {{}, Style::mixed, 1, 5, rounding}, verdict);
      INFO(s.name << (stochastic ? ", stochastic rounding" : ""));
      CHECK(verdict.report() == "");
    }
  }
}

// One step from the same state by each form, or one mask.
PROPERTY_BY(check_every_form, "one step and one mask by every form of input") {
  Random random(21);
  const auto subject = s.make(setup);
  for (int k = 0; k < 20; ++k) {
    const bool repeated = k % 2 == 1;
    const Raster r = Raster::random(s.size(), 1, repeated, random);
    const Inputs& x = r.counts[0];
    const auto dense = subject->copy(), reset = subject->copy();
    const auto output = dense->step(x);
    reset->masked_reset(std::vector<bool>(x.begin(), x.end()));
    const auto agrees = [&](const char* form, auto step) {
      const auto t = subject->copy();
      verdict.expect(step(*t) == output && t->same_state(*dense), [&] { return std::string(form) + " differs"; });
    };
    const auto resets = [&](const char* form, auto call) {
      const auto t = subject->copy();
      call(*t);
      verdict.expect(t->same_state(*reset), [&] { return std::string("masked_reset by ") + form; });
    };
    for (Form form : every_form)
      if (!repeated || (counts(form) && (form != Form::events || spikes_add(s.recurrence))))
        agrees(name_of(form), [&](Subject& t) { return t.step_in(form, x, r.lists[0]); });
    agrees("wide numbers", [&](Subject& t) { return t.step_wide(x); });
    resets("an index list", [&](Subject& t) { t.reset_list(r.lists[0]); });
    resets("bits", [&](Subject& t) { t.reset_bits(r.bits(), s.size()); });
    // bits beyond the last element mean nothing
    Words stray = r.bits();
    stray.back() |= ~std::uint64_t{0} << (s.size() % 64);
    if (!repeated) agrees("bits with strays", [&](Subject& t) { return t.step_bits(stray, s.size()); });
    subject->step(x);
    subject->advance(k % 4);
  }
}

// Far more repeats than a byte can count, or bfloat16 tell apart, around the elements that are taken at a time.
PROPERTY_BY(check_every_form, "indices that occur many times") {
  if (!spikes_add(s.recurrence)) return;  // event_driven_test.cpp
  Setup longer = setup;
  longer.size = 3000;
  for (int times : {1, 2, 254, 255, 256, 257, 700}) {
    const auto dense = s.make(longer), listed = s.make(longer);
    const int last = static_cast<int>(dense->size()) - 1;
    Inputs x(at(dense->size()));
    Indices list;
    for (const auto& [i, count] :
         {std::pair(9, 1), {4, times}, {511, 1}, {512, 1}, {1500, 2}, {513, times}, {last, times}})
      if (i <= last) x[at(i)] += count, list.insert(list.end(), at(count), i);
    const auto output = dense->step_wide(x);
    verdict.expect(listed->step_list(list) == output && listed->same_state(*dense),
                   [&] { return "an index that occurs " + std::to_string(times) + " times"; });
  }
}

// A run is its single steps, recorded or not, and wherever it is split.
PROPERTY_BY(check_every_form, "runs are their single steps") {
  Random random(23);
  for (Index steps : {0, 1, 2, 3, 5, 8, 16, 37}) {
    for (Form form : every_form) {
      const bool ascending = form == Form::events && steps % 2 == 0;  // lists that become bits
      const bool repeated = counts(form) && !ascending && (form != Form::events || spikes_add(s.recurrence));
      Raster r = Raster::random(s.size(), steps, repeated, random);
      if (ascending)
        for (Indices& list : r.lists) std::sort(list.begin(), list.end());
      const auto start = s.make(setup);
      start->step(ones(s));
      const auto single = start->copy(), plain = start->copy(), recorded = start->copy(), split = start->copy();
      Outputs outputs, pieces;
      for (const Inputs& x : r.counts) outputs.push_back(single->step(x));
      const auto expect = [&](const char* what, bool holds) {
        verdict.expect(holds, [&] { return what + std::to_string(steps) + " steps, " + name_of(form); });
      };
      plain->run(r, form);
      expect("run of ", plain->same_state(*single));
      expect("the record of a run of ", recorded->recorded(r, form) == outputs);
      expect("a recorded run of ", recorded->same_state(*single));
      for (Index first = 0, last = 0; first < steps; first = last) {
        last = std::min<Index>(steps, first + 1 + random.below(9));
        const Outputs piece = split->recorded(r.part(first, last), form);
        pieces.insert(pieces.end(), piece.begin(), piece.end());
      }
      expect("a split run of ", pieces == outputs && split->same_state(*single));
      const Inputs x = Raster::random(s.size(), 1, false, random).counts[0];
      expect("the step after a run of ", plain->step(x) == single->step(x) && plain->same_state(*single));
    }
  }
}

PROPERTY_BY(check_every_form, "ranges in any order are one step") {
  Random random(24);
  const auto whole = s.make(setup), parts = s.make(setup);
  for (int k = 0; k < 30; ++k) {
    const Inputs x = Raster::random(s.size(), 1, k % 2 == 1, random).counts[0];
    std::vector<Index> cuts = {0, s.size()};
    for (Index i = random.below(5); i > 0; --i) cuts.push_back(random.below(s.size() + 1));
    std::sort(cuts.begin(), cuts.end());
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i + 1 < cuts.size(); ++i) order.insert(order.begin() + random.below(Index(i) + 1), i);
    whole->step(x);
    for (std::size_t i : order) {
      const Index count = cuts[i + 1] - cuts[i];
      parts->step_range(cuts[i], count, Inputs(x.begin() + cuts[i], x.begin() + cuts[i + 1]));
    }
    verdict.expect(parts->same_state(*whole), [] { return "ranges differ from one step"; });
  }
}

// Every length around the tiles, words and unrolled loops agrees with tracers of one element. Ranges on threads and
// split runs rest on this.
constexpr Index longest = 300, steps = 9, silent_steps = 11;

static void check_lengths(const Fixture& s, Style style, const Raster& raster, Form form) {
  const auto make = [&](Index first, Index size) {
    Setup setup;
    setup.style = style, setup.first = first, setup.size = size;
    return s.make(setup);
  };
  Outputs outputs(steps + 1, std::vector<real>(longest));  // of the steps, and the value after a silence
  for (std::size_t e = 0; e < longest; ++e) {
    const auto one = make(static_cast<Index>(e), 1);
    for (std::size_t k = 0; k < steps; ++k) outputs[k][e] = one->step({raster.counts[k][e]})[0];
    one->advance(silent_steps);
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
      expect("step", k, stepped->step_in(form, part.counts[k], part.lists[k]));
      expect("run", k, record[k]);
    }
    for (Subject* each : {stepped.get(), ran.get()}) {
      each->advance(silent_steps);
      expect("advance", steps, each->value());
    }
  }
  INFO(s.name << ", " << name_of(form) << ", parameters as " << (style == Style::arrays ? "arrays" : "numbers"));
  CHECK(verdict.report() == "");
}

TEST_CASE("where an element stands, and how long the array is, makes no difference to it") {
  Random random(31);
  Raster raster = Raster::random(longest, steps, false, random);
  for (std::size_t k = 0; k < steps; k += 2) std::sort(raster.lists[k].begin(), raster.lists[k].end());
  for (const Fixture& s : every_fixture()) {
    if (!has_any_length(s)) continue;
    for (Style style : {Style::numbers, Style::arrays})
      for (Form form : every_form) check_lengths(s, style, raster, form);
  }
}
