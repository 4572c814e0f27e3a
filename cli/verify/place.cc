#include "cli/verify/place.h"

#include <charconv>
#include <string_view>

namespace tributary::cli {
namespace {

int64_t NumberIn(std::string_view text) {
  int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

}  // namespace

Place PlaceOf(const std::string& fact) {
  constexpr std::string_view kSales = "/sales/", kDeals = "/deals/", kLines = "/lines/", kAllocations = "/allocations/";
  const std::string_view name = fact;
  if (const size_t sales = name.find(kSales); sales != std::string_view::npos) {
    // {document}.{line}, and a third part where it was stated again or where the document has dots itself.
    const std::string_view sale = name.substr(sales + kSales.size());
    const size_t end = sale.rfind('.');
    if (end == std::string_view::npos) return {std::string(sale)};
    const size_t before = sale.substr(0, end).rfind('.');
    if (before == std::string_view::npos) return {std::string(sale.substr(0, end)), NumberIn(sale.substr(end + 1))};
    return {std::string(sale.substr(0, before)), NumberIn(sale.substr(before + 1))};
  }
  for (const std::string_view parts : {kLines, kAllocations}) {
    const size_t lines = name.rfind(parts);
    if (lines == std::string_view::npos) continue;
    const size_t document = name.substr(0, lines).rfind('/') + 1;
    return {std::string(name.substr(document, lines - document)), NumberIn(name.substr(lines + parts.size()))};
  }
  const size_t deals = name.rfind(kDeals);
  if (deals != std::string_view::npos) return {std::string(name.substr(deals + kDeals.size())), 1};
  return {};
}

}  // namespace tributary::cli
