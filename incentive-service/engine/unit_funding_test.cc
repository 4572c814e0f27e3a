#include "incentive-service/engine/unit_funding.h"

#include "incentive-service/engine/testing_numbers.h"

namespace tributary::incentive {
namespace {

const std::vector<ExclusiveClass>& Classes() {
  static const auto& classes =
      *new std::vector<ExclusiveClass>{{"sale-bonus", "special-price"}, {"special-price", "price-protection"}};
  return classes;
}
const std::map<std::string, Decimal> kSold = {{"serials/s1", D("1")}, {"invoices/I1/lines/1", D("100")}};

TEST(UnitFundingTest, AUnitIsPaidForOnce) {
  const struct {
    std::vector<UnitClaim> claims;
    const char* outcome;  // funded, and what was refused, of each
  } kCases[] = {
      // S5 of the scenarios: two partners report one invoice.
      {{{"p2/c1", "sale-bonus", "invoices/I1/lines/1", D("100")},
        {"p1/c1", "sale-bonus", "invoices/I1/lines/1", D("100")}},
       "100; 0 UNIT_ALREADY_FUNDED 100"},
      {{{"a", "sale-bonus", "serials/s1", D("1")}, {"b", "sale-bonus", "serials/s1", D("1")}},
       "1; 0 UNIT_ALREADY_FUNDED 1"},
      {{{"a", "sale-bonus", "serials/s1", D("1")}, {"b", "special-price", "serials/s1", D("1")}},
       "1; 0 UNIT_ALREADY_FUNDED 1"},
      // These two may be paid for one unit.
      {{{"a", "sale-bonus", "serials/s1", D("1")}, {"b", "price-protection", "serials/s1", D("1")}}, "1; 1"},
      // Both of its classes count.
      {{{"a", "sale-bonus", "invoices/I1/lines/1", D("30")},
        {"b", "price-protection", "invoices/I1/lines/1", D("60")},
        {"c", "special-price", "invoices/I1/lines/1", D("50")}},
       "30; 60; 40 UNIT_ALREADY_FUNDED 10"},
      // More than there are, and what nobody knows of.
      {{{"a", "sale-bonus", "invoices/I1/lines/1", D("130")}}, "100 UNITS_UNKNOWN 30"},
      {{{"a", "sale-bonus", "invoices/I1/lines/1", D("60")}, {"b", "sale-bonus", "invoices/I1/lines/1", D("130")}},
       "60; 40 UNITS_UNKNOWN 30 UNIT_ALREADY_FUNDED 60"},
      {{{"a", "sale-bonus", "serials/s2", D("1")}}, "0 UNITS_UNKNOWN 1"},
      // The same claim again.
      {{{"a", "sale-bonus", "serials/s1", D("1")}, {"a", "sale-bonus", "serials/s1", D("1")}}, "1; 1"},
  };
  for (const auto& c : kCases) {
    std::string text;
    for (const FundedUnits& one : FundUnits(Classes(), kSold, {}, c.claims)) {
      StrAppend(&text, text.empty() ? "" : "; ", one.funded.ToString());
      if (!one.unknown.zero()) StrAppend(&text, " ", NameOf(UnitRefusal::kUnitsUnknown), " ", one.unknown.ToString());
      if (!one.already_funded.zero()) {
        StrAppend(&text, " ", NameOf(UnitRefusal::kUnitAlreadyFunded), " ", one.already_funded.ToString());
      }
    }
    EXPECT_EQ(text, c.outcome);
  }
}

}  // namespace
}  // namespace tributary::incentive
