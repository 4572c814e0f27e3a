#pragma once

// For tests of what partners report: dates, profiles, cells.

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "inventory-service/partner_reports/row_reader.h"
#include "inventory-service/report_profiles/report_profile.h"

namespace tributary::inventory {

inline Date Day(std::string_view text) { return Date::Parse(text).value(); }
inline Decimal Dec(std::string_view text) { return Decimal::Parse(text).value(); }
inline Uuid Id(int n) {
  std::string text = "00000000-0000-7000-8000-000000000000";
  const std::string digits = std::to_string(n);
  text.replace(text.size() - digits.size(), digits.size(), digits);
  return Uuid::Parse(text).value();
}

// Products bike (each; box of 12, third of one) and pump; sites main and north (region cn-50); partner's codes B-1 ->
// bike until 2026-06-30 and pump afterwards, N -> north, C9 -> a customer.
inline References TestReferences() {
  References references;
  references.products["bike"] = {.base = {.name = "each"},
                                 .others = {{.id = "box", .factor_num = 12}, {.id = "third", .factor_den = 3}}};
  references.products["pump"] = {.base = {.name = "each"}};
  references.sites = {{"main", ""}, {"north", "cn-50"}};
  references.resolve = [](ReportField field, std::string_view code, Date date) -> std::string {
    if (field == ReportField::kProduct && code == "B-1") {
      return date < Day("2026-07-01") ? "products/bike" : "products/pump";
    }
    if (field == ReportField::kSite && code == "N") return "partners/acme/sites/north";
    if (field == ReportField::kEndCustomer && code == "C9") return "customers/c9";
    return "";
  };
  return references;
}

}  // namespace tributary::inventory
