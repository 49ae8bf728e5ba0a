// Every form of input gives, bit for bit, what a dense array gives: for every class.
#pragma once

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <thread>

#include "../catch.hpp"
#include "suite.hpp"

namespace suite {

using Indices = std::vector<int>;
using Words = std::vector<std::uint64_t>;
using Outputs = std::vector<std::vector<real>>;

// A raster in all its forms; counts may exceed 1 where an index occurs more than once.
struct Raster {
  Index size = 0, steps = 0;
  std::vector<std::vector<double>> counts;  // steps x elements
  std::vector<Indices> lists;               // unsorted

  static Raster random(Index size, Index steps, bool repeated, Random& random) {
    Raster r;
    r.size = size, r.steps = steps;
    for (Index k = 0; k < steps; ++k) {
      std::vector<double> row(static_cast<std::size_t>(size));
      Indices list;
      const double rate = random.uniform() * random.uniform();
      for (int i = 0; i < size; ++i) {
        if (!random.chance(rate)) continue;
        const int times = repeated ? static_cast<int>(1 + random.below(3)) : 1;
        row[static_cast<std::size_t>(i)] = times;
        list.insert(list.end(), static_cast<std::size_t>(times), i);
      }
      for (std::size_t i = list.size(); i > 1; --i)
        std::swap(list[i - 1], list[static_cast<std::size_t>(random.below(static_cast<Index>(i)))]);
      r.counts.push_back(row);
      r.lists.push_back(list);
    }
    return r;
  }
  Raster part(Index first, Index last) const {
    return {size,
            last - first,
            {counts.begin() + first, counts.begin() + last},
            {lists.begin() + first, lists.begin() + last}};
  }
  static Words bits(const std::vector<double>& x) {
    Words words((x.size() + 63) / 64);
    for (std::size_t i = 0; i < x.size(); ++i)
      if (x[i] != 0) words[i / 64] |= std::uint64_t{1} << (i % 64);
    return words;
  }
  Words bits() const {
    Words all;
    for (const auto& row : counts)
      for (std::uint64_t word : bits(row)) all.push_back(word);
    return all;
  }
  std::vector<std::int64_t> offsets() const {
    std::vector<std::int64_t> all = {0};
    for (const Indices& list : lists) all.push_back(all.back() + static_cast<std::int64_t>(list.size()));
    return all;
  }
  Indices indices() const {
    Indices all;
    for (const Indices& list : lists) all.insert(all.end(), list.begin(), list.end());
    return all;
  }
  template <class S>
  Eigen::Array<S, Eigen::Dynamic, Eigen::Dynamic> dense() const {
    Eigen::Array<S, Eigen::Dynamic, Eigen::Dynamic> a(size, steps);
    for (Index k = 0; k < steps; ++k)
      for (Index i = 0; i < size; ++i)
        a(i, k) = from_real<S>(counts[static_cast<std::size_t>(k)][static_cast<std::size_t>(i)]);
    return a;
  }
};

enum class Form { booleans, bytes, scalars, bits, events };
constexpr Form every_form[] = {Form::booleans, Form::bytes, Form::scalars, Form::bits, Form::events};
// Which forms can say that an element spiked twice.
constexpr bool counts(Form f) { return f != Form::booleans && f != Form::bits; }
inline const char* name_of(Form f) {
  static constexpr const char* names[] = {"booleans", "bytes", "scalars", "bits", "events"};
  return names[static_cast<int>(f)];
}

class InputSubject : public Subject {
 public:
  virtual std::vector<real> step_list(const Indices& list) = 0;
  virtual std::vector<real> step_bits(const Words& words) = 0;
  virtual std::vector<real> step_integers(const std::vector<double>& x) = 0;
  virtual std::vector<real> step_booleans(const std::vector<double>& x) = 0;
  virtual void step_range(Index first, Index count, const std::vector<double>& x) = 0;
  virtual void reset_list(const Indices& list) = 0;
  virtual void reset_bits(const Words& words) = 0;
  virtual void run(const Raster& raster, Form form) = 0;
  virtual Outputs run_recorded(const Raster& raster, Form form) = 0;
};

template <class Kind, class A, class Integration>
class InputSubjectOf : public SubjectOf<Kind, A, Integration, InputSubject> {
  using Base = SubjectOf<Kind, A, Integration, InputSubject>;
  using typename Base::T;
  using S = typename A::Scalar;
  using Record = Eigen::Array<S, Eigen::Dynamic, Eigen::Dynamic>;

 public:
  using Base::Base;
  using Base::tracer;

  std::vector<real> step_list(const Indices& list) override { return this->listed(A(tracer(spark::spikes(list)))); }
  std::vector<real> step_bits(const Words& words) override {
    return this->listed(A(tracer(spark::spike_bits(words, size_of<A>))));
  }
  std::vector<real> step_integers(const std::vector<double>& x) override {
    return this->listed(A(tracer(converted<int>(x))));
  }
  std::vector<real> step_booleans(const std::vector<double>& x) override {
    return this->listed(A(tracer(converted<bool>(x))));
  }
  void step_range(Index first, Index count, const std::vector<double>& x) override {
    const A a = this->array(x);
    using Flat = Eigen::Map<const Eigen::Array<S, Eigen::Dynamic, 1>>;
    tracer.step(first, count, Flat(a.data() + first, count));
  }
  void reset_list(const Indices& list) override { tracer.masked_reset(spark::spikes(list)); }
  void reset_bits(const Words& words) override { tracer.masked_reset(spark::spike_bits(words, size_of<A>)); }
  void run(const Raster& r, Form form) override {
    with_form(r, form, [&](const auto& raster) { tracer.run(raster); });
  }
  Outputs run_recorded(const Raster& r, Form form) override {
    Record record(size_of<A>, r.steps);
    record.setConstant(from_real<S>(-7));
    with_form(r, form, [&](const auto& raster) { tracer.run(raster, record); });
    Outputs all;
    for (Index k = 0; k < r.steps; ++k) all.push_back(this->listed(record.col(k).eval()));
    return all;
  }

 protected:
  std::unique_ptr<Subject> wrap(T t) const override { return std::make_unique<InputSubjectOf>(std::move(t)); }

 private:
  template <class X>
  static auto converted(const std::vector<double>& x) {
    Eigen::Array<X, A::RowsAtCompileTime, A::ColsAtCompileTime, A::IsRowMajor ? Eigen::RowMajor : Eigen::ColMajor> a(
        rows_of<A>, cols_of<A>);
    for (Index i = 0; i < a.size(); ++i) a.data()[i] = static_cast<X>(x[static_cast<std::size_t>(i)]);
    return a;
  }
  template <class Run>
  static void with_form(const Raster& r, Form form, Run run) {
    switch (form) {
      case Form::booleans: return run(r.dense<bool>());
      case Form::bytes: return run(r.dense<std::uint8_t>());
      case Form::scalars: return run(r.dense<S>());
      case Form::bits: {
        const Words words = r.bits();
        return run(spark::spike_bits(words, size_of<A>, r.steps));
      }
      case Form::events: {
        const auto offsets = r.offsets();
        const auto indices = r.indices();
        return run(spark::spike_events(offsets, indices));
      }
    }
  }
};

inline InputSubject& input(const std::unique_ptr<Subject>& s) { return static_cast<InputSubject&>(*s); }

namespace forms {

inline Setup varied(spark::Rounding rounding) {
  Setup setup;
  setup.style = Style::mixed;
  setup.seed = 5;
  setup.rounding = rounding;
  return setup;
}

// One step from the same state by each form.
inline void one_step(const Specimen& s, const Setup& setup, Verdict& verdict) {
  Random random(21);
  const auto subject = s.make(setup);
  for (int k = 0; k < 20; ++k) {
    const bool repeated = k % 2 == 1;
    const Raster r = Raster::random(s.size, 1, repeated, random);
    const auto& x = r.counts[0];
    const auto dense = subject->copy();
    const auto output = dense->step(x);
    const auto agrees = [&](const char* form, auto step) {
      const auto t = subject->copy();
      verdict.expect(step(input(t)) == output && t->same_state(*dense),
                     [&] { return std::string(form) + " differs from dense"; });
    };
    agrees("an index list", [&](InputSubject& t) { return t.step_list(r.lists[0]); });
    agrees("integers", [&](InputSubject& t) { return t.step_integers(x); });
    if (!repeated) {
      agrees("bits", [&](InputSubject& t) { return t.step_bits(r.bits()); });
      agrees("booleans", [&](InputSubject& t) { return t.step_booleans(x); });
      // Bits beyond the last element mean nothing.
      Words stray = r.bits();
      stray.back() |= ~std::uint64_t{0} << (s.size % 64);
      agrees("bits with strays", [&](InputSubject& t) { return t.step_bits(stray); });
    }
    subject->step(x);
  }
}

// Far more repeats than a byte can count, or bfloat16 tell apart.
inline void many_repeats(const Specimen& s, const Setup& setup, Verdict& verdict) {
  for (int times : {2, 255, 256, 257, 700}) {
    std::vector<double> x(static_cast<std::size_t>(s.size));
    Indices list(static_cast<std::size_t>(times), 4);
    list.insert(list.begin() + 1, 9);
    x[4] = times, x[9] = 1;
    const auto dense = s.make(setup), listed = s.make(setup);
    const auto output = input(dense).step_integers(x);
    verdict.expect(input(listed).step_list(list) == output && listed->same_state(*dense),
                   [&] { return "an index that occurs " + std::to_string(times) + " times"; });
  }
}

inline void masked_resets(const Specimen& s, const Setup& setup, Verdict& verdict) {
  Random random(22);
  const auto subject = s.make(setup);
  for (int k = 0; k < 10; ++k) {
    subject->step(std::vector<double>(static_cast<std::size_t>(s.size), 1));
    subject->advance(3);
    const Raster r = Raster::random(s.size, 1, k % 2 == 1, random);
    std::vector<bool> mask;
    for (double c : r.counts[0]) mask.push_back(c != 0);
    const auto dense = subject->copy(), list = subject->copy(), bits = subject->copy();
    dense->masked_reset(mask);
    input(list).reset_list(r.lists[0]);
    input(bits).reset_bits(r.bits());
    verdict.expect(list->same_state(*dense), [] { return "masked_reset by list"; });
    verdict.expect(bits->same_state(*dense), [] { return "masked_reset by bits"; });
    subject->step(r.counts[0]);
  }
}

// A run is its single steps, recorded or not, and wherever it is split.
inline void runs(const Specimen& s, const Setup& setup, Verdict& verdict) {
  Random random(23);
  for (Index steps : {0, 1, 2, 3, 5, 8, 16, 37}) {
    for (Form form : every_form) {
      const Raster r = Raster::random(s.size, steps, counts(form), random);
      const auto start = s.make(setup);
      start->step(std::vector<double>(static_cast<std::size_t>(s.size), 1));
      const auto single = start->copy();
      Outputs outputs;
      for (Index k = 0; k < steps; ++k) outputs.push_back(single->step(r.counts[static_cast<std::size_t>(k)]));
      const auto fails = [&](const char* what) {
        return std::string(what) + " of " + std::to_string(steps) + " steps, " + name_of(form);
      };
      const auto plain = start->copy(), recorded = start->copy(), split = start->copy();
      input(plain).run(r, form);
      verdict.expect(plain->same_state(*single), [&] { return fails("run"); });
      verdict.expect(input(recorded).run_recorded(r, form) == outputs, [&] { return fails("the record of a run"); });
      verdict.expect(recorded->same_state(*single), [&] { return fails("a recorded run"); });
      Outputs pieces;
      for (Index first = 0; first < steps;) {
        const Index last = std::min<Index>(steps, first + 1 + random.below(9));
        const Outputs piece = input(split).run_recorded(r.part(first, last), form);
        pieces.insert(pieces.end(), piece.begin(), piece.end());
        first = last;
      }
      verdict.expect(pieces == outputs && split->same_state(*single), [&] { return fails("a split run"); });
      // and the step after it
      const auto x = Raster::random(s.size, 1, false, random).counts[0];
      verdict.expect(plain->step(x) == single->step(x) && plain->same_state(*single),
                     [&] { return fails("the step after a run"); });
    }
  }
}

// Ranges in any order are one step.
inline void ranges(const Specimen& s, const Setup& setup, Verdict& verdict) {
  Random random(24);
  const auto whole = s.make(setup), parts = s.make(setup);
  for (int k = 0; k < 30; ++k) {
    const auto x = Raster::random(s.size, 1, k % 2 == 1, random).counts[0];
    std::vector<Index> cuts = {0, s.size};
    for (Index i = random.below(5); i > 0; --i) cuts.push_back(random.below(s.size + 1));
    std::sort(cuts.begin(), cuts.end());
    std::vector<std::size_t> order(cuts.size() - 1);
    std::iota(order.begin(), order.end(), std::size_t{0});
    for (std::size_t i = order.size(); i > 1; --i)
      std::swap(order[i - 1], order[static_cast<std::size_t>(random.below(static_cast<Index>(i)))]);
    whole->step(x);
    for (std::size_t i : order) input(parts).step_range(cuts[i], cuts[i + 1] - cuts[i], x);
    verdict.expect(parts->same_state(*whole), [] { return "ranges differ from one step"; });
  }
}

inline void two_threads(const Specimen& s, const Setup& setup, Verdict& verdict) {
  Random random(25);
  const auto whole = s.make(setup), parts = s.make(setup);
  for (int k = 0; k < 20; ++k) {
    const auto x = Raster::random(s.size, 1, true, random).counts[0];
    const Index cut = 1 + random.below(s.size - 1);
    whole->step(x);
    std::thread first([&] { input(parts).step_range(0, cut, x); });
    std::thread second([&] { input(parts).step_range(cut, s.size - cut, x); });
    first.join(), second.join();
    verdict.expect(parts->same_state(*whole), [] { return "two threads differ from one"; });
  }
}

// A bad input is refused before anything changes, even where only its last step is bad.
inline void refusals(const Specimen& s, const Setup& setup, Verdict& verdict) {
  const std::string name = s.name.substr(0, s.name.find('<'));
  Random random(26);
  const auto subject = s.make(setup);
  subject->step(std::vector<double>(static_cast<std::size_t>(s.size), 1));
  const auto before = subject->copy();
  const auto refused = [&](const char* what, const std::string& reason) {
    verdict.expect(reason.empty(), [&] { return std::string(what) + ": " + reason; });
    verdict.expect(subject->same_state(*before), [&] { return std::string(what) + " changed the tracer"; });
  };
  InputSubject& t = input(subject);
  const auto out_of_range = [&](const Indices& list, const std::string& value) {
    refused("step, index", complaint<std::out_of_range>([&] { t.step_list(list); }, {name, value}));
    refused("masked_reset, index", complaint<std::out_of_range>([&] { t.reset_list(list); }, {name, value}));
    Raster r = Raster::random(s.size, 20, false, random);
    r.lists.back() = list;
    refused("run, index", complaint<std::out_of_range>([&] { t.run(r, Form::events); }, {name, value}));
    refused("run, index", complaint<std::out_of_range>([&] { t.run_recorded(r, Form::events); }, {name, value}));
  };
  out_of_range({0, 3, static_cast<int>(s.size)}, std::to_string(s.size));
  out_of_range({2, -1, 3}, "-1");
  out_of_range({2147483647}, "2147483647");
  // spike_bits checks its words before it meets a tracer.
  const std::string needed = std::to_string((s.size + 63) / 64);
  refused("step, no words", complaint<std::invalid_argument>([&] { t.step_bits(Words()); }, {"words", "0", needed}));
  refused("masked_reset, no words",
          complaint<std::invalid_argument>([&] { t.reset_bits(Words()); }, {"words", "0", needed}));
  const auto throws = [&](const char* what, auto call) { refused(what, complaint<std::logic_error>(call, {name})); };
  const std::vector<double> x(static_cast<std::size_t>(s.size), 1);
  throws("range ends late", [&] { t.step_range(s.size - 2, 3, x); });
  throws("range starts early", [&] { t.step_range(-1, 3, x); });
  throws("range starts late", [&] { t.step_range(s.size + 1, 0, x); });
}

}  // namespace forms

inline void check_forms(const Specimen& s) {
  using Check = void (*)(const Specimen&, const Setup&, Verdict&);
  static constexpr std::pair<const char*, Check> all[] = {{"one step", forms::one_step},
                                                          {"many repeats", forms::many_repeats},
                                                          {"masked resets", forms::masked_resets},
                                                          {"runs", forms::runs},
                                                          {"ranges", forms::ranges},
                                                          {"two threads", forms::two_threads},
                                                          {"refusals", forms::refusals}};
  for (const auto& [name, check] : all) {
    for (const spark::Rounding rounding : {spark::Rounding::Nearest, spark::Rounding::Stochastic}) {
      // Stochastic rounding must draw the same numbers for every form.
      if (rounding == spark::Rounding::Stochastic && s.eps < 1e-5L) continue;
      Verdict verdict;
      check(s, forms::varied(rounding), verdict);
      INFO(s.name << ", " << name << (rounding == spark::Rounding::Stochastic ? ", stochastic rounding" : ""));
      CHECK(verdict.report() == "");
    }
  }
}

template <class A, class Integration, class... Kind>
void check_forms(Kinds<Kind...>) {
  (check_forms(specimen<Kind, A, Integration, InputSubjectOf>()), ...);
}

}  // namespace suite
