/// \file
/// Numbers as bytes, the same on every machine: little-endian, floating point by its IEEE 754 bits.
#pragma once

#include <spark/detail/error.hpp>
#include <spark/detail/storage.hpp>

#include <istream>
#include <ostream>

SPARK_NAMESPACE_BEGIN
namespace detail {

/// The bits of a number, the lowest in `low`.
struct Bits {
  std::uint64_t low = 0;
  std::uint64_t high = 0;
};

/// Binary digits of a floating-point type, else 0.
template <class T> constexpr int digits_of =
    std::is_floating_point<T>::value || is_16_bit<T> ? std::numeric_limits<T>::digits : 0;

/// How many bytes a number takes when it is written.
template <class T> constexpr int bytes_of = digits_of<T> == 64 ? 10 : static_cast<int>(sizeof(T));

/// What a floating-point type is called in a file: by its format, whatever the compiler calls it.
template <class T> constexpr const char* format_of() {
  constexpr int digits = digits_of<T>;
  static_assert(digits == 8 || digits == 11 || digits == 24 || digits == 53 || digits == 64 || digits == 113,
                "spark: only half, bfloat16, float, double and long double (but for pairs of doubles) can be saved");
  return digits == 8    ? "bfloat16"
         : digits == 11 ? "float16"
         : digits == 24 ? "float32"
         : digits == 53 ? "float64"
         : digits == 64 ? "float80"
                        : "float128";
}

/// The unsigned integer of as many bytes as T has.
template <class T> using Unsigned =
    std::conditional_t<sizeof(T) == 2, std::uint16_t, std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>>;

/// The position of the lower word in a number of two: the integer bits of 1 are all in the upper. An x87 number is
/// followed by padding instead.
template <class T> int lower_word() {
  if (digits_of<T> == 64) return 0;
  const T one(1);
  std::uint64_t words[2];
  std::memcpy(words, &one, sizeof words);
  return words[0] == 0 ? 0 : 1;
}
template <class T> Bits bits_of(const T& x) {
  if constexpr (std::is_integral<T>::value) {
    return {static_cast<std::uint64_t>(x)};
  } else if constexpr (sizeof(T) <= 8) {
    return {Eigen::numext::bit_cast<Unsigned<T>>(x)};
  } else {
    std::uint64_t words[2] = {};
    std::memcpy(words, &x, bytes_of<T>);
    return {words[lower_word<T>()], words[1 - lower_word<T>()]};
  }
}
template <class T> T number_of(const Bits& bits) {
  if constexpr (std::is_integral<T>::value) {
    return static_cast<T>(bits.low);
  } else if constexpr (sizeof(T) <= 8) {
    return Eigen::numext::bit_cast<T>(static_cast<Unsigned<T>>(bits.low));
  } else {
    std::uint64_t words[2];
    words[lower_word<T>()] = bits.low;
    words[1 - lower_word<T>()] = bits.high;
    T x(0);
    std::memcpy(&x, words, bytes_of<T>);
    return x;
  }
}

/// The checksum of zlib, PNG and Ethernet (ISO 3309, polynomial 0x04c11db7): it finds every change of up to 32
/// neighbouring bits, and of other changes all but one in 2^32.
class Crc32 {
 public:
  void add(const unsigned char* bytes, int count) {
    for (int i = 0; i < count; ++i) {
      rest_ ^= bytes[i];
      rest_ = rest_ >> 4 ^ table[rest_ & 15];
      rest_ = rest_ >> 4 ^ table[rest_ & 15];
    }
  }
  std::uint32_t value() const { return ~rest_; }

 private:
  static constexpr std::uint32_t table[16] = {0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4,
                                              0x4db26158, 0x5005713c, 0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c,
                                              0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c};  // of half a byte
  std::uint32_t rest_ = 0xffffffffu;
};

/// The first bytes of every saved tracer. As in PNG, the non-ASCII byte and the line ends expose a transfer as text.
inline constexpr unsigned char magic[8] = {0x89, 'S', 'P', 'K', '\r', '\n', 0x1a, '\n'};

/// Writes to a stream: the magic bytes, whatever is put, and in the end the checksum of all that.
class ByteWriter {
 public:
  explicit ByteWriter(std::ostream& stream) : stream_(stream) { write(magic, sizeof magic); }

  template <class T> void operator()(const char*, const T& number, std::int64_t = -1) {
    put(bits_of(number), bytes_of<T>);
  }
  void operator()(const char*, const std::string& text) {
    if (text.size() > 255) raise<std::runtime_error>("cannot save: a name has more than 255 bytes");
    put({text.size()}, 1);
    write(reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
  }
  void finish() {
    put({crc_.value()}, 4);
    require([&] { stream_.flush(); });
  }

 private:
  void put(const Bits& bits, int count) {
    unsigned char bytes[16];
    for (int i = 0; i < 16 && i < count; ++i)
      bytes[i] = static_cast<unsigned char>((i < 8 ? bits.low >> 8 * i : bits.high >> 8 * (i - 8)) & 0xff);
    write(bytes, count);
  }
  void write(const unsigned char* bytes, int count) {
    crc_.add(bytes, count);
    require([&] { stream_.write(reinterpret_cast<const char*>(bytes), count); });
  }
  /// A stream may throw an exception of its own where it fails.
  template <class Do> void require(Do act) {
#ifdef SPARK_EXCEPTIONS
    try {
      act();
    } catch (const std::ios_base::failure&) {
    }
#else
    act();
#endif
    if (!stream_) raise<std::runtime_error>("cannot save: the stream failed");
  }

  std::ostream& stream_;
  Crc32 crc_;
};

/// Reads that, and not a byte more. Throws std::runtime_error.
class ByteReader {
 public:
  explicit ByteReader(std::istream& stream) : stream_(stream) {
    for (const unsigned char expected : magic)
      if (get(1).low != expected) raise<std::runtime_error>("cannot load: this is not a saved tracer");
  }

  template <class T> void operator()(const char*, T& number, std::int64_t = -1) {
    number = number_of<T>(get(bytes_of<T>));
  }
  void operator()(const char*, std::string& text) {
    unsigned char bytes[255];
    const auto size = static_cast<int>(get(1).low);
    read(bytes, size);
    text.assign(bytes, bytes + size);
  }
  void finish() {
    const std::uint32_t expected = crc_.value();
    if (get(4).low != expected) raise<std::runtime_error>("cannot load: the checksum is wrong");
  }

 private:
  Bits get(int count) {
    unsigned char bytes[16];
    read(bytes, count);
    Bits bits;
    for (int i = 0; i < count; ++i) (i < 8 ? bits.low : bits.high) |= std::uint64_t{bytes[i]} << 8 * (i % 8);
    return bits;
  }
  void read(unsigned char* bytes, int count) {
    bool whole = false;
#ifdef SPARK_EXCEPTIONS
    try {
      stream_.read(reinterpret_cast<char*>(bytes), count);
      whole = stream_.gcount() == count;
    } catch (const std::ios_base::failure&) {
    }
#else
    stream_.read(reinterpret_cast<char*>(bytes), count);
    whole = stream_.gcount() == count;
#endif
    if (!whole) raise<std::runtime_error>("cannot load: the data end too early");
    crc_.add(bytes, count);
  }

  std::istream& stream_;
  Crc32 crc_;
};

}  // namespace detail
SPARK_NAMESPACE_END
