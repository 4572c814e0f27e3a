#pragma once

// Filters of list methods: a subset of AIP-160.
//
//   state = ACTIVE AND (home_region = "aw-1" OR home_region = "aw-2") AND NOT kind = DEALER
//
// A restriction is  field operator value.  Operators are = != < <= > >= and : (has). Values are bare words or texts in
// "double" or 'single' quotation marks, where \ keeps the next character. Restrictions are joined by AND or by OR, in
// capitals; both at one level without brackets are refused, since readers disagree on which binds closer. NOT stands
// before a restriction or brackets. There are no functions, no wildcards, no bare words to search for.
//
//   kind       operators            value
//   string     all                  any text; `field:text` holds where the field contains the text
//   enum       = !=                 one of the field's names
//   boolean    = !=                 true or false
//   integer    = != < <= > >=       -42
//   decimal    = != < <= > >=       1234.5, at most 6 decimals
//   date       = != < <= > >=       2013-11-29
//   timestamp  = != < <= > >=       2013-11-29T08:00:00Z, at most microseconds
//
// `field:*` holds where the field has a value, for every kind. A field without a value fulfils != and no other
// comparison; NOT turns exactly what holds into what does not.

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"
#include "common/mysql/value.h"

namespace tributary {

// A field that may be filtered by.
struct FilterField {
  enum class Kind { kString, kEnum, kBoolean, kInteger, kDecimal, kDate, kTimestamp };
  // A name of an enum field and how its column holds it.
  struct EnumName {
    std::string name;
    std::variant<int64_t, std::string> stored;
  };

  std::string name;    // as in the proto: "home_region", "customer.country"
  std::string column;  // SQL expression, trusted: "p.home_region"
  Kind kind = Kind::kString;
  std::vector<EnumName> enum_names;

  static FilterField String(std::string name, std::string column);
  static FilterField Boolean(std::string name, std::string column);
  static FilterField Integer(std::string name, std::string column);
  static FilterField DecimalNumber(std::string name, std::string column);
  static FilterField Day(std::string name, std::string column);
  static FilterField Timestamp(std::string name, std::string column);
  static FilterField Enum(std::string name, std::string column, std::vector<EnumName> names);
  // An enum whose column holds the names themselves.
  static FilterField EnumText(std::string name, std::string column, const std::vector<std::string>& names);
};

// A condition with ? for each value. Values may look into it, so it is moved and not copied, and must outlive the
// statement.
class SqlPredicate {
 public:
  SqlPredicate() = default;
  SqlPredicate(SqlPredicate&&) = default;
  SqlPredicate& operator=(SqlPredicate&&) = default;

  // Fit to stand beside AND; "TRUE" for the empty filter.
  const std::string& sql() const { return sql_; }
  const mysql::Values& values() const { return values_; }

 private:
  friend class FilterParser;
  std::string sql_ = "TRUE";
  mysql::Values values_;
  std::deque<std::string> texts_;  // never moves its elements, also when it is moved itself
};

// `filter` as a predicate over `fields`. FILTER_INVALID, with a violation of the field `violation_field`, which says
// where, what was got and what is wanted. At most 8,000 bytes, 100 restrictions and brackets 16 deep.
absl::StatusOr<SqlPredicate> ParseFilter(std::string_view filter, const std::vector<FilterField>& fields,
                                         std::string_view violation_field = "filter");

}  // namespace tributary
