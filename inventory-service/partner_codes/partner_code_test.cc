#include "inventory-service/partner_codes/partner_code.h"

#include <gtest/gtest.h>

#include "common/status/status_matchers.h"
#include "common/time/testing_time.h"

namespace tributary::inventory {
namespace {

PartnerCode Code(std::string id, DateRange effective, std::string target = "products/bike") {
  return {.partner = "acme",
          .id = std::move(id),
          .kind = CodeKind::kProduct,
          .code = "4711/B",
          .target = std::move(target),
          .effective = effective};
}

const DateRange kMay = {Day("2026-05-01"), Day("2026-06-01")};
const DateRange kFromJune = {Day("2026-06-01"), OpenEnd()};

TEST(PartnerCode, ItsForm) {
  const struct {
    const char* what;
    void (*change)(PartnerCode&);
    const char* field;  // that is wrong; empty: nothing is
  } kCases[] = {
      {"a product", [](PartnerCode&) {}, ""},
      {"any script", [](PartnerCode& c) { c.code = "箱 12"; }, ""},
      {"a blank in front", [](PartnerCode& c) { c.code = " 4711"; }, "code"},
      {"a blank behind", [](PartnerCode& c) { c.code = "4711 "; }, "code"},
      {"two lines", [](PartnerCode& c) { c.code = "4711\n4712"; }, "code"},
      {"a customer's name for a product", [](PartnerCode& c) { c.target = "customers/c1"; }, "target"},
      {"a customer",
       [](PartnerCode& c) {
         c.kind = CodeKind::kCustomer;
         c.target = "customers/c1";
       },
       ""},
      {"an own site",
       [](PartnerCode& c) {
         c.kind = CodeKind::kSite;
         c.target = "partners/acme/sites/north";
       },
       ""},
      {"another's site",
       [](PartnerCode& c) {
         c.kind = CodeKind::kSite;
         c.target = "partners/bolt/sites/north";
       },
       "target"},
      {"no day at all", [](PartnerCode& c) { c.effective.end = c.effective.start; }, "effective_to"},
      {"the end first", [](PartnerCode& c) { c.effective.end = c.effective.start.AddDays(-1); }, "effective_to"},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.what);
    PartnerCode code = Code("a", kMay);
    c.change(code);
    const ErrorDetail detail = DetailOf(CheckForm(code));
    if (*c.field == '\0') {
      EXPECT_OK(CheckForm(code));
    } else {
      ASSERT_EQ(detail.violations.size(), 1u);
      EXPECT_EQ(detail.violations[0].field, c.field);
    }
  }
}

TEST(PartnerCode, StandsForOneThingADay) {
  const std::vector<PartnerCode> others = {Code("may", kMay)};
  EXPECT_OK(CheckFree(Code("june", kFromJune), others));
  EXPECT_OK(CheckFree(Code("april", {Day("2026-04-01"), Day("2026-05-01")}), others));
  EXPECT_THAT(CheckFree(Code("late", {Day("2026-05-31"), OpenEnd()}), others), HasReason(Reason::kValidityOverlap));
  EXPECT_THAT(CheckFree(Code("within", {Day("2026-05-10"), Day("2026-05-11")}), others),
              HasReason(Reason::kValidityOverlap));
  // It does not overlap itself.
  EXPECT_OK(CheckFree(Code("may", {Day("2026-04-01"), Day("2026-07-01")}), others));
}

TEST(CodeTable, ReadsTheDay) {
  CodeTable table;
  table.Add("A", kMay, "products/old");
  table.Add("A", kFromJune, "products/new");
  EXPECT_EQ(table.Find("A", Day("2026-04-30")), nullptr);
  EXPECT_EQ(*table.Find("A", Day("2026-05-01")), "products/old");
  EXPECT_EQ(*table.Find("A", Day("2026-05-31")), "products/old");
  EXPECT_EQ(*table.Find("A", Day("2026-06-01")), "products/new");
  EXPECT_EQ(table.Find("a", Day("2026-06-01")), nullptr);
}

}  // namespace
}  // namespace tributary::inventory
