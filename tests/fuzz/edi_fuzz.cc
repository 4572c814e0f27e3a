// libFuzzer: any bytes are read as X12 without a fault. Since a whole file must be counted right to be looked into, the
// input is also read as the inner part of a good one.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "inventory-service/formats/edi.h"
#include "inventory-service/formats/sheet.h"

namespace {

using namespace tributary::inventory;

void Check(ReportFormat format, std::string_view text) {
  const auto sheet = ReadSheet(format, text, {.encoding = "UTF-8", .limits = {.rows = 100, .problems = 50}});
  if (!sheet.ok()) return;
  if (sheet->columns != EdiColumns()) std::abort();
  for (const SheetRow& row : sheet->rows) {
    if (row.cells.size() != sheet->columns.size() || row.number < 1) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string inner(reinterpret_cast<const char*>(data), size);
  Check(ReportFormat::kEdi852, inner);
  for (const auto& [format, group, set] :
       {std::tuple(ReportFormat::kEdi852, "PD", "852"), std::tuple(ReportFormat::kEdi867, "PT", "867")}) {
    const auto segments = std::count(inner.begin(), inner.end(), '~');
    Check(format, absl::StrCat("ISA*00* *00* *ZZ*A *ZZ*B *240401*0830*U*00401*1*0*P*>~GS*", group,
                               "*A*B*20240401*0830*1*X*004010~ST*", set, "*1~", inner, "~SE*", segments + 3,
                               "*1~GE*1*1~IEA*1*1~"));
  }
  return 0;
}
