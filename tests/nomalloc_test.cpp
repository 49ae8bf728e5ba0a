// After construction nothing allocates: not a step, a run, a reset, an advance, whatever the form of
// the input. Counted at operator new, at malloc (with glibc), and by Eigen's own check.
#define EIGEN_RUNTIME_NO_MALLOC
#include <cstdlib>
#include <new>

namespace {

std::size_t allocations = 0;  // of this thread of execution: the test starts no other
bool counting = false;

void count() {
  if (counting) ++allocations;
}

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
void* malloc(std::size_t size) noexcept {
  count();
  return __libc_malloc(size);
}
void* calloc(std::size_t n, std::size_t size) noexcept {
  count();
  return __libc_calloc(n, size);
}
void* realloc(void* p, std::size_t size) noexcept {
  count();
  return __libc_realloc(p, size);
}
void* aligned_alloc(std::size_t alignment, std::size_t size) noexcept {
  count();
  return __libc_memalign(alignment, size);
}
int posix_memalign(void** p, std::size_t alignment, std::size_t size) noexcept {
  count();
  *p = __libc_memalign(alignment, size);
  return *p ? 0 : 12;
}
}
#endif

#if defined(__GNUC__) && !defined(__clang__) && __GNUC__ >= 11
// once it has inlined these, GCC takes their malloc and free for a mismatch with the operators
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"
#endif
#ifndef SANITIZED
void* operator new(std::size_t size) {
  count();
  if (void* p = std::malloc(size ? size : 1)) return p;
  throw std::bad_alloc();
}
void* operator new[](std::size_t size) { return operator new(size); }
void operator delete(void* p) noexcept { std::free(p); }
void operator delete[](void* p) noexcept { std::free(p); }
void operator delete(void* p, std::size_t) noexcept { std::free(p); }
void operator delete[](void* p, std::size_t) noexcept { std::free(p); }
#endif

#include <array>

#include "catch.hpp"
#include "support/suite.hpp"

using namespace suite;

namespace {

template <class Call>
std::size_t allocations_of(Call call) {
  allocations = 0;
  Eigen::internal::set_is_malloc_allowed(false);
  counting = true;
  call();
  counting = false;
  Eigen::internal::set_is_malloc_allowed(true);
  return allocations;
}

template <class Kind, class A, class Integration>
void check(bool arrays, spark::Rounding rounding = spark::Rounding::Nearest) {
  using S = typename A::Scalar;
  const Index n = size_of<A>, T = 21;
  Setup setup;
  setup.style = arrays ? Style::arrays : Style::numbers;
  setup.rounding = rounding;
  auto tracer = Maker<Kind, A, Integration>::make(setup);
  using Raster = Eigen::Array<bool, Eigen::Dynamic, Eigen::Dynamic>;
  const Eigen::Array<bool, A::RowsAtCompileTime, A::ColsAtCompileTime,
                     A::IsRowMajor ? Eigen::RowMajor : Eigen::ColMajor>
      flags = PlainSubjectOf<Kind, A, Integration>::flags(std::vector<bool>(static_cast<std::size_t>(n), true));
  const A x = A::Constant(tracer.shape().rows, tracer.shape().cols, from_real<S>(0.5));
  const Raster raster = Raster::Constant(n, T, true);
  Eigen::Array<S, Eigen::Dynamic, Eigen::Dynamic> record(n, T);
  const std::vector<int> unsorted = {9, 2, 2, 11, 0, 5}, offsets = {0, 2, 2, 5};
  const std::vector<std::int64_t> sorted = {0, 1, 5, 11};
  const std::vector<std::uint64_t> words(static_cast<std::size_t>((n + 63) / 64 * T), 5);
  std::size_t steps = 0, lists = 0, bits = 0, runs = 0, records = 0, advances = 0, resets = 0;
  for (int k = 0; k < 3; ++k) {
    steps += allocations_of([&] {
      tracer(x), tracer(flags);
      if constexpr (std::is_same_v<Kind, DoubleTracerKind>) tracer(x * x), tracer(x > x);
    });
    lists += allocations_of([&] { tracer(spark::spikes(unsorted)), tracer(spark::spikes(sorted)); });
    bits += allocations_of([&] { tracer(spark::spike_bits(words, n)); });
    runs += allocations_of([&] {
      tracer.run(raster);
      tracer.run(spark::spike_bits(words, n, T));
      tracer.run(spark::spike_events(offsets, unsorted));
    });
    records += allocations_of([&] { tracer.run(raster, record); });
    advances += allocations_of([&] { tracer.advance(1), tracer.advance(1000); });
    resets += allocations_of([&] {
      tracer.masked_reset(flags);
      tracer.masked_reset(spark::spikes(unsorted));
      tracer.masked_reset(spark::spike_bits(words, n));
      tracer.reset();
    });
  }
  INFO(Kind::name << "<" << scalar_name<S>() << ", " << shape_name<A>() << ">, parameters as "
                  << (arrays ? "arrays" : "numbers"));
  CHECK(steps == 0);
  CHECK(lists == 0);
  CHECK(bits == 0);
  CHECK(runs == 0);
  CHECK(records == 0);
  CHECK(advances == 0);
  CHECK(resets == 0);
}

template <class A, class Integration, class... Kind>
void check_all(Kinds<Kind...>) {
  (check<Kind, A, Integration>(false), ...);
  (check<Kind, A, Integration>(true), ...);
}

}  // namespace

#ifndef SANITIZED
TEST_CASE("the counters count") {
  // volatile, or the compiler leaves out a pair that nobody reads
  CHECK(allocations_of([] {
          int* volatile p = new int(3);
          delete p;
        }) > 0);
#ifdef __GLIBC__
  CHECK(allocations_of([] {
          void* volatile p = std::malloc(100);
          std::free(p);
        }) > 0);
#endif
}
#endif

TEST_CASE("nothing allocates after construction: float") {
  check_all<Shapes<float>::Column, spark::Euler>(EveryKind());
}

TEST_CASE("nothing allocates after construction: half") {
  check_all<Shapes<Eigen::half>::RowMajor, spark::Exact>(Kinds<DoubleTracerKind, RUTracerKind>());
  check<TracerKind, Shapes<Eigen::half>::Column, spark::Euler>(false, spark::Rounding::Stochastic);
}

TEST_CASE("a range and an event allocate nothing") {
  spark::Tracer<Eigen::ArrayXf> tracer(100, 20);
  const Eigen::ArrayXf x = Eigen::ArrayXf::Ones(100);
  CHECK(allocations_of([&] { tracer.step(0, 50, x.head(50)), tracer.step(50, 50, x.tail(50)); }) == 0);
  using T = spark::DoubleTracer<Eigen::ArrayXf>;
  spark::EventDriven<T> events(T(100, 10, 20));
  const std::vector<int> list = {99, 3, 3, 50};
  volatile float sink = 0;
  CHECK(allocations_of([&] {
          events(spark::spikes(list));
          events.advance(1000);
          sink = static_cast<float>(events.value(3));
          events.masked_reset(spark::spikes(list));
        }) == 0);
  static_cast<void>(sink);
}
