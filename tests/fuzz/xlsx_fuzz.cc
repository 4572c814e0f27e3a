// libFuzzer: any bytes are read as a workbook without a fault; and, since few bytes are a ZIP container with the right
// checksums, also as the sheet, the shared strings and the styles of a good one.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "inventory-service/formats/sheet.h"
#include "inventory-service/formats/testing_zip.h"

namespace {

using namespace tributary::inventory;

void Check(std::string_view bytes) {
  const auto sheet = ReadSheet(
      ReportFormat::kXlsx, bytes,
      {.limits = {
           .unpacked_bytes = 1 << 20, .rows = 100, .cells = 1000, .columns = 100, .cell_bytes = 100, .problems = 50}});
  if (!sheet.ok()) return;
  int64_t last = 0;
  for (const SheetRow& row : sheet->rows) {
    if (row.cells.size() != sheet->columns.size() || row.number <= last) std::abort();
    last = row.number;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  Check(bytes);
  constexpr std::string_view kRows =
      R"(<row r="1"><c r="A1" t="str"><v>a</v></c></row><row r="2"><c t="s"><v>0</v></c></row><row r="3"><c s="1"><v>45382.5</v></c></row>)";
  constexpr std::string_view kStyles = R"(<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>)";
  Check(MakeWorkbook(bytes, "<si><t>x</t></si>", kStyles));
  Check(MakeWorkbook(kRows, bytes, kStyles));
  Check(MakeWorkbook(kRows, "<si><t>x</t></si>", bytes));
  return 0;
}
