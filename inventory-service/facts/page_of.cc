#include "inventory-service/facts/page_of.h"

#include "common/text/text.h"

namespace tributary::inventory {

PageClauses PageOf(std::string_view partner, std::initializer_list<KeyPart> key, const SqlPredicate& filter,
                   int limit) {
  PageClauses page{.where = "WHERE ", .order = " ORDER BY "};
  std::string closing;
  for (const KeyPart& part : key) {
    const bool last = &part == key.end() - 1;
    StrAppend(&page.where, last ? "" : "(", part.column, " > ?");
    page.values.push_back(part.after);
    if (!last) {
      StrAppend(&page.where, " OR (", part.column, " = ? AND ");
      page.values.push_back(part.after);
      closing += "))";
    }
    StrAppend(&page.order, part.column, last ? " LIMIT ?" : ", ");
  }
  page.where += closing;
  if (!partner.empty()) {
    StrAppend(&page.where, " AND ", key.begin()->column, " = ?");
    page.values.push_back(partner);
  }
  StrAppend(&page.where, " AND (", filter.sql(), ")");
  page.values.insert(page.values.end(), filter.values().begin(), filter.values().end());
  page.values.push_back(limit);
  return page;
}

}  // namespace tributary::inventory
