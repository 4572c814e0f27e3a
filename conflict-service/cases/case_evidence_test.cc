#include "conflict-service/cases/case_evidence.h"

#include <functional>
#include <utility>

#include "common/status/status_matchers.h"
#include "common/text/text.h"
#include "conflict-service/cases/case_deadlines.h"
#include "conflict-service/deals/deal.h"

namespace tributary::conflict {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

const absl::Time kDetected = absl::FromUnixSeconds(1780000000);

Conclusion Concluded() {
  return {.kind = FindingKind::kBelowPrice,
          .rule_version = "1.4",
          .subjects = {"partners/a", "priceRules/r"},
          .explanation = "Sold to 'Harbor Ltd' for too little",
          .price_depth = PriceDepth{"CNY", Decimal::FromInt(90), Decimal::FromInt(100), {}},
          .occurred_on = Date::Parse("2026-06-01").value(),
          .inputs = {{"partners/a/sales/s", "region", "regions/cn-50", ""},
                     {"partners/a/sales/s", "customer", "Harbor Ltd", "Harbor Ltd"},
                     {"priceRules/r", "floor", "100", ""}}};
}

Case CaseOf(const Conclusion& conclusion) {
  return Follow(std::nullopt,
                {"", {"c", Uuid::New(kDetected), 1, kDetected, kDetected, FindingState::kOpen, conclusion}},
                CaseDeadlines(), kDetected)
      ->after;
}

std::vector<CaseEvidence> Records() {
  Conclusion first = Concluded();
  first.explanation = "Sold to 'Harbor Ltd'";
  std::vector<CaseEvidence> records = {NewEvidence("c", 0, "", first, kDetected)};
  records.push_back(NewEvidence("c", 1, records[0].sha256, Concluded(), kDetected + absl::Seconds(1)));
  return records;
}

EvidenceLine& Line(CaseEvidence& record, const std::string& field) {
  for (EvidenceLine& line : record.lines) {
    if (line.field == field) return line;
  }
  ADD_FAILURE() << "no line " << field;
  return record.lines.at(0);
}

TEST(CaseEvidenceTest, KeepsWhatTheRuleReadAndSealsNames) {
  CaseEvidence record = Records()[1];
  EXPECT_EQ(record.name(), "cases/c/evidence/2");
  EXPECT_EQ(record.sha256.size(), 64u);
  EXPECT_EQ(Line(record, "region").value, "regions/cn-50");
  EXPECT_EQ(Line(record, "region").seal, "");
  EXPECT_EQ(Line(record, "rule_version").value, "1.4");
  EXPECT_EQ(Line(record, "price_depth.least").value, "100");
  for (const char* field : {"customer", "explanation"}) {
    EXPECT_EQ(Line(record, field).seal.size(), 64u) << field;
    EXPECT_THAT(Line(record, field).customers, ElementsAre(CustomerKey("Harbor Ltd"))) << field;
  }
  EXPECT_NE(Line(record, "customer").seal, Line(Records()[1], "customer").seal) << "salted";
}

TEST(CaseEvidenceTest, AnyChangeIsFound) {
  const Case one = CaseOf(Concluded());
  ASSERT_THAT(Discrepancies(one, Records()), IsEmpty());
  struct Change {
    std::string what;
    std::function<void(std::vector<CaseEvidence>&)> change;
    std::string found;
  };
  const std::vector<Change> changes = {
      {"a figure", [](auto& all) { Line(all[1], "floor").value = "95"; }, "cases/c/evidence/2: sha256"},
      {"a source", [](auto& all) { Line(all[0], "floor").source = "priceRules/q"; }, "cases/c/evidence/1: sha256"},
      {"a name", [](auto& all) { Line(all[1], "customer").value = "Other"; }, "customer of partners/a/sales/s"},
      {"a seal", [](auto& all) { Line(all[1], "customer").seal = std::string(64, '0'); }, "sha256"},
      {"a line less", [](auto& all) { all[1].lines.pop_back(); }, "sha256"},
      {"the order", [](auto& all) { std::swap(all[1].lines[0], all[1].lines[1]); }, "sha256"},
      {"the moment", [](auto& all) { all[1].create_time += absl::Microseconds(1); }, "sha256"},
      {"the version", [](auto& all) { Line(all[1], "rule_version").value = "1.5"; }, "cases/c: rule_version"},
      {"the first is gone", [](auto& all) { all.erase(all.begin()); }, "got number 2, want 1"},
      {"the last is gone", [](auto& all) { all.pop_back(); }, "cases/c: explanation"},
      {"all are gone", [](auto& all) { all.clear(); }, "got no evidence"},
  };
  for (const Change& change : changes) {
    SCOPED_TRACE(change.what);
    std::vector<CaseEvidence> records = Records();
    change.change(records);
    EXPECT_THAT(StrJoin(Discrepancies(one, records), "; "), HasSubstr(change.found));
  }
  Case other = one;
  other.evidence = "Sold to nobody";
  EXPECT_THAT(Discrepancies(other, Records()), Not(IsEmpty()));
}

TEST(CaseEvidenceTest, ARecordMadeAnewAfterAChangeBreaksTheChain) {
  std::vector<CaseEvidence> records = Records();
  Line(records[0], "floor").value = "95";
  records[0].sha256 = EvidenceHash(records[0]);
  EXPECT_THAT(StrJoin(Discrepancies(CaseOf(Concluded()), records), "; "), HasSubstr("previous_sha256"));
}

TEST(CaseEvidenceTest, VerifiesWithoutTheErasedNames) {
  std::vector<CaseEvidence> records = Records();
  for (CaseEvidence& record : records) {
    for (EvidenceLine& line : record.lines) {
      if (line.customers.empty()) continue;
      line.value.clear();
      line.salt.clear();
      EXPECT_TRUE(line.erased());
    }
  }
  Case one = CaseOf(Concluded());
  one.evidence = "erased";
  EXPECT_THAT(Discrepancies(one, records), IsEmpty());
}

}  // namespace
}  // namespace tributary::conflict
