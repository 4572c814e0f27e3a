#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/paging/filter.h"

namespace tributary {

// Reads one filter, once, by recursive descent:
//   expression = term { AND term } | term { OR term }
//   term       = [ NOT ] ( "(" expression ")" | field operator value )
class FilterParser {
 public:
  FilterParser(std::string_view filter, const std::vector<FilterField>& fields, std::string_view violation_field);

  absl::StatusOr<SqlPredicate> Parse();

 private:
  struct Token {
    enum class Kind { kEnd, kWord, kText, kOperator, kOpen, kClose };
    Kind kind = Kind::kEnd;
    std::string text;  // of a kText without its quotation marks
    size_t at = 0;     // byte in the filter
  };

  // Reads the token that begins at or after position_. A value may hold characters that elsewhere are operators
  // (2013-11-29T08:00:00Z), so the parser says which it expects.
  absl::StatusOr<Token> Next(bool value);
  absl::Status Advance(bool value = false);

  absl::Status Expression(int depth);
  absl::Status Term(int depth);
  absl::Status Restriction();
  absl::Status Compare(const FilterField& field, std::string_view op, const Token& value);
  absl::Status Bind(const FilterField& field, const Token& value);

  bool At(std::string_view keyword) const { return token_.kind == Token::Kind::kWord && token_.text == keyword; }
  absl::Status Refuse(size_t at, std::string_view got, std::string_view want) const;
  absl::Status RefuseToken(const Token& token, std::string_view want) const;

  const std::string_view filter_;
  const std::vector<FilterField>& fields_;
  const std::string_view violation_field_;
  size_t position_ = 0;
  Token token_;
  int restrictions_ = 0;
  SqlPredicate out_;
};

}  // namespace tributary
