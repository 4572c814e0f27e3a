// libFuzzer: any bytes are read without a fault, the same however they are cut, and good rows are written and read
// back.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "common/csv/csv_reader.h"
#include "common/csv/csv_writer.h"

namespace {

using tributary::CsvReader;
using tributary::CsvRow;

void Require(bool holds) {
  if (!holds) std::abort();
}

struct Seen {
  int64_t line;
  std::string message;
  std::vector<std::string> fields;
  friend bool operator==(const Seen&, const Seen&) = default;
};

std::vector<Seen> ReadAll(std::string_view text, size_t piece) {
  CsvReader reader([source = CsvReader::FromText(text), piece](
                       char* buffer, size_t size) mutable { return source(buffer, std::min(size, piece)); },
                   {.max_field_bytes = 64, .max_row_bytes = 200, .max_fields = 10});
  std::vector<Seen> seen;
  CsvRow row;
  while (reader.Next(&row)) {
    Require(row.number == static_cast<int64_t>(seen.size()) + 1);
    Require(row.status.ok() != row.fields.empty());
    seen.push_back({row.line, std::string(row.status.message()), row.fields});
  }
  return seen;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::vector<Seen> seen = ReadAll(text, 1 << 16);
  Require(ReadAll(text, 1) == seen);
  Require(ReadAll(text, 5) == seen);

  std::string written;
  std::vector<std::vector<std::string>> good;
  for (const Seen& row : seen) {
    if (!row.message.empty()) continue;
    tributary::AppendCsvRow(&written, row.fields);
    good.push_back(row.fields);
  }
  const std::vector<Seen> again = ReadAll(written, 1 << 16);
  Require(again.size() == good.size());
  for (size_t i = 0; i < good.size(); ++i) Require(again[i].fields == good[i]);
  return 0;
}
