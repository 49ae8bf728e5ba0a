// For a build without -march: the library's step against the best that the compiler makes of the loop by itself.
#include "subjects.hpp"

namespace bench {
using Plain = subject::Tracer<float>;

template <class X> static void compare(const std::string& input, double base) {
  const std::string row = "Tracer, float, " + input + " input" + (base == 0 ? "" : ", base not 0");
  for (const Size size : sizes()) {
    add_group("baseline/" + row + "/" + size.label, size.places, [=](Group& group) {
      Plain plain(size.count, base);
      Activity<X> activity(size.count);
      const int library = group.time(step_with(plain.library(), activity));
      const int loop = group.time<FlushToZero>([=]() mutable {
        // GCC vectorises the loop over bytes and not that over bools
        using Byte = std::conditional_t<sizeof(X) == 1, std::uint8_t, X>;
        const auto* x = reinterpret_cast<const Byte*>(activity().data());
        plain_loop(plain.trace[0].data(), x, size.count, plain.decay[0], plain.scale, plain.base);
      });
      group.ratio(table::baseline, row, size.label, library, loop);
    });
  }
}

const Registration registration([] {
  compare<bool>("bool", 0);
  compare<std::uint8_t>("uint8", 0);
  compare<float>("float", 0);
  compare<float>("float", 0.125);
});

}  // namespace bench
