#pragma once

// What the readers of the formats share: the header, the limits, rows and problems.

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "absl/status/status.h"
#include "inventory-service/formats/sheet.h"

namespace tributary::inventory {

class SheetBuilder {
 public:
  explicit SheetBuilder(const SheetLimits& limits) : limits_(limits) {}

  // The header of a table: names are trimmed, empty ones at its end are cut off. Refuses one without any name, or with
  // two alike.
  absl::Status SetHeader(int64_t row, std::vector<std::string> names);
  // Columns that come as they are met; the place of the name.
  absl::StatusOr<size_t> AddColumn(const std::string& name);
  bool has_header() const { return !sheet_.columns.empty(); }
  size_t width() const { return sheet_.columns.size(); }
  const std::string& column(size_t i) const { return sheet_.columns[i]; }

  // Takes a row; one without any value is none. Cells beyond the header that have a value make it a problem.
  absl::Status Add(SheetRow row);
  // A problem of the row `number`; a row that has one must not be added.
  absl::Status Problem(int64_t row, std::string_view column, std::string_view got, std::string_view want);
  // Counts bytes that cells hold, also those of cells that are not kept.
  absl::Status Count(size_t cell_bytes);

  // Fills up rows that are narrower than the columns; the builder is used up.
  Sheet Finish() &&;

 private:
  const SheetLimits limits_;
  Sheet sheet_;
  std::unordered_map<std::string, size_t> places_;  // of columns that come as they are met
  size_t text_bytes_ = 0;
  int64_t cells_ = 0;
};

// "A", "Z", "AA": how spreadsheets name the column, from 0.
std::string ColumnLetters(size_t column);
// An exponent written out, exactly: "1.5E+3" -> "1500"; as it is where it has none, is no number or is beyond +-40.
std::string PlainNumber(std::string_view text);

absl::StatusOr<Sheet> ReadCsvSheet(std::string_view bytes, const SheetOptions& options);
absl::StatusOr<Sheet> ReadJsonSheet(std::string_view bytes, const SheetOptions& options);
absl::StatusOr<Sheet> ReadXlsxSheet(std::string_view bytes, const SheetOptions& options);

}  // namespace tributary::inventory
