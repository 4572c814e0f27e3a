#include "common/paging/filter_parser.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/time/time.h"
#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary {
namespace {

using Kind = FilterField::Kind;

constexpr size_t kMostBytes = 8000;
constexpr int kMostRestrictions = 100;
constexpr int kMostDepth = 16;

bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool IsBracketOrQuote(char c) { return c == '(' || c == ')' || c == '"' || c == '\''; }
bool IsOperatorStart(char c) { return c == '=' || c == '!' || c == '<' || c == '>' || c == ':'; }

std::string WantedField(const std::vector<FilterField>& fields) {
  if (fields.empty()) return "no filter: nothing of this list can be filtered by";
  std::vector<std::string_view> names;
  for (const FilterField& field : fields) names.push_back(field.name);
  return StrCat("a field: ", StrJoin(names, ", "));
}

std::string_view WantedValue(Kind kind) {
  switch (kind) {
    case Kind::kString:
      return "a text";
    case Kind::kEnum:
      return "one of the field's names";
    case Kind::kBoolean:
      return "true or false";
    case Kind::kInteger:
      return "a whole number of 64 bits such as -42";
    case Kind::kDecimal:
      return "a decimal number with at most 6 decimals such as 1234.5";
    case Kind::kDate:
      return "a date like 2013-11-29";
    case Kind::kTimestamp:
      return "a moment like 2013-11-29T08:00:00Z from 1900 to 9999, with at most microseconds";
  }
  return "";
}

std::optional<int64_t> ReadInteger(std::string_view text) {
  const std::string_view digits = text.substr(text.starts_with('-') ? 1 : 0);
  const bool all =
      !digits.empty() && std::all_of(digits.begin(), digits.end(), [](char c) { return absl::ascii_isdigit(c); });
  int64_t value = 0;
  if (!all || !absl::SimpleAtoi(Abseil(text), &value)) return std::nullopt;
  return value;
}

std::optional<absl::Time> ReadTimestamp(std::string_view text) {
  // Abseil also reads "infinite-future" and surrounding space.
  if (text.empty() || !absl::ascii_isdigit(text.front()) || IsSpace(text.back())) return std::nullopt;
  absl::Time time;
  if (!absl::ParseTime(absl::RFC3339_full, Abseil(text), &time, nullptr)) return std::nullopt;
  static const absl::Time kFirst = absl::FromCivil(absl::CivilYear(1900), absl::UTCTimeZone());
  static const absl::Time kEnd = absl::FromCivil(absl::CivilYear(10000), absl::UTCTimeZone());
  if (time < kFirst || time >= kEnd || absl::FromUnixMicros(absl::ToUnixMicros(time)) != time) return std::nullopt;
  return time;
}

}  // namespace

FilterParser::FilterParser(std::string_view filter, const std::vector<FilterField>& fields,
                           std::string_view violation_field)
    : filter_(filter), fields_(fields), violation_field_(violation_field) {}

absl::StatusOr<SqlPredicate> FilterParser::Parse() {
  if (filter_.size() > kMostBytes) {
    return Refuse(0, StrCat(filter_.size(), " bytes"), StrCat("at most ", kMostBytes));
  }
  if (!IsUtf8(filter_)) return Refuse(0, filter_.substr(0, 120), "UTF-8");
  RETURN_IF_ERROR(Advance());
  if (token_.kind == Token::Kind::kEnd) return std::move(out_);
  out_.sql_.clear();
  RETURN_IF_ERROR(Expression(0));
  if (token_.kind != Token::Kind::kEnd) return RefuseToken(token_, "AND, OR or the end");
  return std::move(out_);
}

absl::StatusOr<FilterParser::Token> FilterParser::Next(bool value) {
  while (position_ < filter_.size() && IsSpace(filter_[position_])) ++position_;
  Token token;
  token.at = position_;
  if (position_ == filter_.size()) return token;
  const char first = filter_[position_];
  if (first == '(' || first == ')') {
    ++position_;
    token.kind = first == '(' ? Token::Kind::kOpen : Token::Kind::kClose;
    token.text = first;
    return token;
  }
  if (first == '"' || first == '\'') {
    token.kind = Token::Kind::kText;
    for (++position_; position_ < filter_.size(); ++position_) {
      if (filter_[position_] == first) {
        ++position_;
        return token;
      }
      if (filter_[position_] == '\\' && position_ + 1 < filter_.size()) ++position_;
      token.text += filter_[position_];
    }
    return Refuse(token.at, filter_.substr(token.at), StrCat("a closing ", std::string(1, first)));
  }
  if (!value && IsOperatorStart(first)) {
    const bool two = first != ':' && first != '=' && filter_.substr(position_ + 1).starts_with('=');
    token.kind = Token::Kind::kOperator;
    token.text = filter_.substr(position_, two ? 2 : 1);
    position_ += token.text.size();
    if (token.text == "!") return Refuse(token.at, token.text, "!= (or NOT before the restriction)");
    return token;
  }
  token.kind = Token::Kind::kWord;
  while (position_ < filter_.size() && !IsSpace(filter_[position_]) && !IsBracketOrQuote(filter_[position_]) &&
         (value || !IsOperatorStart(filter_[position_]))) {
    token.text += filter_[position_++];
  }
  return token;
}

absl::Status FilterParser::Advance(bool value) {
  ASSIGN_OR_RETURN(token_, Next(value));
  return absl::OkStatus();
}

absl::Status FilterParser::Expression(int depth) {
  const size_t start = out_.sql_.size();
  RETURN_IF_ERROR(Term(depth));
  std::string joint;
  while (At("AND") || At("OR")) {
    if (!joint.empty() && token_.text != joint) {
      return Refuse(token_.at, StrCat(joint, " and ", token_.text, " at one level"),
                    "brackets that say which binds closer, such as (a = 1 AND b = 2) OR c = 3");
    }
    joint = token_.text;
    StrAppend(&out_.sql_, " ", joint, " ");
    RETURN_IF_ERROR(Advance());
    RETURN_IF_ERROR(Term(depth));
  }
  if (At("and") || At("or") || At("not")) return RefuseToken(token_, "AND, OR and NOT in capitals");
  if (token_.kind == Token::Kind::kWord || token_.kind == Token::Kind::kText || token_.kind == Token::Kind::kOpen) {
    return RefuseToken(token_, "AND or OR between restrictions");
  }
  if (!joint.empty()) {
    out_.sql_.insert(start, "(");
    out_.sql_ += ")";
  }
  return absl::OkStatus();
}

absl::Status FilterParser::Term(int depth) {
  const bool negated = At("NOT");
  if (negated) {
    RETURN_IF_ERROR(Advance());
    // COALESCE: what compares with a missing value is NULL, and NOT NULL would be NULL again.
    out_.sql_ += "NOT COALESCE(";
  }
  if (token_.kind == Token::Kind::kOpen) {
    if (depth == kMostDepth) return RefuseToken(token_, StrCat("brackets at most ", kMostDepth, " deep"));
    const Token open = token_;
    RETURN_IF_ERROR(Advance());
    RETURN_IF_ERROR(Expression(depth + 1));
    if (token_.kind != Token::Kind::kClose) {
      return RefuseToken(token_, StrCat("a ) for the ( at character ", open.at + 1));
    }
    RETURN_IF_ERROR(Advance());
  } else {
    RETURN_IF_ERROR(Restriction());
  }
  if (negated) out_.sql_ += ", FALSE)";
  return absl::OkStatus();
}

absl::Status FilterParser::Restriction() {
  if (token_.kind != Token::Kind::kWord || At("AND") || At("OR") || At("NOT")) {
    return RefuseToken(token_, WantedField(fields_));
  }
  const auto field =
      std::find_if(fields_.begin(), fields_.end(), [&](const FilterField& f) { return f.name == token_.text; });
  if (field == fields_.end()) return RefuseToken(token_, WantedField(fields_));
  if (++restrictions_ > kMostRestrictions) {
    return RefuseToken(token_, StrCat("at most ", kMostRestrictions, " restrictions"));
  }
  RETURN_IF_ERROR(Advance());
  if (token_.kind != Token::Kind::kOperator) return RefuseToken(token_, "an operator: = != < <= > >= :");
  const std::string op = token_.text;
  RETURN_IF_ERROR(Advance(/*value=*/true));
  if ((token_.kind != Token::Kind::kWord && token_.kind != Token::Kind::kText) || At("AND") || At("OR") || At("NOT")) {
    return RefuseToken(token_, StrCat("a value for ", field->name, ": ", WantedValue(field->kind)));
  }
  const Token value = token_;
  RETURN_IF_ERROR(Compare(*field, op, value));
  return Advance();
}

absl::Status FilterParser::Compare(const FilterField& field, std::string_view op, const Token& value) {
  if (op == ":") {
    if (value.kind == Token::Kind::kWord && value.text == "*") {
      StrAppend(&out_.sql_, "(", field.column, " IS NOT NULL", field.kind == Kind::kString ? " AND " : "",
                field.kind == Kind::kString ? StrCat(field.column, " <> ''") : "", ")");
      return absl::OkStatus();
    }
    if (field.kind != Kind::kString) {
      return Refuse(value.at, StrCat(field.name, ":", value.text),
                    StrCat("= or another comparison, or ", field.name, ":*; only texts are searched by :"));
    }
    StrAppend(&out_.sql_, "LOCATE(?, ", field.column, ") > 0");
    return Bind(field, value);
  }
  const bool ordered = field.kind != Kind::kEnum && field.kind != Kind::kBoolean;
  if (op == "=") {
    StrAppend(&out_.sql_, field.column, " = ?");
  } else if (op == "!=") {
    // <=> is = for which a missing value is a value like others.
    StrAppend(&out_.sql_, "NOT (", field.column, " <=> ?)");
  } else if (ordered) {
    StrAppend(&out_.sql_, field.column, " ", op, " ?");
  } else {
    return Refuse(value.at, op, StrCat("= or != for ", field.name));
  }
  return Bind(field, value);
}

absl::Status FilterParser::Bind(const FilterField& field, const Token& value) {
  const auto bad = [&](std::string_view want) {
    return Refuse(value.at, value.text, StrCat(want, " for ", field.name));
  };
  const auto text = [&](std::string_view owned) { return mysql::Value(out_.texts_.emplace_back(owned)); };
  switch (field.kind) {
    case Kind::kString:
      out_.values_.push_back(text(value.text));
      return absl::OkStatus();
    case Kind::kEnum: {
      std::vector<std::string_view> names;
      for (const FilterField::EnumName& known : field.enum_names) {
        if (known.name == value.text) {
          const auto* number = std::get_if<int64_t>(&known.stored);
          out_.values_.push_back(number != nullptr ? mysql::Value(*number) : text(std::get<std::string>(known.stored)));
          return absl::OkStatus();
        }
        names.push_back(known.name);
      }
      return bad(StrCat("one of ", StrJoin(names, ", ")));
    }
    case Kind::kBoolean:
      if (value.text != "true" && value.text != "false") return bad(WantedValue(field.kind));
      out_.values_.push_back(mysql::Value(value.text == "true"));
      return absl::OkStatus();
    case Kind::kInteger: {
      const std::optional<int64_t> number = ReadInteger(value.text);
      if (!number) return bad(WantedValue(field.kind));
      out_.values_.push_back(mysql::Value(*number));
      return absl::OkStatus();
    }
    case Kind::kDecimal: {
      const absl::StatusOr<Decimal> number = Decimal::Parse(value.text);
      if (!number.ok()) return bad(WantedValue(field.kind));
      out_.values_.push_back(mysql::Value(*number));
      return absl::OkStatus();
    }
    case Kind::kDate: {
      const absl::StatusOr<Date> date = Date::Parse(value.text);
      if (!date.ok()) return bad(WantedValue(field.kind));
      out_.values_.push_back(mysql::Value(*date));
      return absl::OkStatus();
    }
    case Kind::kTimestamp: {
      const std::optional<absl::Time> time = ReadTimestamp(value.text);
      if (!time) return bad(WantedValue(field.kind));
      out_.values_.push_back(mysql::Value(*time));
      return absl::OkStatus();
    }
  }
  return absl::OkStatus();
}

absl::Status FilterParser::Refuse(size_t at, std::string_view got, std::string_view want) const {
  ErrorDetail detail;
  detail.reason = Reason::kFilterInvalid;
  detail.metadata = {{"character", StrCat(at + 1)}};
  detail.violations = {{std::string(violation_field_), Printable(got), std::string(want)}};
  return WithDetail(
      absl::StatusCode::kInvalidArgument,
      StrCat(violation_field_, ": at character ", at + 1, ": got '", detail.violations[0].got, "', want ", want),
      detail);
}

absl::Status FilterParser::RefuseToken(const Token& token, std::string_view want) const {
  return Refuse(token.at, token.kind == Token::Kind::kEnd ? "the end" : token.text, want);
}

}  // namespace tributary
