// Delimited text.

#include <algorithm>
#include <utility>

#include "common/csv/csv_reader.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "inventory-service/formats/cells.h"
#include "inventory-service/formats/encoding.h"
#include "inventory-service/formats/sheet_builder.h"

namespace tributary::inventory {
namespace {

constexpr std::string_view kDelimiters = ",;\t|";

// What the header, as far as it stands outside quotation marks, has most of.
char FindDelimiter(std::string_view text, int64_t header_row) {
  size_t counts[kDelimiters.size()] = {};
  bool quoted = false;
  bool row_empty = true;
  int64_t row = 1;
  for (const char c : text) {
    if (c == '"') quoted = !quoted;
    if (c == '\n' && !quoted) {
      if (!row_empty && row++ == header_row) break;
      row_empty = true;
      continue;
    }
    if (c != '\r') row_empty = false;
    const size_t which = kDelimiters.find(c);
    if (row == header_row && !quoted && which != std::string_view::npos) ++counts[which];
  }
  return kDelimiters[static_cast<size_t>(std::max_element(std::begin(counts), std::end(counts)) - std::begin(counts))];
}

}  // namespace

absl::StatusOr<Sheet> ReadCsvSheet(std::string_view bytes, const SheetOptions& options) {
  if (options.delimiter != 0 && kDelimiters.find(options.delimiter) == std::string_view::npos) {
    return InvalidField("delimiter", std::string_view(&options.delimiter, 1), "one of , ; tab |");
  }
  if (options.header_row < 1) return InvalidField("header_row", StrCat(options.header_row), "1 or more");
  ASSIGN_OR_RETURN(DecodedText decoded, DecodeText(bytes, options.encoding));
  const char delimiter = options.delimiter != 0 ? options.delimiter : FindDelimiter(decoded.text, options.header_row);

  SheetBuilder builder(options.limits);
  // Rows above the header may have any width, so widths are compared here.
  CsvReader reader(CsvReader::FromText(decoded.text), {.delimiter = delimiter,
                                                       .max_field_bytes = options.limits.cell_bytes,
                                                       .max_fields = static_cast<size_t>(options.limits.columns) + 1000,
                                                       .same_width = false});
  CsvRow row;
  while (reader.Next(&row)) {
    if (row.number < options.header_row) continue;
    if (row.number == options.header_row) {
      if (!row.status.ok()) return AtField(row.status, "header_row");
      RETURN_IF_ERROR(builder.SetHeader(row.number, row.fields));
      continue;
    }
    if (!row.status.ok()) {
      const FieldViolation violation = DetailOf(row.status).violations.front();
      const bool named = row.bad_column > 0 && row.bad_column <= builder.width();
      RETURN_IF_ERROR(builder.Problem(row.number, named ? builder.column(row.bad_column - 1) : "", violation.got,
                                      violation.want == "UTF-8" ? decoded.encoding : violation.want));
      continue;
    }
    const bool blank =
        std::all_of(row.fields.begin(), row.fields.end(), [](const std::string& f) { return TrimCell(f).empty(); });
    if (!blank && row.fields.size() < builder.width()) {
      RETURN_IF_ERROR(builder.Problem(row.number, "", StrCat(row.fields.size(), " fields"),
                                      StrCat(builder.width(), " as in the header")));
      continue;
    }
    RETURN_IF_ERROR(builder.Add({.number = row.number, .cells = row.fields}));
  }
  RETURN_IF_ERROR(AtField(reader.status(), "file"));
  if (!builder.has_header()) {
    return InvalidField("header_row", StrCat("the end of the file before row ", options.header_row),
                        "a row that names the columns");
  }
  Sheet sheet = std::move(builder).Finish();
  sheet.encoding = std::move(decoded.encoding);
  sheet.delimiter = delimiter;
  return sheet;
}

}  // namespace tributary::inventory
