#pragma once

// A page of rows that are read by key: of one partner, or of all partners.

#include <initializer_list>
#include <string>
#include <string_view>

#include "common/mysql/value.h"
#include "common/paging/filter.h"

namespace tributary::inventory {

// A column of the key, and what the last row of the page before has in it; of the first page what is before all rows.
struct KeyPart {
  std::string_view column;
  mysql::Value after;
};

struct PageClauses {
  std::string where;  // "WHERE (partner > ? OR (partner = ? AND id > ?)) AND partner = ? AND (TRUE)"
  std::string order;  // " ORDER BY partner, id LIMIT ?"
  mysql::Values values;

  std::string sql() const { return where + order; }
};

// `key` begins with the partner's column, of which only `partner` is read where it is not empty. Whatever is given
// outlives the statement.
PageClauses PageOf(std::string_view partner, std::initializer_list<KeyPart> key, const SqlPredicate& filter, int limit);

}  // namespace tributary::inventory
