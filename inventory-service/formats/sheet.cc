#include "inventory-service/formats/sheet.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "inventory-service/formats/cells.h"
#include "inventory-service/formats/edi.h"
#include "inventory-service/formats/encoding.h"
#include "inventory-service/formats/sheet_builder.h"

namespace tributary::inventory {

int Sheet::ColumnOf(std::string_view name) const {
  const auto found = std::find(columns.begin(), columns.end(), name);
  return found == columns.end() ? -1 : static_cast<int>(found - columns.begin());
}

std::string ColumnLetters(size_t column) {
  std::string letters;
  for (size_t n = column + 1; n > 0; n = (n - 1) / 26)
    letters.insert(letters.begin(), static_cast<char>('A' + (n - 1) % 26));
  return letters;
}

std::string PlainNumber(std::string_view text) {
  const size_t e = text.find_first_of("eE");
  if (e == std::string_view::npos) return std::string(text);
  std::string_view digits = text.substr(0, e);
  std::string_view power = text.substr(e + 1);
  const bool negative = digits.starts_with('-');
  if (negative) digits.remove_prefix(1);
  const bool down = power.starts_with('-');
  if (down || power.starts_with('+')) power.remove_prefix(1);
  const auto is_digits = [](std::string_view part) {
    return !part.empty() &&
           std::all_of(part.begin(), part.end(), [](unsigned char c) { return absl::ascii_isdigit(c); });
  };
  const size_t point = digits.find('.');
  std::string whole(digits.substr(0, point));
  std::string fraction(point == std::string_view::npos ? std::string_view() : digits.substr(point + 1));
  if (!is_digits(whole) || (point != std::string_view::npos && !is_digits(fraction)) || !is_digits(power)) {
    return std::string(text);
  }
  while (power.size() > 1 && power[0] == '0') power.remove_prefix(1);
  if (power.size() > 2) return std::string(text);
  size_t places = 0;
  for (const char c : power) places = places * 10 + static_cast<size_t>(c - '0');
  if (places > 40) return std::string(text);
  for (; places > 0; --places) {
    if (down) {
      fraction.insert(fraction.begin(), whole.empty() ? '0' : whole.back());
      if (!whole.empty()) whole.pop_back();
    } else {
      whole += fraction.empty() ? '0' : fraction.front();
      if (!fraction.empty()) fraction.erase(fraction.begin());
    }
  }
  while (whole.size() > 1 && whole[0] == '0') whole.erase(whole.begin());
  while (!fraction.empty() && fraction.back() == '0') fraction.pop_back();
  return StrCat(negative ? "-" : "", whole.empty() ? "0" : whole, fraction.empty() ? "" : ".", fraction);
}

absl::Status SheetBuilder::SetHeader(int64_t row, std::vector<std::string> names) {
  for (std::string& name : names) name = std::string(TrimCell(name));
  while (!names.empty() && names.back().empty()) names.pop_back();
  if (names.empty()) {
    return InvalidField("header_row", StrCat("row ", row, " without any value"), "a row that names the columns");
  }
  if (names.size() > static_cast<size_t>(limits_.columns)) {
    return InvalidField("header_row", StrCat(names.size(), " columns"), StrCat("at most ", limits_.columns));
  }
  std::map<std::string_view, size_t> places;
  for (size_t i = 0; i < names.size(); ++i) {
    if (names[i].empty()) continue;
    const auto [place, fresh] = places.emplace(names[i], i);
    if (!fresh) {
      return InvalidField(
          "header_row",
          StrCat(Printable(names[i], 60), " in the columns ", ColumnLetters(place->second), " and ", ColumnLetters(i)),
          "columns of different names");
    }
  }
  sheet_.columns = std::move(names);
  return absl::OkStatus();
}

absl::StatusOr<size_t> SheetBuilder::AddColumn(const std::string& name) {
  const auto known = places_.find(name);
  if (known != places_.end()) return known->second;
  if (sheet_.columns.size() == static_cast<size_t>(limits_.columns)) {
    return InvalidField("file", StrCat("more than ", limits_.columns, " columns"), "fewer");
  }
  places_.emplace(name, sheet_.columns.size());
  sheet_.columns.push_back(name);
  return sheet_.columns.size() - 1;
}

absl::Status SheetBuilder::Count(size_t cell_bytes) {
  text_bytes_ += cell_bytes;
  if (text_bytes_ <= limits_.unpacked_bytes) return absl::OkStatus();
  return InvalidField("file", StrCat("more than ", limits_.unpacked_bytes, " bytes in its cells"), "less");
}

absl::Status SheetBuilder::Add(SheetRow row) {
  for (size_t i = 0; i < row.cells.size(); ++i) {
    if (i >= sheet_.columns.size() && !TrimCell(row.cells[i]).empty()) {
      return Problem(
          row.number, "", StrCat(Printable(row.cells[i], 60), " in column ", ColumnLetters(i)),
          StrCat("no value beyond the header, which ends with column ", ColumnLetters(sheet_.columns.size() - 1)));
    }
    RETURN_IF_ERROR(Count(row.cells[i].size()));
  }
  if (std::all_of(row.cells.begin(), row.cells.end(), [](const std::string& c) { return TrimCell(c).empty(); })) {
    return absl::OkStatus();
  }
  row.cells.resize(sheet_.columns.size());
  if (!row.typed.empty()) row.typed.resize(sheet_.columns.size());
  cells_ += static_cast<int64_t>(row.cells.size());
  if (static_cast<int64_t>(sheet_.rows.size()) >= limits_.rows) {
    return InvalidField("file", StrCat("more than ", limits_.rows, " rows"), "fewer");
  }
  if (cells_ > limits_.cells) return InvalidField("file", StrCat("more than ", limits_.cells, " cells"), "fewer");
  sheet_.rows.push_back(std::move(row));
  return absl::OkStatus();
}

absl::Status SheetBuilder::Problem(int64_t row, std::string_view column, std::string_view got, std::string_view want) {
  if (static_cast<int64_t>(sheet_.problems.size()) >= limits_.problems) {
    const RowProblem& first = sheet_.problems.front();
    return InvalidField("file",
                        StrCat("more than ", limits_.problems, " problems, the first in row ", first.row, " ",
                               first.column, ": ", first.got),
                        StrCat("a file of the declared format; there: ", first.want));
  }
  sheet_.problems.push_back({row, std::string(column), Printable(got), std::string(want)});
  return absl::OkStatus();
}

Sheet SheetBuilder::Finish() && {
  for (SheetRow& row : sheet_.rows) {
    row.cells.resize(sheet_.columns.size());
    if (!row.typed.empty()) row.typed.resize(sheet_.columns.size());
  }
  return std::move(sheet_);
}

absl::StatusOr<Sheet> ReadSheet(ReportFormat format, std::string_view bytes, const SheetOptions& options) {
  if (bytes.size() > options.limits.bytes) {
    return Error(Reason::kPayloadTooLarge,
                 StrCat("file: got ", bytes.size(), " bytes, want at most ", options.limits.bytes));
  }
  if (bytes.empty()) return InvalidField("file", "no bytes", "a file");
  switch (format) {
    case ReportFormat::kCsv:
      return ReadCsvSheet(bytes, options);
    case ReportFormat::kXlsx:
      return ReadXlsxSheet(bytes, options);
    case ReportFormat::kJson:
      return ReadJsonSheet(bytes, options);
    case ReportFormat::kEdi852:
    case ReportFormat::kEdi867: {
      ASSIGN_OR_RETURN(const DecodedText decoded, DecodeText(bytes, options.encoding));
      ASSIGN_OR_RETURN(Sheet sheet, ReadEdi(format, decoded.text, options.limits));
      sheet.encoding = decoded.encoding;
      return sheet;
    }
  }
  return absl::InternalError("no such format");
}

}  // namespace tributary::inventory
