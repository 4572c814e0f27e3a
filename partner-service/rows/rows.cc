#include "partner-service/rows/rows.h"

#include <algorithm>
#include <bit>

#include "common/text/text.h"

namespace tributary::partner {

std::string JoinLines(const std::vector<std::string>& lines) { return StrJoin(lines, "\n"); }

std::vector<std::string> SplitLines(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

IdList::IdList(std::vector<std::string_view> ids) {
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  const size_t slots = std::bit_ceil(ids.size());
  for (size_t i = 0; i < slots; ++i) {
    sql_ += i == 0 ? "(?" : ", ?";
    values_.push_back(ids[std::min(i, ids.size() - 1)]);
  }
  sql_ += ")";
}

RootPage::RootPage(const Page& page) : RowPage(page, "id") { Where("id > ?", {page.after(0)}); }

ChildPage::ChildPage(std::string_view partner_id, const Page& page) : RowPage(page, "partner_id, id") {
  if (!partner_id.empty()) {
    Where("partner_id = ? AND id > ?", {partner_id, page.after(1)});
  } else if (!page.first()) {
    Where("(partner_id > ? OR (partner_id = ? AND id > ?))", {page.after(0), page.after(0), page.after(1)});
  }
}

RowPage& RowPage::Where(std::string_view condition, const mysql::Values& values) {
  StrAppend(&where_, " AND ", condition);
  values_.insert(values_.end(), values.begin(), values.end());
  return *this;
}

std::string RowPage::sql() const {
  return StrCat("WHERE ", where_, " AND ", page_.filter().sql(), " ORDER BY ", key_, " LIMIT ?");
}

mysql::Values RowPage::values() const {
  mysql::Values values = values_;
  values.insert(values.end(), page_.filter().values().begin(), page_.filter().values().end());
  values.push_back(page_.limit());
  return values;
}

absl::Status ChangedMeanwhile(mysql::Transaction& sql, std::string_view name) {
  return sql.RunAgain(StrCat(name, " was changed by another call at the same moment"));
}

}  // namespace tributary::partner
