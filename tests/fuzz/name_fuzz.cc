// libFuzzer: two names of any bytes are compared without a fault, the same both ways round, and each equals itself.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "common/matching/company_match.h"
#include "common/matching/customer_name.h"

namespace {

namespace matching = tributary::matching;

void Require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const size_t half = text.find('\n') == std::string_view::npos ? size / 2 : text.find('\n');
  const std::string first(text.substr(0, half)), second(text.substr(half));
  const matching::NameParts a(first), b(second);
  const matching::NameLikeness likeness = matching::Compare(a, b);
  Require(likeness == matching::Compare(b, a));
  Require(likeness.permille >= 0 && likeness.permille <= 1000);
  Require(a.view().text.empty() || matching::Compare(a, a).permille == 1000);
  Require(matching::SameName(first, second) == matching::SameName(second, first));
  const matching::CompanyDescription both{{first}, {second}, {first}, {second}, {first}},
      other{{second}, {first}, {second}, {first}, {second}};
  Require(matching::Compare(both, other).centibans == matching::Compare(other, both).centibans);
  return 0;
}
