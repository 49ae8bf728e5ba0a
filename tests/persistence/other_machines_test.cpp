// What one machine has saved another goes on with: every processor that fuses multiply and add makes the same files of
// the same spikes, and so does every one that does not.
#include "support/catch.hpp"
#include "support/kinds.hpp"
#include "support/persistence.hpp"

using namespace suite;

// The checksum of a tracer's file after 200 steps. Euler, since exp may differ in the last digit between systems.
template <class Kind, class S> static std::string mark() {
  auto tracer = typical<Kind, Column<S>>(203, spark::Options{1, 7, spark::Rounding::Stochastic});
  Random random(7);
  take_steps(tracer, random, 200);
  const std::string bytes = saved(tracer);
  std::ostringstream text;
  text << std::hex << spark::detail::crc32(bytes.data(), static_cast<int>(bytes.size()) - 4, 0) << ' ';
  return text.str();
}
template <class S, class... Kind> static std::string marks(Kinds<Kind...>) { return (mark<Kind, S>() + ...); }

TEST_CASE("the files of every class are the same on other processors") {
  constexpr bool fused = spark::detail::fused_multiply_add;
  CHECK(marks<float>(EveryKind()) ==
        (fused ? "6babf3ab a042bc7 6963325d db414676 34edf978 be38ccef bd824c26 817a850c "
               : "3866754f c7468127 a42198bd f3b8c555 1a6b3b40 893da3d4 1f3eb34f 908d4534 "));
  CHECK(marks<double>(DoubleKinds()) == (fused ? "6f0209df e36696d5 " : "30cae16c 42cf8dc0 "));
  CHECK(marks<Eigen::half>(SingleKinds()) == "c7618bc3 623b6652 7c83de65 ");
  CHECK(marks<Eigen::bfloat16>(EveryKind()) ==
        "4cba8fd7 8f030e5c 37a013eb 8b94c07e 9e68a867 596c4d5c b02e4d86 85f64e8c ");
}
