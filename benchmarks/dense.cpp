// Of one class, SPARK_BENCH_CLASS: the dense step against everything that a user might do instead, 16-bit storage
// against float, and silence against activity.
#include "subjects.hpp"

namespace bench {
namespace {

template <class T, Kind kind = uniform> using Subject = subject::SPARK_BENCH_CLASS<T, kind>;
const std::string class_name = Subject<float>::name;

template <class T, class X, Kind kind> void dense(const std::string& row, Size size, double base, bool only_hand) {
  add_group("dense/" + row + "/" + size.label, size.places, [=](Group& group) {
    const auto plain = std::make_shared<Subject<T, kind>>(size.count, base);
    const auto library = library_of(*plain);
    const auto activity = std::make_shared<Activity<X>>(size.count);

    for (int step = 0; step < 2; ++step) {
      const X* x = activity->next();
      const Array<T> output = (*library)(Input<X>(x, size.count));
      step == 0 ? plain->eigen(Input<X>(x, size.count)) : plain->hand(x);
      require_equal(row, static_cast<double>((output - plain->output()).abs().maxCoeff()));
    }

    group.time("library", library_step(library, activity));
    group.time<FlushToZero>("hand", [=] { plain->hand(activity->next()); });
    group.ratio(table::hand, row, size.label, "library", "hand");
    if (only_hand) return;
    if constexpr (!std::is_same<X, std::uint8_t>::value) {  // to an expression a byte is what a bool is
      group.time("eigen", [=] { plain->eigen(Input<X>(activity->next(), size.count)); });
      group.ratio(table::eigen, row, size.label, "library", "eigen");
    }
    if (size.count != largest.count) return;
    group.time("bytes", [=] { plain->bytes(activity->next()); });
    group.ratio(table::memory, row, size.label, "library", "bytes");
  });
}

template <class T, class X> void dense(const char* types) {
  const std::string row = class_name + ", " + types + " input", each = row + ", tau per element";
  for (const Size size : sizes()) dense<T, X, uniform>(row, size, 0, false);
  for (const Size size : sizes()) dense<T, X, per_element>(each, size, 0, false);
  if (!Subject<T>::has_base) return;
  // out of the first cache the additions for a base hide behind memory
  dense<T, X, uniform>(row + ", base not 0", smallest, 0.125, true);
  dense<T, X, per_element>(each + ", base not 0", smallest, 0.125, true);
}

/// 16 bits against float. The plain expression in half arithmetic takes so long that it is timed at one size.
template <class T> void sixteen(const char* type) {
  for (const Size size : {smallest, largest}) {
    const std::string row = class_name + ", " + type;
    add_group("16 bit/" + row + "/" + size.label, size.places, [=](Group& group) {
      const auto plain = std::make_shared<Subject<T>>(size.count, 0);
      const auto activity = std::make_shared<Activity<bool>>(size.count);
      const auto library = [&](const auto& subject, spark::Rounding rounding) {
        return library_step(library_of(subject, {1, 1, rounding}), activity);
      };
      group.time("library", library(*plain, spark::Rounding::Nearest));
      group.time("float", library(Subject<float>(size.count, 0), spark::Rounding::Nearest));
      group.ratio(table::sixteen, row, size.label, "library", "float");
      if (size.count == largest.count) {
        group.time("stochastic", library(*plain, spark::Rounding::Stochastic));
        group.ratio(table::rounding, row, size.label, "stochastic", "library");
      } else {
        group.time("eigen", [=] { plain->eigen(Input<bool>(activity->next(), size.count)); });
        group.ratio(table::eigen, row + ", bool input", size.label, "library", "eigen");
      }
    });
  }
}

template <class T> void silent(const char* type) {
  add_group("silent/" + class_name + "/" + type, 5, [=](Group& group) {
    constexpr Index size = 1024;
    const Subject<T> subject(size, 0, 5);  // so fast a decay that even a long double would become subnormal
    const auto activity = std::make_shared<Activity<bool>>(size);
    const auto active = library_of(subject), silent = library_of(subject);
    const Array<bool> nothing = Array<bool>::Zero(size);
    (*silent)(Array<bool>::Ones(size));
    for (int step = 0; step < 100000; ++step) (*silent)(nothing);
    group.time("silent", step_with(silent, [=]() -> const Array<bool>& { return nothing; }));
    group.time("active", library_step(active, activity));
    group.ratio(table::silent, class_name, type, "silent", "active");
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
