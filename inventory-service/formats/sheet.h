#pragma once

// Files as partners send them, read into rows of text: CSV, XLSX, JSON, EDI X12 852 and 867. Pure; knows neither
// products nor partners. What a column means is for the caller to say (a mapping), how a cell is read is in cells.h.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace tributary::inventory {

enum class ReportFormat { kCsv, kXlsx, kJson, kEdi852, kEdi867 };

// One row. `number` is where a person finds it in the file:
//   CSV   the row's number, the first row of the file being 1 (empty lines are no rows)
//   XLSX  the number at the left of the sheet
//   JSON  the object's place in the array, from 1
//   867   the number of the segment that the line ends with (its quantity), ISA being 1
//   852   the same and two digits: 00, or the place among the quantities of an SDQ: 1002 is the second of segment 10
struct SheetRow {
  int64_t number = 0;
  std::vector<std::string> cells;  // as many as the sheet has columns; an absent cell is empty
  // For each cell whether the file itself says that it is a number or a date (XLSX, JSON and EDI do). Such a cell is
  // plain: "1234.5", "-3", "2024-03-31", "2024-03-31T08:30:00"; what a partner declares of its numbers and dates holds
  // for the others alone. Empty where no cell is.
  std::vector<bool> typed;

  bool IsTyped(size_t column) const { return column < typed.size() && typed[column]; }
};

// Why a row, or one cell of it, could not be read. Such a row is not among the rows.
struct RowProblem {
  int64_t row = 0;     // as SheetRow::number
  std::string column;  // its name in the header; empty where the row as a whole is meant
  std::string got;     // cut to 120 characters
  std::string want;
};

struct Sheet {
  std::vector<std::string> columns;  // their names, without white space around them; differ, but may be empty
  std::vector<SheetRow> rows;        // in the file's order
  std::vector<RowProblem> problems;  // in the file's order
  std::string encoding;              // what the text was read as: "UTF-8", "UTF-16LE", "GB18030"; empty for XLSX
  std::string sheet;                 // XLSX: the name of the sheet that was read
  char delimiter = 0;                // CSV: what was found or declared

  // The place of a column; -1 where there is none of this name.
  int ColumnOf(std::string_view name) const;
};

// What a file may cost. Beyond `bytes` the answer is PAYLOAD_TOO_LARGE, beyond any other INVALID_FIELD.
struct SheetLimits {
  size_t bytes = 64 << 20;            // of the file as it came
  size_t unpacked_bytes = 256 << 20;  // of all that is unpacked from an XLSX
  int64_t packing_ratio = 200;        // of unpacked to packed bytes of a part of an XLSX beyond its first MiB
  int64_t rows = 1'100'000;           // an XLSX sheet ends at 1,048,576
  int64_t cells = 8'000'000;          // rows times columns; of JSON at most 3,000,000 values
  int columns = 1'000;
  size_t cell_bytes = 32 << 10;
  int64_t problems = 100'000;  // a file with more bad rows is of another kind than it is said to be
};

struct SheetOptions {
  // Of CSV, JSON and EDI: UTF-8, UTF-16LE, UTF-16BE, GB18030 (also as GBK and GB2312), Big5, Shift_JIS, EUC-KR,
  // windows-1252. Empty: by the byte order mark; else UTF-16 by its zero bytes; else UTF-8 where the text is such, or
  // has more well-formed than malformed characters beyond ASCII; else GB18030.
  std::string encoding;
  char delimiter = 0;  // CSV; 0: of , ; tab | the one that the header has most of
  // XLSX: the sheet's name or, where none has this name, its number from 1. Empty: the first one that is not hidden.
  std::string sheet;
  int64_t header_row = 1;  // CSV, XLSX: the number of the row that names the columns; rows above it are passed over
  SheetLimits limits;
};

// Reads a whole file. What is wrong with the file is the Status, INVALID_FIELD with field, got and want; what is wrong
// with a row is a problem, and the other rows are read: every row of the file is in `rows` or among the `problems`,
// once or more often. Rows without any value are no rows.
//
// The fields of a Status: "file" (not of this format, empty, too large), "encoding", "delimiter", "sheet", "header_row"
// (absent; two columns of one name); for EDI the segment, as in "SE01 (segment 17)".
//
// XLSX: numbers are kept as the file writes them, but for two habits of spreadsheets: an exponent is written out, and
// where more than 15 digits stand for a double that has a shorter name, or were computed by a formula, the number is
// what the spreadsheet shows (1.1000000000000001 is 1.1). Cells with a date's number format are ISO dates. An error
// value
// (#N/A) and a date that is none (1900-02-29) are problems. Macros, links and pictures are not looked at; encrypted
// files, document types and entities are refused.
//
// JSON: an array of flat objects, or an object with one member that is such an array. Columns are the keys in the order
// in which they first come; null is an empty cell, a truth value "true" or "false".
//
// EDI 852 and 867: see edi.h.
absl::StatusOr<Sheet> ReadSheet(ReportFormat format, std::string_view bytes, const SheetOptions& options = {});

}  // namespace tributary::inventory
