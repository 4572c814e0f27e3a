#include "conflict-service/rows/rows.h"

#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::conflict {

std::string JoinLines(const std::vector<std::string>& names) { return StrJoin(names, "\n"); }

std::vector<std::string> SplitLines(std::string_view lines) {
  std::vector<std::string> names;
  while (!lines.empty()) {
    const size_t end = std::min(lines.find('\n'), lines.size());
    names.emplace_back(lines.substr(0, end));
    lines.remove_prefix(std::min(end + 1, lines.size()));
  }
  return names;
}

absl::Status ForNames(const std::set<std::string>& names,
                      absl::FunctionRef<absl::Status(const std::string& in, const mysql::Values& values)> query) {
  constexpr size_t kMostAtOnce = 256;
  for (auto name = names.begin(); name != names.end();) {
    mysql::Values values;
    for (; name != names.end() && values.size() < kMostAtOnce; ++name) values.emplace_back(*name);
    size_t places = 1;
    while (places < values.size()) places *= 4;
    values.resize(places, values.back());
    std::string in = "(?";
    for (size_t i = 1; i < places; ++i) in += ", ?";
    RETURN_IF_ERROR(query(in + ")", values));
  }
  return absl::OkStatus();
}

absl::Status PutRows(mysql::Transaction& sql, std::string_view head, size_t width, mysql::Values values,
                     std::string_view tail) {
  // InsertRows ends with statements of 16 rows, of 4 and of one.
  constexpr size_t kFew = 64, kMany = 16, kSome = 4;
  const size_t rows = values.size() / width, rest = rows % kMany;
  if (rows < kFew && rest > 1) {
    const size_t places = rest > kSome + 1 ? kMany : rest < kSome ? kSome : rest;
    values.reserve((rows + places - rest) * width);
    for (size_t more = (places - rest) * width; more > 0; --more) values.push_back(values[values.size() - width]);
  }
  return sql.InsertRows(head, width, values, tail);
}

}  // namespace tributary::conflict
