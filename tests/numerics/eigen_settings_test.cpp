// What a user may ask of Eigen for a whole program: another default order, and an index of 32 bits as it is on
// 32-bit processors.
#define EIGEN_DEFAULT_TO_ROW_MAJOR
#define EIGEN_DEFAULT_DENSE_INDEX_TYPE int
#include <spark/tracers.hpp>
#include <vector>

#include "support/catch.hpp"

using Eigen::ArrayXd;
using Eigen::ArrayXXd;

TEST_CASE("a run records into arrays of the default order") {
  static_assert(ArrayXXd::IsRowMajor);
  spark::Tracer<ArrayXd> tracer(70, 20), stepped(70, 20);
  const ArrayXXd raster = (ArrayXXd::Random(70, 9) > 0.5).cast<double>();
  ArrayXXd record(70, 9);
  tracer.run(raster, record);
  for (Eigen::Index k = 0; k < 9; ++k) CHECK((record.col(k) == stepped(raster.col(k))).all());
}

TEST_CASE("an index is not cut to the length of Eigen's") {
  spark::Tracer<ArrayXd> tracer(70, 20);
  const std::int64_t beyond = std::int64_t{1} << 32;  // 0, if it were cut to 32 bits
  const std::vector<std::int64_t> indices = {3, beyond};
  CHECK_THROWS_AS(tracer(spark::spikes(indices)), std::out_of_range);
  CHECK_THROWS_AS(tracer.masked_reset(spark::spikes(indices)), std::out_of_range);
  CHECK_THROWS_AS(spark::spike_events(std::vector<std::int64_t>{0, beyond + 1}, indices), std::invalid_argument);
  CHECK((tracer.trace() == 0).all());
}
