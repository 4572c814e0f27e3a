#include "inventory-service/facts/recording.h"

#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"
#include "inventory-service/facts/serials.h"

namespace tributary::inventory {

std::map<int64_t, std::vector<imports::RowError>> ErrorsByRow(std::vector<imports::RowError> errors) {
  std::map<int64_t, std::vector<imports::RowError>> by_row;
  for (imports::RowError& error : errors) by_row[error.row].push_back(std::move(error));
  return by_row;
}

absl::Status Convert(const BaseUnit& base, const std::map<std::string, std::vector<UnitConversion>>& units,
                     Fact* fact) {
  if (fact->unit.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(LineQuantity converted,
                   InBaseUnits(base, UnitsIn(units, fact->product), {fact->quantity, fact->unit, fact->unit_quantity}));
  fact->quantity = converted.quantity;
  fact->unit = std::move(converted.unit);
  fact->unit_quantity = converted.unit_quantity;
  return CheckSerials(fact->serials, fact->quantity);
}

absl::Status StatusOf(const std::vector<imports::RowError>& errors, absl::FunctionRef<std::string(int64_t)> field_of) {
  if (errors.empty()) return absl::OkStatus();
  ErrorDetail detail{.reason = errors.front().reason};
  std::string message;
  for (const imports::RowError& error : errors) {
    const std::string field = StrCat(field_of(error.row), error.column.empty() ? "" : ".", error.column);
    StrAppend(&message, message.empty() ? "" : "; ", field, ": got ", error.got, ", want ", error.want);
    detail.violations.push_back({.field = field, .got = error.got, .want = error.want});
  }
  return WithDetail(InfoOf(detail.reason).code, message, detail);
}

}  // namespace tributary::inventory
