// Laws are read member by member.
#include <array>
#include <spark/law/law.hpp>

#include "catch.hpp"

TEST_CASE("the members of an aggregate are reached by number") {
  spark::for_each_index<8>([](auto last) {
    constexpr int count = last + 1;
    std::array<double, count> a{};
    STATIC_REQUIRE(spark::members<std::array<double, count>, double> == count);
    auto all = spark::tie<count>(a);
    STATIC_REQUIRE(std::tuple_size_v<decltype(all)> == count);
    spark::for_each_index<count>([&](auto j) { CHECK(&std::get<j>(all) == &a[j]); });
  });
}
