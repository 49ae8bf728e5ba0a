// Laws are read member by member.
#include <array>
#include <spark/detail/law.hpp>

#include "support/catch.hpp"

TEST_CASE("the members of an aggregate are reached by number") {
  spark::detail::for_each_index<8>([](auto last) {
    constexpr int count = last + 1;
    std::array<double, count> a{};
    STATIC_REQUIRE(spark::detail::members<std::array<double, count>, double> == count);
    spark::detail::for_each_index<count>([&](auto j) { CHECK(&spark::detail::member<j, count>(a) == &a[j]); });
  });
}
