#include <iostream>
#include <spark/tracers.hpp>
#include <vector>

int main() {
  spark::Tracer<Eigen::ArrayXf, spark::Exact> trace(4, 20.0);  // 4 neurons, tau = 20 steps
  const std::vector<int> fired = {0, 2, 2};                    // neuron 0 once, neuron 2 twice
  trace(spark::spikes(fired));                                 // one step
  trace.advance(20);                                           // twenty more, in silence
  std::cout << trace.value().transpose() << '\n';              // 0.367879 0 0.735759 0
}
