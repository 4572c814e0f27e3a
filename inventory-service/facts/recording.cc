#include "inventory-service/facts/recording.h"

#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::inventory {

absl::Status StatusOf(const imports::BatchResult& result, absl::FunctionRef<std::string(int64_t)> field_of) {
  if (result.errors.empty()) return absl::OkStatus();
  ErrorDetail detail{.reason = result.errors.front().reason};
  std::string message;
  for (const imports::RowError& error : result.errors) {
    const std::string field = StrCat(field_of(error.row), error.column.empty() ? "" : ".", error.column);
    StrAppend(&message, message.empty() ? "" : "; ", field, ": got ", error.got, ", want ", error.want);
    detail.violations.push_back({.field = field, .got = error.got, .want = error.want});
  }
  return WithDetail(InfoOf(detail.reason).code, message, detail);
}

}  // namespace tributary::inventory
