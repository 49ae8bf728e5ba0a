// Traces that live on a GPU. A kernel of one's own steps them through `tracer.view()`, fused with the leaky neuron that
// they drive: each element is read and written once a step. One source for nvcc and hipcc; `gpu [elements [steps]]`.
#include <spark/tracers.hpp>

#include <cmath>
#include <cstdlib>
#include <deque>
#include <iostream>
#include <stdexcept>
#include <string>

#if defined(__HIP__) || defined(__HIPCC__)
#include <hip/hip_runtime.h>
#define GPU(name) hip##name
#else
#include <cuda_runtime.h>
#define GPU(name) cuda##name
#endif

namespace {

void check(GPU(Error_t) error) {
  if (error != GPU(Success)) throw std::runtime_error(GPU(GetErrorString)(error));
}

// Memory of the device.
template <class T> class DeviceArray {
 public:
  explicit DeviceArray(spark::Index size) : size_(static_cast<std::size_t>(size)) {
    check(GPU(Malloc)(reinterpret_cast<void**>(&data_), bytes()));
  }
  DeviceArray(const DeviceArray&) = delete;
  DeviceArray& operator=(const DeviceArray&) = delete;
  ~DeviceArray() { (void)GPU(Free)(data_); }

  T* data() const { return data_; }
  std::size_t bytes() const { return size_ * sizeof(T); }
  void read(const T* from) { check(GPU(Memcpy)(data_, from, bytes(), GPU(MemcpyHostToDevice))); }
  void write(T* to) const { check(GPU(Memcpy)(to, data_, bytes(), GPU(MemcpyDeviceToHost))); }

 private:
  std::size_t size_;
  T* data_ = nullptr;
};

// Milliseconds of what the device does between two points.
class Stopwatch {
 public:
  Stopwatch() {
    check(GPU(EventCreate)(&begin_));
    check(GPU(EventCreate)(&end_));
    check(GPU(EventRecord)(begin_, nullptr));
  }
  Stopwatch(const Stopwatch&) = delete;
  Stopwatch& operator=(const Stopwatch&) = delete;
  ~Stopwatch() {
    (void)GPU(EventDestroy)(begin_);
    (void)GPU(EventDestroy)(end_);
  }
  float stop() {
    check(GPU(EventRecord)(end_, nullptr));
    check(GPU(EventSynchronize)(end_));
    float ms = 0;
    check(GPU(EventElapsedTime)(&ms, begin_, end_));
    return ms;
  }

 private:
  GPU(Event_t) begin_, end_;
};

// A leaky neuron that fires at 1 and starts again from 0; its input comes from its trace.
struct Neuron {
  float keep = 0.95f, weight = 0.01f;
};

// Whether element i is hit from outside in step k: a hash of both, the same on device and processor.
EIGEN_DEVICE_FUNC inline bool stimulated(std::uint32_t i, std::uint32_t k) {
  std::uint32_t h = i * 0x9e3779b9u + k * 0x85ebca6bu;
  h = (h ^ (h >> 16)) * 0x7feb352du;
  h = (h ^ (h >> 15)) * 0x846ca68bu;
  return ((h ^ (h >> 16)) & 31u) == 0;
}

// One step of one element: the trace of the spikes, and the neuron that it drives.
template <class View>
EIGEN_DEVICE_FUNC inline void step(const View& view, const Neuron& neuron, float* v, spark::Index i, std::uint32_t k) {
  const float spike = stimulated(static_cast<std::uint32_t>(i), k) ? 1.0f : 0.0f;
  const float current = view.step(i, spike);
  using std::fma;  // as the library does: rounded once, here and there
  const float risen = fma(neuron.keep, v[i], neuron.weight * current);
  v[i] = risen >= 1.0f ? 0.0f : risen;
}

template <class View> __global__ void step_all(View view, Neuron neuron, float* v, spark::Index size, std::uint32_t k) {
  const spark::Index i = static_cast<spark::Index>(blockIdx.x) * blockDim.x + threadIdx.x;
  if (i < size) step(view, neuron, v, i, k);
}

constexpr unsigned threads = 256;

// Steps per element as far apart as the units in the last place of the larger.
double units_apart(float a, float b) {
  if (a == b || (std::isnan(a) && std::isnan(b))) return 0;
  const float larger = std::max(std::abs(a), std::abs(b));
  return std::abs(double(a) - double(b)) / (double(larger) * std::numeric_limits<float>::epsilon());
}

// Bytes that the device copies in a millisecond, each counted where it is read and where it is written.
double copied_per_ms() {
  DeviceArray<float> from(spark::Index{1} << 26), to(spark::Index{1} << 26);
  const auto copy = [&] { check(GPU(Memcpy)(to.data(), from.data(), to.bytes(), GPU(MemcpyDeviceToDevice))); };
  copy();
  Stopwatch watch;
  for (int k = 0; k < 10; ++k) copy();
  return 10.0 * 2.0 * double(to.bytes()) / watch.stop();
}

template <class Tracer> bool compare(Tracer tracer, int steps, double per_ms) {
  constexpr int states = Tracer::states;
  const spark::Index size = tracer.size();
  const Neuron neuron;

  // Allocate and copy: the state moves, and the view is told where. Coefficients that are numbers travel in the view.
  auto view = tracer.view();
  std::deque<DeviceArray<float>> memory;
  for (int j = 0; j < states; ++j) {
    memory.emplace_back(size).read(view.state[j]);
    view.state[j] = memory.back().data();
  }
  DeviceArray<float> v(size);
  Eigen::ArrayXf on_device = Eigen::ArrayXf::Zero(size);
  v.read(on_device.data());

  // Step.
  const auto blocks = static_cast<unsigned>((size + threads - 1) / threads);
  step_all<<<blocks, threads>>>(view, neuron, v.data(), size, 0u);  // the first loads the code
  check(GPU(DeviceSynchronize)());
  Stopwatch watch;
  for (int k = 1; k < steps; ++k)
    step_all<<<blocks, threads>>>(view, neuron, v.data(), size, static_cast<std::uint32_t>(k));
  check(GPU(GetLastError)());
  const double ms = watch.stop() / std::max(1, steps - 1);

  // Copy back, into another tracer, which could now be saved, and compare with the processor's on a sample of the
  // elements.
  Tracer returned = tracer;
  for (int j = 0; j < states; ++j) memory[static_cast<std::size_t>(j)].write(returned.view().state[j]);
  v.write(on_device.data());
  double apart = 0;
  Eigen::ArrayXf on_host = Eigen::ArrayXf::Zero(size);
  const auto home = tracer.view(), back = returned.view();
  for (spark::Index i = 0; i < size; i += std::max<spark::Index>(1, size / 4096)) {
    for (int k = 0; k < steps; ++k) step(home, neuron, on_host.data(), i, static_cast<std::uint32_t>(k));
    for (int j = 0; j < states; ++j) apart = std::max(apart, units_apart(home.state[j][i], back.state[j][i]));
    apart = std::max(apart, units_apart(on_host[i], on_device[i]));
  }

  const double bytes = 2.0 * (states + 1) * sizeof(float) * double(size);
  std::cout << Tracer::name << ": " << ms << " ms a step, " << bytes / ms / per_ms
            << " of the bandwidth of a copy; at most " << apart << " units in the last place from the processor after "
            << steps << " steps\n";
  return apart <= 2;
}

}  // namespace

int main(int argc, char** argv) try {
  const spark::Index size = argc > 1 ? std::stoll(argv[1]) : spark::Index{1} << 26;
  const int steps = argc > 2 ? std::stoi(argv[2]) : 1000;
  using Array = Eigen::ArrayXf;
  const double per_ms = copied_per_ms();
  std::cout << "copy: " << per_ms / 1e6 << " GB/s\n";
  bool equal = compare(spark::Tracer<Array>(size, 20.0f), steps, per_ms);
  equal &= compare(spark::DoubleTracer<Array>(size, 5.0f, 20.0f), steps, per_ms);
  equal &= compare(spark::RUTracer<Array>(size, 800.0f, 50.0f, 0.3f), steps, per_ms);
  return equal ? EXIT_SUCCESS : EXIT_FAILURE;
} catch (const std::exception& error) {
  std::cerr << error.what() << '\n';
  return EXIT_FAILURE;
}
