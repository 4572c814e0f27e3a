#pragma once

#include <cstdint>
#include <string>

namespace tributary::cli {

// Where the fact of that name stands among others of its day: "partners/p1/invoices/INV1/lines/2" in document INV1 at
// 2, "partners/p1/sales/R1.2" in R1 at 2, "partners/p1/deals/d1" in d1 at 1.
struct Place {
  std::string document;
  int64_t line = 0;
};
Place PlaceOf(const std::string& fact);

}  // namespace tributary::cli
