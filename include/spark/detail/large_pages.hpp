/// \file
/// Memory that is visited at random.
#pragma once

#include <spark/detail/platform.hpp>

#ifdef __linux__
#include <sys/mman.h>

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <limits>
#include <new>
#else
#include <memory>
#endif

SPARK_NAMESPACE_BEGIN
namespace detail {

#if defined(__linux__) && defined(SPARK_EXCEPTIONS)
/// An allocator that asks the system for large pages: on small ones, finding the page of an element costs more than
/// fetching the element. It is a request; where it is refused all works as well.
template <class T> struct LargePages {
  using value_type = T;

  LargePages() = default;
  template <class U> LargePages(const LargePages<U>&) {}

  T* allocate(std::size_t count) {
    if (count > std::numeric_limits<std::size_t>::max() / (2 * sizeof(T))) throw std::bad_alloc();
    const std::size_t unit = count * sizeof(T) >= page ? page : std::max(alignof(std::max_align_t), alignof(T));
    const std::size_t bytes = (count * sizeof(T) + unit - 1) / unit * unit;
    void* memory = std::aligned_alloc(unit, bytes);
    if (!memory) throw std::bad_alloc();
    if (unit == page) madvise(memory, bytes, MADV_HUGEPAGE);
    return static_cast<T*>(memory);
  }
  void deallocate(T* memory, std::size_t) { std::free(memory); }

  friend bool operator==(LargePages, LargePages) { return true; }
  friend bool operator!=(LargePages, LargePages) { return false; }

 private:
  static constexpr std::size_t page = std::size_t{1} << 21;
};
#else
template <class T> using LargePages = std::allocator<T>;
#endif

}  // namespace detail
SPARK_NAMESPACE_END
