// What the archives of cereal, where ARCHIVES_OF_cereal is defined, or else of Boost.Serialization do with tracers.
#ifdef ARCHIVES_OF_cereal
#include <cereal/archives/binary.hpp>
#include <cereal/archives/json.hpp>
#include <cereal/archives/portable_binary.hpp>
#include <cereal/archives/xml.hpp>
#include <cereal/types/string.hpp>
using Archives = std::tuple<std::pair<cereal::BinaryOutputArchive, cereal::BinaryInputArchive>,
                            std::pair<cereal::PortableBinaryOutputArchive, cereal::PortableBinaryInputArchive>,
                            std::pair<cereal::JSONOutputArchive, cereal::JSONInputArchive>,
                            std::pair<cereal::XMLOutputArchive, cereal::XMLInputArchive>>;
#else
#include <boost/archive/binary_iarchive.hpp>
#include <boost/archive/binary_oarchive.hpp>
#include <boost/archive/text_iarchive.hpp>
#include <boost/archive/text_oarchive.hpp>
using Archives = std::tuple<std::pair<boost::archive::text_oarchive, boost::archive::text_iarchive>,
                            std::pair<boost::archive::binary_oarchive, boost::archive::binary_iarchive>>;
#endif

#include "support/catch.hpp"
#include "support/persistence.hpp"

template <class Out, class... T> std::string archived(const T&... values) {
  std::stringstream stream;
  {
    Out archive(stream);
    (archive << ... << values);
  }
  return stream.str();
}
template <class In, class... T> void unarchive(const std::string& text, T&... values) {
  std::istringstream stream(text);
  In archive(stream);
  (archive >> ... >> values);
}

// That the text holds 0.5, the synapses and 7.
template <class In> void check_beside(const std::string& text, const spark::RUTracer<Eigen::ArrayXf>& synapses) {
  spark::RUTracer<Eigen::ArrayXf> copy(2, 1, 1, 1);
  double weight = 0;
  int steps = 0;
  unarchive<In>(text, weight, copy, steps);
  CHECK(suite::same(copy, synapses));
  CHECK((weight == 0.5 && steps == 7));
}

TEMPLATE_LIST_TEST_CASE("a tracer that comes out of an archive is the one that went in", "", Archives) {
  using Out = typename TestType::first_type;
  using In = typename TestType::second_type;
  const auto check = [](const auto& tracer, auto copy) {  // of the same shape, and different in all else
    unarchive<In>(archived<Out>(tracer), copy);
    CHECK(suite::saved(copy) == suite::saved(tracer));
  };
  using Floats = spark::Tracer<Eigen::ArrayXf, spark::Exact>;
  Floats floats(3, INFINITY, Eigen::Array3f(0.1f, 0.2f, 0.3f), 0.3, {0.1, ~std::uint64_t{0}});
  floats.set_trace(Eigen::Array3f(-0.0f, std::numeric_limits<float>::quiet_NaN(), 1e-30f));
  floats.rng().discard(3);
  floats.advance(5);
  check(floats, Floats(3, 1));

  using Long = spark::Tracer<Eigen::Array<long double, 1, 2>>;
  Long longs({1, 2}, 20, 1, 0.25);
  longs.set_trace(Eigen::Array<long double, 1, 2>(-1.0L / 3, INFINITY));
  check(longs, Long({1, 2}, 10));

  using Halves = spark::Tracer<suite::Column<Eigen::half>>;
  spark::EventDriven<Halves> events(Halves(3, 10000, 1, 0, {1, 2, spark::Rounding::Stochastic}));
  events.advance(7);
  events(spark::spikes(std::array<int, 2>{2, 2}));
  check(events, spark::EventDriven<Halves>(Halves(3, 10)));

  const spark::RUTracer<Eigen::ArrayXf> synapses(2, 100, 10, 0.5);
  check_beside<In>(archived<Out>(0.5, synapses, 7), synapses);

  // All else that is refused: persistence_format_test.cpp.
  const std::string text = archived<Out>(floats);
  const auto refusal = [&](auto tracer, suite::Wording words) {
    return suite::refusal_into(tracer, words, [&](auto& into) { unarchive<In>(text, into); });
  };
  CHECK(refusal(Floats(4, 20), {"cannot load: shape must be 4x1, got 3x1"}) == "");
  CHECK(refusal(spark::NearestTracer<Eigen::ArrayXf, spark::Exact>(3, 20), {"class"}) == "");
}

#ifdef ARCHIVES_OF_cereal
TEST_CASE("cereal's archives name each value, and lie beside named data") {
  const spark::RUTracer<Eigen::ArrayXf> tracer(2, 100, Eigen::Array2f(10, 20), 0.5);
  const std::string text = archived<cereal::JSONOutputArchive>(
      cereal::make_nvp("weight", 0.5), cereal::make_nvp("synapses", tracer), cereal::make_nvp("steps", 7));
  for (const char* name : {"class\": \"RUTracer", "R_tau\"", "U_tau.0\"", "U_tau.1\"", "scale_U\"", "trace_R.0\""})
    CHECK_THAT(text, Catch::Matchers::ContainsSubstring(name));
  check_beside<cereal::JSONInputArchive>(text, tracer);
}
#endif
