// A tracer of any class, scalar, shape and integration behind a plain interface, so that a property is written, and
// compiled, once; and so is each class, whatever the number of properties: make_fixture.hpp.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <spark/parameter.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "raster.hpp"
#include "reference.hpp"

namespace suite {

// Surrounds every call of a tracer that should not allocate, so that a test can watch what happens inside.
struct Watch {
  static inline void (*begin)() = [] {};
  static inline void (*end)() = [] {};
  Watch() { begin(); }
  ~Watch() { end(); }
};
template <class Call> decltype(auto) watched(Call call) {
  const Watch watch;
  return call();
}

// How the parameters are handed over: all numbers, all arrays, one of them an array and the others
// numbers, or columns and rows in turn (for 2-D shapes).
enum class Style { numbers, arrays, mixed, broadcast };

// One parameter that is not what it should be: an array of another shape, or, where the shape is left out, a value
// that stands alone or in the last place but one of an array.
struct Odd {
  std::size_t parameter;
  double value;
  Index rows = 0, cols = 0;
};

struct Setup {
  std::vector<double> parameters;  // empty: the typical ones
  Style style = Style::numbers;
  double dt = 1;
  std::uint64_t seed = 1;
  spark::Rounding rounding = spark::Rounding::Nearest;
  Index size = 0;   // for dynamic columns; 0: the fixture's
  Index first = 0;  // where in a longer column the first element stands
  std::optional<Odd> odd = {};
  std::size_t array = 0;  // of mixed parameters the one that is an array

  bool as_array(std::size_t k) const { return style == Style::arrays || (style == Style::mixed && k == array); }
  // Parameter k of one element; it differs between neighbours.
  double parameter(std::size_t k, double typical, Index row, Index col) const {
    const double p = parameters.empty() ? typical : parameters[k];
    const Index place = as_array(k) ? first + row + 3 * col : style == Style::broadcast ? (k % 2 == 0 ? row : col) : 0;
    return p * (4 + static_cast<double>(place % 4)) / 4;
  }
};

// Is overwritten, if it is there; its shape is that of what it holds.
using Record = std::optional<std::reference_wrapper<Outputs>>;

// A tracer; elements are numbered in storage order.
class Subject {
 public:
  virtual ~Subject() = default;
  virtual std::unique_ptr<Subject> copy() const = 0;
  virtual std::unique_ptr<Subject> move() = 0;              // leaves this one moved-from
  virtual void assign(const Subject& other) = 0;            // by copy assignment
  virtual void assign_moved(Subject& other) = 0;            // by move assignment
  virtual bool same_state(const Subject& other) const = 0;  // bit for bit
  virtual Index size() const = 0;
  virtual double dt() const = 0;
  virtual std::vector<real> state(int k) const = 0;
  virtual std::vector<real> value() const = 0;
  virtual bool any_subnormal() const = 0;
  virtual void set_state(int k, const Inputs& values) = 0;
  virtual void set_dt(double dt) = 0;
  virtual void advance(std::int64_t n) = 0;
  virtual void reset() = 0;
  virtual void masked_reset(const std::vector<bool>& mask) = 0;
  virtual std::vector<real> step(const Inputs& x) = 0;
  // of fixtures that take every form
  virtual void reset_list(const Indices& list) = 0;
  virtual void reset_bits(const Words& words, Index size) = 0;
  virtual std::vector<real> step_list(const Indices& list) = 0;
  virtual std::vector<real> step_bits(const Words& words, Index size) = 0;
  virtual std::vector<real> step_wide(const Inputs& x) = 0;  // in the type that computes, where storage is narrower
  virtual std::vector<real> step_bytes(const Inputs& x) = 0;
  virtual std::vector<real> step_booleans(const Inputs& x) = 0;
  virtual void step_range(Index first, Index count, const Inputs& x) = 0;
  virtual void run(const Raster& raster, Form form, Record record = {}) = 0;
  std::vector<real> step_in(Form form, const Inputs& x, const Indices& list) {
    switch (form) {
      case Form::booleans: return step_booleans(x);
      case Form::bytes: return step_bytes(x);
      case Form::bits: return step_bits(bits_of(x), size());
      case Form::events: return step_list(list);
      default: return step(x);
    }
  }
  Outputs recorded(const Raster& raster, Form form) {
    Outputs record(static_cast<std::size_t>(raster.steps),
                   std::vector<real>(static_cast<std::size_t>(raster.size), -7.0L));
    run(raster, form, record);
    return record;
  }
};

// An EventDriven of a tracer.
class EventSubject {
 public:
  using Tell = std::function<void(Index, real)>;
  static void nobody(Index, real) {}
  virtual ~EventSubject() = default;
  virtual std::unique_ptr<EventSubject> copy() const = 0;
  virtual std::unique_ptr<Subject> dense() = 0;         // turned back
  virtual std::unique_ptr<EventSubject> rebuilt() = 0;  // from the tracer that this one turns into
  virtual real value(Index i) const = 0;
  virtual std::vector<real> value() = 0;
  virtual void step(const Inputs& x, const Tell& tell = nobody) = 0;
  virtual void step_list(const Indices& list, const Tell& tell = nobody) = 0;
  virtual void step_bits(const Words& words, Index size) = 0;
  virtual void reset() = 0;
  virtual void reset_list(const Indices& list) = 0;
  virtual void set_dt(double dt) = 0;
  virtual void advance(std::int64_t n) = 0;
  virtual void run(const Raster& raster, Form form, Record record = {}) = 0;
};

// A class with its scalar, shape and integration: what tracers are made of.
struct Fixture {
  std::string class_name;
  Recurrence recurrence;
  std::vector<double> typical;
  std::string name = {};
  bool exact = false, fixed = false, row_major = false;
  Index rows = 0, cols = 0;
  real eps = 0, guard = 0;
  std::unique_ptr<Subject> (*make)(const Setup&) = nullptr;
  std::unique_ptr<EventSubject> (*events)(const Setup&) = nullptr;  // of some
  bool takes_every_form = false;

  Index size() const { return rows * cols; }
  bool vector() const { return rows == 1 || cols == 1; }
  bool is_16_bit() const { return eps > 1e-5L; }

  // The parameter that element i (in storage order) receives.
  double parameter(const Setup& setup, std::size_t k, Index i) const {
    const Index row = row_major ? i / cols : i % rows, col = row_major ? i % cols : i / rows;
    return setup.parameter(k, typical[k], row, col);
  }
  Reference reference(const Setup& setup, Index element) const {
    Reference r{recurrence, exact, setup.dt, {}};
    for (std::size_t k = 0; k < typical.size(); ++k) r.p.push_back(parameter(setup, k, element));
    return r;
  }
};

// Of one scalar and some kinds; each pair is a source of its own, which CMake writes.
template <class Scalar, class Kinds> void add_fixtures(std::vector<Fixture>& all);

// All of them. The library needs more than one of each class, integration and scalar for nothing; in which shapes and
// with which abilities is said in make_fixture.hpp.
const std::vector<Fixture>& every_fixture();

// The first of a class, scalar and integration, whatever its shape.
inline const Fixture& find_fixture(const std::string& class_name, const std::string& scalar, const char* integration) {
  for (const Fixture& s : every_fixture())
    if (s.name.rfind(class_name + "<" + scalar + ",", 0) == 0 && s.name.find(integration) != std::string::npos)
      return s;
  throw std::logic_error("no fixture " + class_name + "<" + scalar + ", ...>");
}

}  // namespace suite
