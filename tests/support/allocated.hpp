// Counts what operator new gives, for the one source file of a program that includes this.
#pragma once

#include <cstddef>
#include <cstdlib>
#include <new>

namespace suite {

// volatile, as Clang takes it that no `new` changes a variable
inline volatile std::size_t allocated_bytes = 0;

}  // namespace suite

#if defined(__GNUC__) && !defined(__clang__) && __GNUC__ >= 11
// once it has inlined these, GCC takes their malloc and free for a mismatch with the operators
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"
#endif
void* operator new(std::size_t size) {
  suite::allocated_bytes = suite::allocated_bytes + size;
  if (void* p = std::malloc(size ? size : 1)) return p;
  throw std::bad_alloc();
}
void* operator new[](std::size_t size) { return operator new(size); }
void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return std::malloc(size ? size : 1); }
void operator delete(void* p) noexcept { std::free(p); }
void operator delete[](void* p) noexcept { std::free(p); }
void operator delete(void* p, std::size_t) noexcept { std::free(p); }
void operator delete[](void* p, std::size_t) noexcept { std::free(p); }
