// One type in memory, another in registers: all numbers of 16 bits, and every place where rounding turns.
#include "support/catch.hpp"
#include "support/registers.hpp"

using namespace suite;

static void tell(const char* what, int wrong) {
  INFO(what);
  CHECK(wrong == 0);
}

TEMPLATE_TEST_CASE("16 bits hold what is nearest, and are read as they are", "", Eigen::half, Eigen::bfloat16) {
  compare_storage<TestType>(tell);
}

TEMPLATE_TEST_CASE("what lies in memory is read as it is", "", float, double, long double) {
  compare_loads<TestType>(tell);
}

TEST_CASE("double is written as float with one rounding") {
  std::vector<double> doubles;
  for (int i = 0; i < 64; ++i) doubles.push_back(std::pow(1.7, i - 32) / 3);
  CHECK(stored_as<float>(doubles) == std::vector<float>(doubles.begin(), doubles.end()));
}
