// Archives of Boost.Serialization: text and binary.
#include <boost/archive/binary_iarchive.hpp>
#include <boost/archive/binary_oarchive.hpp>
#include <boost/archive/text_iarchive.hpp>
#include <boost/archive/text_oarchive.hpp>

#include "archives.hpp"
#include "support/catch.hpp"

namespace {

struct Way {
  template <class Out, class T> static void out(Out& archive, const T& tracer) { archive << tracer; }
  template <class In, class T> static void in(In& archive, T& tracer) { archive >> tracer; }
};

}  // namespace

TEST_CASE("Boost: text") { check_archives<boost::archive::text_oarchive, boost::archive::text_iarchive, Way>(); }
TEST_CASE("Boost: binary") { check_archives<boost::archive::binary_oarchive, boost::archive::binary_iarchive, Way>(); }

TEST_CASE("Boost: beside other data") {
  const spark::RUTracer<Eigen::ArrayXf> tracer(2, 100, 10, 0.5);
  std::stringstream text;
  {
    boost::archive::text_oarchive archive(text);
    const double weight = 0.5;
    const int steps = 7;
    archive << weight << tracer << steps;
  }
  spark::RUTracer<Eigen::ArrayXf> copy(2, 1, 1, 1);
  double weight = 0;
  int steps = 0;
  boost::archive::text_iarchive archive(text);
  archive >> weight >> copy >> steps;
  CHECK(suite::same(copy, tracer));
  CHECK(weight == 0.5);
  CHECK(steps == 7);
}
