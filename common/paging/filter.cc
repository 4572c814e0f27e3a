#include "common/paging/filter.h"

#include "common/paging/filter_parser.h"

namespace tributary {

using Kind = FilterField::Kind;

FilterField FilterField::String(std::string name, std::string column) {
  return {std::move(name), std::move(column), Kind::kString, {}};
}
FilterField FilterField::Boolean(std::string name, std::string column) {
  return {std::move(name), std::move(column), Kind::kBoolean, {}};
}
FilterField FilterField::Integer(std::string name, std::string column) {
  return {std::move(name), std::move(column), Kind::kInteger, {}};
}
FilterField FilterField::DecimalNumber(std::string name, std::string column) {
  return {std::move(name), std::move(column), Kind::kDecimal, {}};
}
FilterField FilterField::Day(std::string name, std::string column) {
  return {std::move(name), std::move(column), Kind::kDate, {}};
}
FilterField FilterField::Timestamp(std::string name, std::string column) {
  return {std::move(name), std::move(column), Kind::kTimestamp, {}};
}
FilterField FilterField::Enum(std::string name, std::string column, std::vector<EnumName> names) {
  return {std::move(name), std::move(column), Kind::kEnum, std::move(names)};
}
FilterField FilterField::EnumText(std::string name, std::string column, const std::vector<std::string>& names) {
  FilterField field = {std::move(name), std::move(column), Kind::kEnum, {}};
  for (const std::string& text : names) field.enum_names.push_back({text, text});
  return field;
}

absl::StatusOr<SqlPredicate> ParseFilter(std::string_view filter, const std::vector<FilterField>& fields,
                                         std::string_view violation_field) {
  return FilterParser(filter, fields, violation_field).Parse();
}

}  // namespace tributary
