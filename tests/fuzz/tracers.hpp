// The tracers among which the target of calls chooses, what they are given, and what of it they may accept. tracers.cpp
// alone knows their types, and is compiled once.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "../support/fixture.hpp"
#include "harness.hpp"

namespace fuzz {

using namespace suite;

// An event-driven tracer, asked for little, because each form of input takes long to compile.
class Events {
 public:
  virtual ~Events() = default;
  virtual std::unique_ptr<Subject> dense() = 0;
  virtual real value(Index i) const = 0;
  virtual void step(const Inputs& x) = 0;
  virtual void step_list(const Indices& list) = 0;
  virtual void reset() = 0;
  virtual void reset_list(const Indices& list) = 0;
  virtual void set_dt(double dt) = 0;
  virtual void advance(std::int64_t n) = 0;
  virtual std::string save() const = 0;
  virtual void load(const std::string& bytes) = 0;
};

struct Choice {
  Fixture fixture;  // the first of all takes every form
  std::string (*save)(const Subject&);
  std::unique_ptr<Subject> (*load)(const std::string&);
  std::unique_ptr<Events> (*events)(const Subject&);
  real (*stored)(real);  // a number as the scalar has it
  real largest;
  real silent;  // what is smaller is 0
};

const std::vector<Choice>& every_choice();

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr auto longest = std::numeric_limits<std::int64_t>::max();
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr std::array numbers{1.0,    0.0,    2.0,  0.5,   20.0,    -1.0,     1.001,     1e3,
                             1e6,    1e9,    1e38, -1e38, 1e-38,   1e-45,    1e300,     1e308,
                             1e-300, 5e-324, -0.0, 3e-8,  65504.0, infinity, -infinity, not_a_number};
constexpr std::array<std::int64_t, 9> durations{1, 0, 2, 7, 40, 5000, std::int64_t{1} << 31, -1, longest};

constexpr std::array<Index, 8> sizes{3, 1, 2, 4, 5, 7, 9, 70};  // of columns; a tile and a word of bits have 64

inline std::size_t at(Index i) { return static_cast<std::size_t>(i); }

inline bool is_tau(Recurrence r, int k) {
  switch (r) {
    case Recurrence::leaky:
    case Recurrence::clipped:
    case Recurrence::nearest: return k == 0;
    case Recurrence::rise_fast_slow: return k > 0;
    default: return k < 2;
  }
}

// What the documentation says of the parameters, once more.
inline bool all_allowed(const Fixture& s, const Reference& r) {
  for (std::size_t j = 0; j < r.p.size(); ++j) {
    const int k = static_cast<int>(j);
    const bool released = s.recurrence == Recurrence::release, may_be_zero = released && k == 1;
    const bool unit = released || (is_base(s.recurrence, k) && is_clipped(s.recurrence));
    const real p = r.p[j];
    const bool may = !is_tau(s.recurrence, k) ? std::isfinite(p) && (!unit || (p >= 0 && p <= 1))
                     : s.exact                ? p > 0 || (p == 0 && may_be_zero)
                                              : p >= r.dt * (1 - 1e-15L);
    if (!may) return false;
  }
  return true;
}

// Spike counts of all elements from two bytes.
inline Inputs some_input(Choices& choices, Index size) {
  Random random(choices.byte());
  const double rate = choices.below(5) / 4.0;
  Inputs x(at(size));
  for (double& v : x)
    if (random.chance(rate)) v = 1 + static_cast<double>(random.below(2));
  return x;
}
inline Inputs hostile_input(Choices& choices, Index size) {
  Inputs x = some_input(choices, size);
  std::replace(x.begin(), x.end(), 1.0, choices.one_of(numbers));
  return x;
}
inline Indices list_of(const Inputs& x) {
  Indices list;
  for (std::size_t i = x.size(); i-- > 0;) list.insert(list.end(), static_cast<std::size_t>(x[i]), static_cast<int>(i));
  return list;
}

}  // namespace fuzz
