// Archives of cereal: binary, portable, JSON and XML.
#include <cereal/archives/binary.hpp>
#include <cereal/archives/json.hpp>
#include <cereal/archives/portable_binary.hpp>
#include <cereal/archives/xml.hpp>
#include <cereal/types/string.hpp>

#include "archives.hpp"

TEST_CASE("cereal: binary") { check_archives<cereal::BinaryOutputArchive, cereal::BinaryInputArchive>(); }
TEST_CASE("cereal: portable binary") {
  check_archives<cereal::PortableBinaryOutputArchive, cereal::PortableBinaryInputArchive>();
}
TEST_CASE("cereal: JSON") { check_archives<cereal::JSONOutputArchive, cereal::JSONInputArchive>(); }
TEST_CASE("cereal: XML") { check_archives<cereal::XMLOutputArchive, cereal::XMLInputArchive>(); }

TEST_CASE("cereal: names, and beside named data") {
  const spark::RUTracer<Eigen::ArrayXf> tracer(2, 100, Eigen::Array2f(10, 20), 0.5);
  const std::string text = archived<cereal::JSONOutputArchive>(
      cereal::make_nvp("weight", 0.5), cereal::make_nvp("synapses", tracer), cereal::make_nvp("steps", 7));
  for (const char* name : {"class\": \"RUTracer", "R_tau\"", "U_tau.0\"", "U_tau.1\"", "scale_U\"", "trace_R.0\""})
    CHECK_THAT(text, Catch::Matchers::ContainsSubstring(name));
  check_beside<cereal::JSONInputArchive>(text, tracer);
}
