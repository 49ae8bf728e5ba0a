// Loading any bytes. What is loaded is saved as the same bytes, and goes on as a copy of it does; what is refused is
// refused with a reason, changes nothing, and takes no more memory than the bytes warrant.
#include <optional>
#include <tuple>

#include "../support/allocated.hpp"
#include "../support/persistence.hpp"
#include "harness.hpp"

using namespace spark;
using fuzz::require;
using suite::allocated_bytes, suite::saved;

// A tracer of each class; between them all scalars, orders, and ways to know a shape.
const auto examples = std::make_tuple(
    Tracer<Eigen::ArrayXf>(2, 20.0, Eigen::Array2f(1.5f, -2.0f)),
    EventDriven(SaturableTracer<Eigen::Array<float, 2, 2>, Exact>(20.0)),
    NearestTracer<Eigen::Array<Eigen::bfloat16, 1, Eigen::Dynamic>>(3, 20.0),
    DoubleTracer<suite::Column<long double>, Exact>(2, 5.0, 20.0),
    SaturableDoubleTracer<Eigen::ArrayXd, Exact>(2, 5.0, 20.0),  // its silence may take its time
    RUTracer<suite::RowMajor<Eigen::half>, Exact>({2, 2}, 800.0, 0.0, 0.5, {1, 7, Rounding::Stochastic}),
    EventDriven(RDTracer<Eigen::ArrayXXd>({2, 2}, 2.0, 20.0)),
    EventDriven(RFSTracer<suite::Column<Eigen::half>>(2, 0.25, 2.0, 8.0, 40.0)));

// Empty, or why loading was refused.
template <class Load> static std::string refusal(const std::string& bytes, Load load) {
  const std::size_t before = allocated_bytes;
  std::string reason;
  try {
    load();
  } catch (const std::runtime_error& error) {
    reason = error.what();
    require(reason.rfind("cannot load: ", 0) == 0, "a refusal says what could not be done");
  }
  require(allocated_bytes - before <= 8192 + 16 * bytes.size(), "memory is taken for what was read");
  return reason;
}

template <class T> static void go_on(T& tracer) {
  suite::Random random(1);
  try {
    suite::take_steps(tracer, random, 2);
    tracer.masked_reset(spikes(std::vector<int>()));
    tracer.set_dt(tracer.dt());
    suite::take_steps(tracer, random, 1);
    tracer.advance(3);
    suite::take_steps(tracer, random, 1);
  } catch (const std::invalid_argument& error) {
    const std::string reason = error.what();  // the storage cannot follow a time constant, or the clock is at its end
    require(reason.find("for a dense step") != reason.npos || reason.find("2^61") != reason.npos,
            "what was loaded refuses to go on for these alone");
  }
}

template <class T> static void loads(std::string bytes, T example) {
  std::optional<T> loaded;
  std::size_t end = 0;
  const auto load = [&] {
    std::istringstream stream(bytes);
    const std::string reason = refusal(bytes, [&] { loaded.emplace(spark::load<T>(stream)); });
    end = static_cast<std::size_t>(stream.tellg());
    return reason;
  };
  std::string reason = load();
  if (reason == "cannot load: the checksum is wrong") {  // it would keep everybody out
    bytes = suite::sealed(bytes, end);
    reason = load();
    require(reason != "cannot load: the checksum is wrong", "the checksum is the CRC-32 of what is before it");
  }

  const std::string before = saved(example);
  const bool fits = refusal(bytes, [&] { suite::load_into(example, bytes); }).empty();
  require(fits || saved(example) == before, "a refusal changes nothing");
  if (!reason.empty()) return require(!fits, "what cannot be loaded cannot be loaded into a tracer");
  require(fits == (loaded->shape() == example.shape()), "a tracer takes what has its shape");
  require(saved(*loaded) == bytes.substr(0, end), "what was loaded is saved as the same bytes");
  T copy = fits ? example : *loaded;
  require(saved(copy) == saved(*loaded), "loading into a tracer is loading a new one");
  go_on(*loaded);
  go_on(copy);
  require(saved(copy) == saved(*loaded), "what was loaded goes on as its copy, or as what was loaded into");
  const std::string later = saved(*loaded);
  const std::string too_late = refusal(later, [&] { loaded = suite::loaded<T>(later); });
  require(too_late.empty() ? saved(*loaded) == later : too_late.find("clock must lie in") != std::string::npos,
          "what goes on can be saved and loaded");
}

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Choices choices(data, size);
  auto chosen = choices.below(static_cast<int>(std::tuple_size_v<decltype(examples)>));
  const std::string bytes = choices.rest();
  std::apply([&](const auto&... each) { ((chosen-- == 0 ? loads(bytes, each) : void()), ...); }, examples);
  return 0;
}
