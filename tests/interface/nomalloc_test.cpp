// After construction nothing allocates: not a step, a run, a reset, an advance, whatever the form of
// the input. Counted at operator new, at malloc (with glibc), and by Eigen's own check.
#include <cstdint>
#include <numeric>
#include <spark/tracers.hpp>  // before the functions below, which Clang's intrinsics declare in another way

#include "support/allocated.hpp"
#include "support/catch.hpp"

namespace {

// Calls of malloc and bytes of operator new by this thread: the test starts no other. Volatile, as Clang takes it that
// neither reads or changes a variable.
volatile std::size_t taken = 0;
std::size_t allowed = SIZE_MAX;
volatile bool counting = false;

// False where there is no memory. A sanitizer, which has a malloc of its own, does not ask.
[[maybe_unused]] bool count() { return !counting || (taken = taken + 1) <= allowed; }

}  // namespace

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define SANITIZED 1
#endif
#endif
#if defined(__GLIBC__) && !defined(SANITIZED)
// Under glibc a program may bring its own malloc; a sanitizer already has.
extern "C" {
void* __libc_malloc(std::size_t);
void* __libc_calloc(std::size_t, std::size_t);
void* __libc_realloc(void*, std::size_t);
void* __libc_memalign(std::size_t, std::size_t);
void* malloc(std::size_t size) noexcept { return count() ? __libc_malloc(size) : nullptr; }
void* calloc(std::size_t n, std::size_t size) noexcept { return count() ? __libc_calloc(n, size) : nullptr; }
void* realloc(void* p, std::size_t size) noexcept { return count() ? __libc_realloc(p, size) : nullptr; }
void* aligned_alloc(std::size_t alignment, std::size_t size) noexcept {
  return count() ? __libc_memalign(alignment, size) : nullptr;
}
int posix_memalign(void** p, std::size_t alignment, std::size_t size) noexcept {
  *p = count() ? __libc_memalign(alignment, size) : nullptr;
  return *p ? 0 : 12;
}
}
#endif

#include "support/fixture.hpp"
#include "support/persistence.hpp"

using namespace suite;

static std::size_t bytes_before = 0;

static void allow_nothing() {
  Eigen::internal::set_is_malloc_allowed(false);
  bytes_before = allocated_bytes;
  counting = true;
}
static void allow_all() {
  counting = false;
  taken = taken + (allocated_bytes - bytes_before);
  Eigen::internal::set_is_malloc_allowed(true);
}

template <class Call> static std::size_t taken_by(Call call) {
  taken = 0;
  allow_nothing();
  call();
  allow_all();
  return taken;
}

// Everything between construction and the end of a tracer, three times.
static void live(Subject& t, const Raster& raster, Outputs& record) {
  const auto n = static_cast<std::size_t>(t.size());
  const Inputs x(n, 0.5);
  const Indices unsorted = {9, 2, 2, 11, 0, 5}, sorted = {0, 1, 5, 11};
  const Words words((n + 63) / 64, 5);
  for (int k = 0; k < 3; ++k) {
    t.step(x), t.step_wide(x), t.step_bytes(x), t.step_booleans(x);
    t.step_list(unsorted), t.step_list(sorted), t.step_bits(words, t.size());
    t.step_range(0, 4, Inputs(4, 1)), t.step_range(4, t.size() - 4, Inputs(n - 4, 1));
    for (Form form : every_form) t.run(raster, form), t.run(raster, form, record);
    t.advance(1), t.advance(1000);
    t.masked_reset(std::vector<bool>(n, true)), t.reset_list(unsorted), t.reset_bits(words, t.size()), t.reset();
  }
}

TEST_CASE("the counters count") {
  // volatile, or the compiler leaves out a pair that nobody reads
  int* volatile number = nullptr;
  void* volatile memory = nullptr;
  CHECK(taken_by([&] { number = new int(3); }) > 0);
#if defined(__GLIBC__) && !defined(SANITIZED)
  CHECK(taken_by([&] { memory = std::malloc(100); }) > 0);
#endif
  delete number;
  std::free(memory);
}

TEST_CASE("nothing allocates after construction") {
  Watch::begin = allow_nothing, Watch::end = allow_all;
  Random random(121);
  for (const Fixture& s : every_fixture()) {
    if (!s.takes_every_form) continue;
    const Raster raster = Raster::random(s.size(), 21, true, random);
    Outputs record(21, std::vector<real>(static_cast<std::size_t>(s.size())));
    for (Style style : {Style::numbers, Style::arrays})
      for (const spark::Rounding rounding : {spark::Rounding::Nearest, spark::Rounding::Stochastic}) {
        if (rounding == spark::Rounding::Stochastic && !s.is_16_bit()) continue;
        const auto tracer = s.make({{}, style, 1, 1, rounding});
        taken = 0;
        live(*tracer, raster, record);
        INFO(s.name << ", parameters as " << (style == Style::arrays ? "arrays" : "numbers"));
        CHECK(taken == 0);
      }
  }
  Watch::begin = Watch::end = [] {};
}

TEST_CASE("an expression, a range and an event allocate nothing") {
  using T = spark::DoubleTracer<ArrayXf>;
  T tracer(100, 10, 20);
  spark::EventDriven<T> events(tracer);
  const ArrayXf x = ArrayXf::Constant(100, 0.5f);
  const std::vector<int> list = {99, 3, 3, 50};
  [[maybe_unused]] volatile float sink = 0;
  CHECK(taken_by([&] { tracer(x * x), tracer(x > x); }) == 0);
  CHECK(taken_by([&] { tracer.step(0, 50, x.head(50)), tracer.step(50, 50, x.tail(50)); }) == 0);
  CHECK(taken_by([&] { events(spark::spikes(list)), events.advance(1000); }) == 0);
  CHECK(taken_by([&] { sink = events.value(3), events.masked_reset(spark::spikes(list)); }) == 0);
  // a list that ascends, however long it is and whatever lies behind it
  constexpr int n = 20000;
  std::vector<int> all(n + 1);
  std::iota(all.begin(), all.end() - 1, 0);
  T long_tracer(n, 10, 20);
  CHECK(taken_by([&] { long_tracer(spark::spikes(all.data(), n)); }) == 0);
}

#if defined(__GLIBC__) && !defined(SANITIZED)
// Assigns to copies of `before` while no allocation succeeds, then while the first does, then the first two, until it
// is done: all of `other` is taken over, or nothing. Returns how many allocations that took.
template <class T> std::size_t assign_with_ever_more(const T& before, const T& other) {
  const std::string kept = saved(before), taken_over = saved(other);
  bool failed = true;
  for (allowed = 0; failed; ++allowed) {
    T tracer = before;
    taken = 0;
    counting = true;
    try {
      tracer = other;
      counting = failed = false;
    } catch (const std::bad_alloc&) {
      counting = false;
    }
    CHECK((saved(tracer) == (failed ? kept : taken_over)));
    CHECK(identical(tracer.template coefficient<0>(), (failed ? before : other).template coefficient<0>()));
  }
  return std::exchange(allowed, SIZE_MAX);
}

TEST_CASE("an assignment that finds no memory changes nothing") {
  using Double = spark::DoubleTracer<ArrayXf>;
  Double before(9, ArrayXf::LinSpaced(9, 10, 90), 40);
  before(ArrayXf::Ones(9));
  CHECK(assign_with_ever_more(before, Double(5, ArrayXf::LinSpaced(5, 15, 55), 30)) > 5);

  // Its tracer was assigned, and then there was no memory for the elements.
  using Single = spark::Tracer<ArrayXf>;
  spark::EventDriven events(Single(9, 40));
  events(ArrayXf::Ones(9));
  CHECK(assign_with_ever_more(events, spark::EventDriven(Single(500, 5))) > 1);

  // Copies write memory of the caller.
  using Map = Eigen::Map<ArrayXf>;
  ArrayXf mine(5), yours(5);
  const spark::Tracer<Map> here({Map(mine.data(), 5)}, 20),
      there({Map(yours.data(), 5)}, ArrayXf::LinSpaced(5, 10, 50));
  yours.setOnes();
  CHECK(assign_with_ever_more(here, there) > 2);
  CHECK((mine == 1).all());
}
#endif
