// The tracers among which the target of calls chooses. tracers.cpp alone knows their types, and is compiled once.
#pragma once

#include "../support/fixture.hpp"

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

}  // namespace fuzz
