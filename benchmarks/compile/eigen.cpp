// Eigen alone
#include <Eigen/Core>
