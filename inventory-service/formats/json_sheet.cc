// An array of flat objects.

#include <algorithm>
#include <cstdint>
#include <utility>

#include "common/json/json_scan.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "inventory-service/formats/encoding.h"
#include "inventory-service/formats/sheet_builder.h"

namespace tributary::inventory {
namespace {

using Kind = JsonValue::Kind;

// The array of a document; null where there is none.
const JsonValue* RowsOf(const JsonValue& document) {
  if (document.kind == Kind::kArray) return &document;
  if (document.kind != Kind::kObject || document.members.size() != 1) return nullptr;
  const JsonValue& only = document.members.front().value;
  return only.kind == Kind::kArray ? &only : nullptr;
}

}  // namespace

absl::StatusOr<Sheet> ReadJsonSheet(std::string_view bytes, const SheetOptions& options) {
  ASSIGN_OR_RETURN(DecodedText decoded, DecodeText(bytes, options.encoding));
  // A value that is read costs some hundred bytes.
  constexpr int64_t kMostValues = 3'000'000;
  const auto most_values = static_cast<size_t>(std::min(kMostValues, options.limits.cells + options.limits.rows + 2));
  auto document = ScanJson(decoded.text, {.max_bytes = 3 * options.limits.bytes, .max_values = most_values});
  if (!document.ok()) return AtField(document.status(), "file");
  const JsonValue* const rows = RowsOf(*document);
  if (rows == nullptr) {
    return InvalidField("file", NameOf(document->kind),
                        "an array of objects, or an object whose one member is such an array");
  }
  SheetBuilder builder(options.limits);
  int64_t number = 0;
  for (const JsonValue& item : rows->items) {
    ++number;
    if (item.kind != Kind::kObject) {
      RETURN_IF_ERROR(builder.Problem(number, "", NameOf(item.kind), "an object"));
      continue;
    }
    SheetRow row{.number = number};
    bool good = true;
    for (const JsonMember& member : item.members) {
      ASSIGN_OR_RETURN(const size_t column, builder.AddColumn(member.key));
      if (column >= row.cells.size()) {
        row.cells.resize(column + 1);
        row.typed.resize(column + 1);
      }
      std::string& cell = row.cells[column];
      switch (member.value.kind) {
        case Kind::kNull:
          break;
        case Kind::kBool:
          cell = std::string(member.value.token);
          break;
        case Kind::kNumber:
          cell = PlainNumber(member.value.token);
          row.typed[column] = true;
          break;
        case Kind::kString:
          cell = member.value.text;
          break;
        case Kind::kArray:
        case Kind::kObject:
          good = false;
          RETURN_IF_ERROR(builder.Problem(number, member.key, NameOf(member.value.kind),
                                          "a text, a number, a truth value or null"));
      }
      if (cell.size() > options.limits.cell_bytes) {
        good = false;
        RETURN_IF_ERROR(builder.Problem(number, member.key, StrCat(cell.size(), " bytes"),
                                        StrCat("at most ", options.limits.cell_bytes)));
      }
    }
    if (good) RETURN_IF_ERROR(builder.Add(std::move(row)));
  }
  Sheet sheet = std::move(builder).Finish();
  sheet.encoding = std::move(decoded.encoding);
  return sheet;
}

}  // namespace tributary::inventory
