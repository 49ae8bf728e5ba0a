// Dense steps of every class, for script/ports to look at their assembly.
#include "../support/kinds.hpp"

// Steps of numbers, of bits, and of bool.
template <class Array, class Integration, class... Kind> static void step(suite::Kinds<Kind...>) {
  constexpr Eigen::Index size = 9;
  const std::vector<std::uint64_t> words(1);
  const auto take = [&](auto tracer) {
    tracer(Array::Ones(size).eval());
    tracer(suite::Column<bool>::Ones(size).eval());
    tracer(spark::spike_bits(words, size));
  };
  (take(suite::typical<Kind, Array, Integration>(size)), ...);
}

int main() {
  step<Eigen::ArrayXf, spark::Euler>(suite::EveryKind());
  step<Eigen::ArrayXd, spark::Exact>(suite::EveryKind());
}
