// What one machine has saved another goes on with: every processor that fuses multiply and add makes the same files of
// the same spikes, and so does every one that does not. The numbers of a new class, or of another format,
// are those that fail here, on x86 with -march=haswell and without.
#include "support/catch.hpp"
#include "support/kinds.hpp"
#include "support/persistence.hpp"

using namespace suite;

using Checksums = std::vector<std::uint32_t>;

// Of the file after 100 steps, which are taken from a file after 100. Euler, since exp may differ in the last digit
// between systems.
template <class Kind, class S> static void check(std::uint32_t want) {
  auto tracer = typical<Kind, Column<S>>(203, spark::Options{1, 7, spark::Rounding::Stochastic});
  Random random(7);
  take_steps(tracer, random, 100);
  auto other = loaded<decltype(tracer)>(saved(tracer));
  take_steps(other, random, 100);
  const std::string bytes = saved(other);
  const std::uint32_t got = spark::detail::crc32(bytes.data(), static_cast<int>(bytes.size()) - 4, 0);
  INFO(Kind::name << " of " << scalar_name<S>() << std::hex << ": 0x" << got);
  CHECK(got == want);
}
template <class S, class... Kind> static void check_each(Kinds<Kind...>, Checksums want) {
  want.resize(std::max(want.size(), sizeof...(Kind)));  // 0 for a class that has none yet
  REQUIRE(want.size() == sizeof...(Kind));
  auto next = want.begin();
  (check<Kind, S>(*next++), ...);
}

TEST_CASE("the files of every class are the same on other processors") {
  constexpr bool fused = spark::detail::fused_multiply_add;
  check_each<float>(EveryKind(), fused ? Checksums{0x6babf3ab, 0x0a042bc7, 0x6963325d, 0xdb414676, 0x34edf978,
                                                   0xbe38ccef, 0xbd824c26, 0x817a850c}
                                       : Checksums{0x3866754f, 0xc7468127, 0xa42198bd, 0xf3b8c555, 0x1a6b3b40,
                                                   0x893da3d4, 0x1f3eb34f, 0x908d4534});
  check_each<double>(DoubleKinds(), fused ? Checksums{0x6f0209df, 0xe36696d5} : Checksums{0x30cae16c, 0x42cf8dc0});
  check_each<Eigen::half>(SingleKinds(), {0xc7618bc3, 0x623b6652, 0x7c83de65});
  check_each<Eigen::bfloat16>(
      EveryKind(), {0x4cba8fd7, 0x8f030e5c, 0x37a013eb, 0x8b94c07e, 0x9e68a867, 0x596c4d5c, 0xb02e4d86, 0x85f64e8c});
}
