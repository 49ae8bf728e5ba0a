#include "tracers.hpp"

#include "../support/make_fixture.hpp"
#include "../support/persistence.hpp"

namespace fuzz {

namespace {

template <class A, class Made> class EventsOf final : public Events {
  using T = typename Made::T;
  using S = typename A::Scalar;

 public:
  explicit EventsOf(const T& tracer) : events_(tracer) {}

  std::unique_ptr<Subject> dense() override { return std::make_unique<Made>(events_.dense()); }
  real value(Index i) const override { return to_real(events_.value(i)); }
  void step(const Inputs& x) override { events_(array_of<A, S>(x)); }
  void step_list(const Indices& list) override { events_(spark::spikes(list)); }
  void reset() override { events_.reset(); }
  void reset_list(const Indices& list) override { events_.masked_reset(spark::spikes(list)); }
  void set_dt(double dt) override { events_.set_dt(dt); }
  void advance(std::int64_t n) override { events_.advance(n); }
  std::string save() const override { return saved(events_); }
  void load(const std::string& bytes) override { load_into(events_, bytes); }

 private:
  spark::EventDriven<T> events_;
};

template <class Kind, class A, class Integration, Ability ability> Choice choice() {
  using Made = std::conditional_t<ability == Ability::laws, PlainSubjectOf<Kind, A, Integration>,
                                  InputSubjectOf<Kind, A, Integration>>;
  return {fixture<Kind, A, Integration, ability>(),
          [](const Subject& s) { return saved(static_cast<const Made&>(s).tracer); },
          [](const std::string& bytes) -> std::unique_ptr<Subject> {
            return std::make_unique<Made>(loaded<typename Made::T>(bytes));
          },
          [](const Subject& s) -> std::unique_ptr<Events> {
            return std::make_unique<EventsOf<A, Made>>(static_cast<const Made&>(s).tracer);
          },
          [](real v) { return to_real(from_real<typename A::Scalar>(v)); },
          to_real(std::numeric_limits<typename A::Scalar>::max()),
          to_real(spark::detail::silence_threshold<typename Made::T::Number>())};
}

}  // namespace

const std::vector<Choice>& every_choice() {
  using spark::Euler, spark::Exact;
  static const std::vector<Choice> all = {
      choice<TracerKind, Shapes<float>::Column, Euler, Ability::forms>(),
      choice<SaturableDoubleTracerKind, Shapes<double>::Column, Exact, Ability::laws>(),
      choice<RUTracerKind, Shapes<Eigen::bfloat16>::Column, Exact, Ability::laws>(),
      choice<RDTracerKind, Shapes<float>::FixedMatrix, Exact, Ability::laws>(),
      choice<DoubleTracerKind, Shapes<float>::Column, Exact, Ability::laws>(),
  };
  return all;
}

}  // namespace fuzz
