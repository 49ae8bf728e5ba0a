// Of one class, SPARK_BENCH_CLASS: the dense step against everything that a user might do instead, 16-bit storage
// against float, and silence against activity.
#include "subjects.hpp"

namespace bench {
namespace {

template <class T, Kind kind = uniform> using Subject = subject::SPARK_BENCH_CLASS<T, kind>;
const std::string class_name = SPARK_BENCH_NAME;

template <class T, class X, Kind kind> void dense(const std::string& row, Size size, double base = 0) {
  add_group("dense/" + row + "/" + size.label, size.places, [=](Group& group) {
    const auto plain = std::make_shared<Subject<T, kind>>(size.count, base);
    auto tracer = plain->library();
    Activity<X> activity(size.count);
    for (int step = 0; step < 2; ++step) {
      const Input<X> x = activity();
      const Array<T> output = tracer(x);
      step == 0 ? plain->eigen(x) : plain->hand(x.data());
      require_equal(row, static_cast<double>((output - plain->output()).abs().maxCoeff()));
    }

    const int library = group.time(step_with(std::move(tracer), activity));
    const int hand = group.time<FlushToZero>([=]() mutable { plain->hand(activity().data()); });
    group.ratio(table::hand, row, size.label, library, hand);
    if (base != 0) return;
    if constexpr (!std::is_same<X, std::uint8_t>::value) {  // to an expression a byte is what a bool is
      const int eigen = group.time([=]() mutable { plain->eigen(activity()); });
      group.ratio(table::eigen, row, size.label, library, eigen);
    }
    if (size.count != largest.count) return;
    const int bytes = group.time([=]() mutable { plain->bytes(activity().data()); });
    group.ratio(table::memory, row, size.label, library, bytes);
  });
}

template <class T, class X> void dense(const char* types) {
  const std::string row = class_name + ", " + types + " input", each = row + ", tau per element";
  for (const Size size : sizes()) dense<T, X, uniform>(row, size);
  for (const Size size : sizes()) dense<T, X, per_element>(each, size);
  if (!Subject<T>::has_base) return;
  // out of the first cache the additions for a base hide behind memory
  dense<T, X, uniform>(row + ", base not 0", smallest, 0.125);
  dense<T, X, per_element>(each + ", base not 0", smallest, 0.125);
}

/// 16 bits against float. The plain expression in half arithmetic takes so long that it is timed at one size.
template <class T> void sixteen(const char* type) {
  for (const Size size : {smallest, largest}) {
    const std::string row = class_name + ", " + type;
    add_group("16 bit/" + row + "/" + size.label, size.places, [=](Group& group) {
      Subject<T> plain(size.count, 0);
      Activity<bool> activity(size.count);
      const auto time = [&](const auto& subject, spark::Rounding rounding) {
        return group.time(step_with(subject.library({1, 1, rounding}), activity));
      };
      const int library = time(plain, spark::Rounding::Nearest);
      const int floats = time(Subject<float>(size.count, 0), spark::Rounding::Nearest);
      group.ratio(table::sixteen, row, size.label, library, floats);
      if (size.count == largest.count) {
        group.ratio(table::rounding, row, size.label, time(plain, spark::Rounding::Stochastic), library);
      } else {
        const int eigen = group.time([=]() mutable { plain.eigen(activity()); });
        group.ratio(table::eigen, row + ", bool input", size.label, library, eigen);
      }
    });
  }
}

template <class T> void silent(const char* type) {
  add_group("silent/" + class_name + "/" + type, 5, [=](Group& group) {
    constexpr Index size = 1024;
    const Subject<T> subject(size, 0, 5);  // so fast a decay that even a long double would become subnormal
    const Array<bool> nothing = Array<bool>::Zero(size);
    auto tracer = subject.library();
    tracer(Array<bool>::Ones(size));
    for (int step = 0; step < 100000; ++step) tracer(nothing);
    const int silent = group.time(step_with(std::move(tracer), [=]() -> const Array<bool>& { return nothing; }));
    const int active = group.time(step_with(subject.library(), Activity<bool>(size)));
    group.ratio(table::silent, class_name, type, silent, active);
  });
}

const Registration registration([] {
  dense<float, bool>("float, bool");
  dense<float, std::uint8_t>("float, uint8");
  dense<float, float>("float, float");
  dense<double, bool>("double, bool");
  dense<double, std::uint8_t>("double, uint8");
  dense<double, float>("double, float");
  sixteen<Eigen::half>("half");
  sixteen<Eigen::bfloat16>("bfloat16");
  silent<Eigen::half>("half");
  silent<Eigen::bfloat16>("bfloat16");
  silent<float>("float");
  silent<double>("double");
  if (!quick) silent<long double>("long double");
});

}  // namespace
}  // namespace bench
