#include "inventory-service/facts/serials.h"

#include <algorithm>

#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::inventory {

std::string SerialsText(const std::vector<std::string>& serials) {
  std::string text;
  for (const std::string& serial : serials) StrAppend(&text, text.empty() ? "" : " ", serial);
  return text;
}

std::vector<std::string> SerialsFromText(std::string_view text) {
  std::vector<std::string> serials;
  while (!text.empty()) {
    const size_t end = std::min(text.find(' '), text.size());
    serials.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return serials;
}

absl::Status CheckSerials(const std::vector<std::string>& serials, Decimal quantity) {
  const Decimal units = Abs(quantity);
  if (serials.empty() || units == Decimal::FromInt(static_cast<int64_t>(serials.size()))) return absl::OkStatus();
  return InvalidField("serials", StrCat(serials.size(), " serial numbers"),
                      StrCat(units.ToString(), ", one for each unit of quantity"));
}

std::vector<std::string> TakeSerials(std::vector<std::string> told, std::optional<Decimal> quantity,
                                     FieldReader* fields) {
  std::sort(told.begin(), told.end());
  const auto twice = std::adjacent_find(told.begin(), told.end());
  if (twice != told.end()) fields->Refuse("serials", *twice, "each serial number once");
  if (!quantity.has_value()) return told;
  const absl::Status enough = CheckSerials(told, *quantity);
  for (const FieldViolation& miss : DetailOf(enough).violations) fields->Refuse(miss.field, miss.got, miss.want);
  return told;
}

}  // namespace tributary::inventory
