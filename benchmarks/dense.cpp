// The dense step of one class, SPARK_BENCH_CLASS, against everything that a user might do instead; its 16-bit storage
// against float; and silence against activity. Compiled once for each class.
#include "subjects.hpp"

namespace bench {
namespace {

template <class T, class Kind> using Subject = subject::SPARK_BENCH_CLASS<T, Kind>;
const std::string class_name = Subject<float, Uniform>::name;

template <class X> constexpr const char* type_name = nullptr;
template <> constexpr const char* type_name<bool> = "bool";
template <> constexpr const char* type_name<std::uint8_t> = "uint8";
template <> constexpr const char* type_name<float> = "float";
template <> constexpr const char* type_name<double> = "double";
template <> constexpr const char* type_name<long double> = "long double";
template <> constexpr const char* type_name<Eigen::half> = "half";
template <> constexpr const char* type_name<Eigen::bfloat16> = "bfloat16";

template <class T, class X, class Kind>
void dense(const std::string& parameters, Size size, double base, bool only_hand) {
  const std::string row = class_name + ", " + type_name<T> + ", " + type_name<X> + " input" + parameters;
  add_group("dense/" + row + "/" + size.label, size.places, [=](Group& group) {
    using S = Subject<T, Kind>;
    const auto plain = std::make_shared<S>(size.count, base);
    const auto library = std::make_shared<typename S::Library>(plain->library());
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

template <class T, class X> void dense() {
  for (const Size size : sizes()) dense<T, X, Uniform>("", size, 0, false);
  for (const Size size : sizes()) dense<T, X, PerElement>(", tau per element", size, 0, false);
  if (!Subject<T, Uniform>::has_base) return;
  // out of the first cache the additions for a base hide behind memory
  dense<T, X, Uniform>(", base not 0", smallest, 0.125, true);
  dense<T, X, PerElement>(", tau per element, base not 0", smallest, 0.125, true);
}

/// 16 bits against float. The plain expression in half arithmetic takes so long that it is timed at one size.
template <class T> void sixteen() {
  for (const Size size : {smallest, largest}) {
    const std::string row = class_name + ", " + type_name<T>;
    add_group("16 bit/" + row + "/" + size.label, size.places, [=](Group& group) {
      const auto plain = std::make_shared<Subject<T, Uniform>>(size.count, 0);
      const auto activity = std::make_shared<Activity<bool>>(size.count);
      const auto library = [&](auto subject, spark::Rounding rounding) {
        spark::Options options;
        options.seed = 1;
        options.rounding = rounding;
        using Library = typename decltype(subject)::Library;
        return library_step(std::make_shared<Library>(subject.library(options)), activity);
      };
      group.time("library", library(*plain, spark::Rounding::Nearest));
      group.time("float", library(Subject<float, Uniform>(size.count, 0), spark::Rounding::Nearest));
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

/// So fast a decay that even a long double would have become subnormal.
constexpr double short_tau = 5;

template <class T> void silent() {
  const std::string row = class_name;
  add_group("silent/" + row + "/" + type_name<T>, 5, [=](Group& group) {
    constexpr Index size = 1024;
    const auto make = [&] {
      const Subject<T, Uniform> subject(size, 0, short_tau);
      return std::make_shared<typename Subject<T, Uniform>::Library>(subject.library());
    };
    const auto activity = std::make_shared<Activity<bool>>(size);
    const auto active = make(), silent = make();
    const Array<bool> nothing = Array<bool>::Zero(size);
    (*silent)(Array<bool>::Ones(size));
    for (int step = 0; step < 100000; ++step) (*silent)(nothing);
    group.time("silent", step_with(silent, [=]() -> const Array<bool>& { return nothing; }));
    group.time("active", library_step(active, activity));
    group.ratio(table::silent, row, type_name<T>, "silent", "active");
  });
}

const Registration registration([] {
  dense<float, bool>();
  dense<float, std::uint8_t>();
  dense<float, float>();
  dense<double, bool>();
  dense<double, std::uint8_t>();
  dense<double, float>();
  sixteen<Eigen::half>();
  sixteen<Eigen::bfloat16>();
  silent<Eigen::half>();
  silent<Eigen::bfloat16>();
  silent<float>();
  silent<double>();
  if (!effort().quick) silent<long double>();
});

}  // namespace
}  // namespace bench
