#include "partner-service/scorecards/scorecard_template.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "common/money/testing_decimal.h"
#include "common/status/status.h"
#include "common/status/status_matchers.h"

namespace tributary::partner {
namespace {

using ::testing::ElementsAreArray;

ScorecardTemplate Good() {
  return {.id = "t",
          .calendar_id = "c",
          .components =
              {{.id = "targets", .weight = 60, .high = D("100")},
               {.id = "sales",
                .weight = 25,
                .measure = ScoreMeasure::kSales,
                .basis = TargetBasis::kSellIn,
                .product_lines = {"productLines/a"},
                .currency = "CNY",
                .low = D("100"),
                .high = D("200.5")},
               {.id = "people",
                .weight = 10,
                .measure = ScoreMeasure::kCertificates,
                .course_id = "drives",
                .high = D("3")},
               {.id = "level", .weight = 5, .measure = ScoreMeasure::kTier, .program_id = "growth", .high = D("2")}},
          .notice_below = D("70"),
          .review_below = D("50"),
          .block_below = D("50")};
}

TEST(ScorecardTemplateTest, SaysAllThatIsWrong) {
  struct Case {
    const char* name;
    std::function<void(ScorecardTemplate&)> change;
    std::vector<std::string> fields;
  };
  const std::vector<Case> cases = {
      {"good", [](ScorecardTemplate&) {}, {}},
      {"no thresholds",
       [](ScorecardTemplate& t) { t.notice_below = t.review_below = t.block_below = std::nullopt; },
       {}},
      {"two lines", [](ScorecardTemplate& t) { t.display_name = "a\nb"; }, {"display_name"}},
      {"an id twice", [](ScorecardTemplate& t) { t.components[1].id = "targets"; }, {"components[1].component"}},
      {"sales without a basis", [](ScorecardTemplate& t) { t.components[1].basis.reset(); }, {"components[1].basis"}},
      {"no line",
       [](ScorecardTemplate& t) { t.components[1].product_lines = {"a"}; },
       {"components[1].product_lines[0]"}},
      {"certificates of no course",
       [](ScorecardTemplate& t) { t.components[2].course_id = ""; },
       {"components[2].course"}},
      {"a level of no program",
       [](ScorecardTemplate& t) { t.components[3].program_id = ""; },
       {"components[3].program"}},
      {"what is another's",
       [](ScorecardTemplate& t) {
         t.components[0].basis = TargetBasis::kOrder;
         t.components[0].product_lines = {"productLines/a"};
         t.components[0].currency = "CNY";
         t.components[0].course_id = "drives";
         t.components[0].program_id = "growth";
         t.components[0].activity_kind = ActivityKind::kMeeting;
       },
       {"components[0].basis", "components[0].product_lines", "components[0].currency", "components[0].course",
        "components[0].program", "components[0].activity_kind"}},
      {"a high end that is none", [](ScorecardTemplate& t) { t.components[0].high = D("0"); }, {"components[0].high"}},
      {"weights of 101", [](ScorecardTemplate& t) { t.components[0].weight = 61; }, {"components"}},
      {"a review above a notice", [](ScorecardTemplate& t) { t.review_below = D("70.01"); }, {"review_below"}},
      {"a block above both", [](ScorecardTemplate& t) { t.block_below = D("80"); }, {"block_below", "block_below"}},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    ScorecardTemplate t = Good();
    c.change(t);
    const absl::Status checked = CheckContent(t);
    std::vector<std::string> fields;
    for (const FieldViolation& violation : DetailOf(checked).violations) fields.push_back(violation.field);
    EXPECT_THAT(fields, ElementsAreArray(c.fields)) << checked;
    if (c.fields.empty()) {
      EXPECT_OK(checked);
    } else {
      EXPECT_THAT(checked, HasReason(Reason::kInvalidField));
    }
  }
}

}  // namespace
}  // namespace tributary::partner
