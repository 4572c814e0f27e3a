// libFuzzer: any text is either refused or becomes SQL that holds nothing of it: only columns, operators and one ? for
// each value.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "common/paging/filter.h"
#include "common/status/status.h"
#include "common/text/text.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using tributary::FilterField;
  static const auto* const fields = new std::vector<FilterField>{
      FilterField::String("a", "C0"),        FilterField::EnumText("b", "C1", {"X", "Y"}),
      FilterField::Boolean("c", "C2"),       FilterField::Integer("d", "C3"),
      FilterField::DecimalNumber("e", "C4"), FilterField::Day("f", "C5"),
      FilterField::Timestamp("g.h", "C6"),
  };
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto predicate = tributary::ParseFilter(text, *fields);
  if (!predicate.ok()) {
    if (tributary::ReasonOf(predicate.status()) != tributary::Reason::kFilterInvalid) std::abort();
    const absl::string_view message = predicate.status().message();
    if (!tributary::IsUtf8({message.data(), message.size()})) std::abort();
    return 0;
  }
  const std::string& sql = predicate->sql();
  const auto marks = static_cast<size_t>(std::count(sql.begin(), sql.end(), '?'));
  if (marks != predicate->values().size()) std::abort();
  if (std::count(sql.begin(), sql.end(), '(') != std::count(sql.begin(), sql.end(), ')')) std::abort();
  if (sql.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ()<>=?,'") != std::string::npos) std::abort();
  return 0;
}
