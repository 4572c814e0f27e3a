#include "inventory-service/facts/fact.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "common/text/text.h"

namespace tributary::inventory {
namespace {

// A number as it is written here: no sign, no leading zero, at most 9 digits.
std::optional<int> ParseNumber(std::string_view text) {
  int number = 0;
  if (text.empty() || text.size() > 9 || (text.size() > 1 && text[0] == '0')) return std::nullopt;
  if (!std::all_of(text.begin(), text.end(), [](char c) { return absl::ascii_isdigit(c); })) return std::nullopt;
  if (!absl::SimpleAtoi(Abseil(text), &number)) return std::nullopt;
  return number;
}

// "r1" -> 1, "1" -> 2, "r2" -> 3, and "0" -> 0 where it may be written.
std::optional<int> ParseGeneration(std::string_view text) {
  const bool reversal = text.starts_with('r');
  if (reversal) text.remove_prefix(1);
  const std::optional<int> n = ParseNumber(text);
  if (!n.has_value() || *n > 1000000 || (reversal && *n == 0)) return std::nullopt;
  return reversal ? 2 * *n - 1 : 2 * *n;
}

std::string GenerationText(int generation) {
  return IsReversal(generation) ? StrCat("r", (generation + 1) / 2) : StrCat(generation / 2);
}

std::optional<int> ParseLine(std::string_view text) {
  const std::optional<int> line = ParseNumber(text);
  return line.has_value() && *line > 0 ? line : std::nullopt;
}

}  // namespace

std::vector<MovedUnits> MovedBy(const Fact& fact) {
  if (fact.parts.empty()) return {{fact.product, fact.lot, fact.quantity}};
  std::vector<MovedUnits> moved;
  for (const KitPart& part : fact.parts) moved.push_back({part.product, "", part.quantity});
  return moved;
}

std::string LineSegment(int line, int generation) {
  return generation == 0 ? StrCat(line) : StrCat(line, ".", GenerationText(generation));
}

std::optional<LineId> ParseLineSegment(std::string_view segment) {
  const size_t dot = segment.find('.');
  const std::optional<int> line = ParseLine(segment.substr(0, dot));
  if (!line.has_value()) return std::nullopt;
  if (dot == std::string_view::npos) return LineId{*line, 0};
  const std::optional<int> generation = ParseGeneration(segment.substr(dot + 1));
  if (!generation.has_value() || *generation == 0) return std::nullopt;
  return LineId{*line, *generation};
}

std::string SaleSegment(std::string_view document, int line, int generation) {
  if (generation == 0 && document.find('.') == std::string_view::npos) return StrCat(document, ".", line);
  return StrCat(document, ".", line, ".", GenerationText(generation));
}

std::optional<SaleId> ParseSaleSegment(std::string_view segment) {
  const size_t last_dot = segment.rfind('.');
  if (last_dot == std::string_view::npos) return std::nullopt;
  const std::string_view last = segment.substr(last_dot + 1);
  const std::string_view rest = segment.substr(0, last_dot);
  const size_t dot = rest.rfind('.');
  std::optional<int> line;
  std::optional<int> generation = 0;
  std::string_view document = rest;
  if (dot == std::string_view::npos) {
    line = ParseLine(last);
  } else {
    line = ParseLine(rest.substr(dot + 1));
    generation = ParseGeneration(last);
    document = rest.substr(0, dot);
  }
  if (!line.has_value() || !generation.has_value()) return std::nullopt;
  // One line, one name: "A.3.0" is none.
  if (SaleSegment(document, *line, *generation) != segment) return std::nullopt;
  return SaleId{std::string(document), *line, *generation};
}

bool IsDocumentSegment(std::string_view document, size_t longest) {
  return !document.empty() && document.size() <= longest && document != "." && document != ".." &&
         std::all_of(document.begin(), document.end(),
                     [](char c) { return absl::ascii_isalnum(c) || c == '.' || c == '_' || c == '~' || c == '-'; });
}

std::optional<std::string> ReversedBy(std::string_view name) {
  const size_t slash = name.rfind('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const std::string_view folder = name.substr(0, slash + 1);
  const std::string_view segment = name.substr(slash + 1);
  if (folder.ends_with("/lines/")) {
    const std::optional<LineId> id = ParseLineSegment(segment);
    if (!id.has_value() || !IsReversal(id->generation)) return std::nullopt;
    return StrCat(folder, LineSegment(id->line, id->generation - 1));
  }
  const std::optional<SaleId> id = ParseSaleSegment(segment);
  if (!id.has_value() || !IsReversal(id->generation)) return std::nullopt;
  return StrCat(folder, SaleSegment(id->document, id->line, id->generation - 1));
}

std::optional<FieldViolation> Differs(std::string_view field, std::string_view known, std::string_view stated) {
  if (known == stated) return std::nullopt;
  return FieldViolation{.field = std::string(field), .got = std::string(stated), .want = std::string(known)};
}

std::optional<FieldViolation> QuantityDiffers(const Fact& known, const Fact& stated) {
  if (auto d = Differs("unit", known.unit, stated.unit)) return d;
  return Differs(known.quantity_field(), known.stated_quantity().ToString(), stated.stated_quantity().ToString());
}

}  // namespace tributary::inventory
