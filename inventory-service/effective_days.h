#pragma once

// effective_from and effective_to of resources, on the wire and in columns; an open end is unset and NULL.

#include "common/mysql/value.h"
#include "common/time/date.h"
#include "common/wire/field_reader.h"
#include "common/wire/wire.h"

namespace tributary::inventory {

template <typename Message>
void PutDays(const DateRange& effective, Message* out) {
  *out->mutable_effective_from() = wire::ToProto(effective.start);
  if (effective.end != OpenEnd()) *out->mutable_effective_to() = wire::ToProto(effective.end);
}

// What is wrong is told to `fields`, below `prefix` ("components[2].").
template <typename Message>
DateRange TakeDays(const Message& message, FieldReader& fields, std::string_view prefix = {}) {
  DateRange effective;
  effective.start = fields.Take(StrCat(prefix, "effective_from"), wire::FromProto(message.effective_from()));
  effective.end = message.has_effective_to()
                      ? fields.Take(StrCat(prefix, "effective_to"), wire::FromProto(message.effective_to()))
                      : OpenEnd();
  return effective;
}

// Of two columns.
inline DateRange ReadDays(const mysql::Row& row, size_t from) {
  return {row.Day(from), row.IsNull(from + 1) ? OpenEnd() : row.Day(from + 1)};
}
inline mysql::Value EndOf(const DateRange& effective) {
  return effective.end == OpenEnd() ? mysql::Value(std::nullopt) : mysql::Value(effective.end);
}

}  // namespace tributary::inventory
