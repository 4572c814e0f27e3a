// libFuzzer: any bytes are read as CSV and as JSON without a fault; a good sheet is rectangular and its rows ascend;
// and its cells are read as dates and numbers without a fault.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "inventory-service/formats/cells.h"
#include "inventory-service/formats/sheet.h"

namespace {

using namespace tributary::inventory;

void Require(bool holds) {
  if (!holds) std::abort();
}

void Check(const absl::StatusOr<Sheet>& sheet) {
  if (!sheet.ok()) return;
  int64_t last = 0;
  for (const SheetRow& row : sheet->rows) {
    Require(row.cells.size() == sheet->columns.size());
    Require(row.typed.empty() || row.typed.size() == row.cells.size());
    Require(row.number > last);
    last = row.number;
    for (const std::string& cell : row.cells) {
      for (const char* format : {"", "D/M/YYYY", "YYYY年M月D日"}) (void)ReadDate(cell, format);
      for (const NumberFormat& format : {NumberFormat(), NumberFormat{',', '.'}, NumberFormat{',', ' '}}) {
        const auto number = ReadDecimal(cell, format);
        if (number.ok()) Require(ReadDecimal(number->ToString()).value() == *number);
      }
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  static const char* const encodings[] = {"",        "UTF-8", "UTF-16LE",  "UTF-16BE",
                                          "GB18030", "Big5",  "Shift_JIS", "windows-1252"};
  SheetOptions options;
  options.encoding = encodings[data[0] % 8];
  options.header_row = 1 + data[0] / 8 % 4;
  options.limits = {.rows = 50, .cells = 400, .columns = 20, .cell_bytes = 100, .problems = 40};
  const std::string_view bytes(reinterpret_cast<const char*>(data + 1), size - 1);
  Check(ReadSheet(ReportFormat::kCsv, bytes, options));
  Check(ReadSheet(ReportFormat::kJson, bytes, options));
  const std::string_view format = bytes.substr(0, 16);
  if (CheckDateFormat(format).ok()) (void)ReadDate(bytes, format);
  return 0;
}
