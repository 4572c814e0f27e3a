#include "cli/verify/carried.h"

namespace tributary::cli::verify {

CarriedSums WorkOutCarried(const std::vector<CarriedSums>& periods) {
  CarriedSums carried;
  for (const CarriedSums& period : periods) {
    carried.amount += period.amount;
    carried.quantity += period.quantity;
    if (carried.amount > 0) carried.amount = 0;
    if (carried.quantity > 0) carried.quantity = 0;
  }
  return carried;
}

}  // namespace tributary::cli::verify
