// What a case rests on through the wire: kept whole at detection, and any change of it found.

#include <map>

#include "conflict-service/testing_wandering_goods.h"
#include "tributary/conflict/v1/case_evidence.pb.h"

namespace tributary::conflict {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;

class CaseEvidenceTestOfService : public WanderingGoodsTest {
 protected:
  static std::vector<v1::CaseEvidence> Evidence(TwoServices& both, const std::string& name) {
    v1::ListCaseEvidenceRequest list;
    list.set_parent(name);
    const auto listed = both.Call<v1::ListCaseEvidenceResponse>("CaseEvidenceService/ListCaseEvidence", list);
    EXPECT_OK(listed);
    if (!listed.ok()) return {};
    return {listed->case_evidence().begin(), listed->case_evidence().end()};
  }
  static v1::VerifyCaseEvidenceResponse Verified(TwoServices& both, const std::string& name) {
    v1::VerifyCaseEvidenceRequest verify;
    verify.set_name(name);
    const auto verified = both.Call<v1::VerifyCaseEvidenceResponse>("CaseEvidenceService/VerifyCaseEvidence", verify);
    EXPECT_OK(verified);
    return verified.ok() ? *verified : v1::VerifyCaseEvidenceResponse();
  }
  static std::multimap<std::string, std::string> ValuesOf(const v1::CaseEvidence& record) {
    std::multimap<std::string, std::string> values;
    for (const v1::CaseEvidenceLine& line : record.lines()) values.emplace(line.field(), line.value());
    return values;
  }
};

TEST_F(CaseEvidenceTestOfService, TheReportsAndTheOddsAreKeptAndStayAsTheyWere) {
  const auto both = BeginWithACase();
  const std::string name = Cases(*both).at(0).name();
  ASSERT_OK(Move(*both, "Triage", v1::TriageCaseRequest()));
  const std::vector<v1::CaseEvidence> kept = Evidence(*both, name);
  ASSERT_FALSE(kept.empty());
  EXPECT_EQ(kept.back().name(), StrCat(name, "/evidence/", kept.size()));
  EXPECT_EQ(kept.front().previous_sha256(), "");
  EXPECT_EQ(kept.back().rule_version(), "diversion.0");
  const auto values = ValuesOf(kept.back());
  // What acme reported: 20 at first, 100 came, 59 were sold, 21 are left.
  EXPECT_THAT(values, Contains(Pair("opening_reported", "20")));
  EXPECT_THAT(values, Contains(Pair("sell_in", "100")));
  EXPECT_THAT(values, Contains(Pair("sell_through", "59")));
  EXPECT_THAT(values, Contains(Pair("reported", "21")));
  EXPECT_THAT(values, Contains(Pair("gap", "partners/acme 40")));
  EXPECT_THAT(values, Contains(Pair("flow.least", "35")));
  EXPECT_THAT(values, Contains(Pair("flow.most", "40")));
  EXPECT_THAT(values, Contains(Pair("outside.serials", "s1, s2, s3")));
  EXPECT_THAT(values, Contains(Pair("prior_decibans", "-20")));
  EXPECT_THAT(values, Contains(Pair("threshold_decibans", "10")));

  v1::GetCaseEvidenceRequest get;
  get.set_name(kept.back().name());
  const auto one = both->Call<v1::CaseEvidence>("CaseEvidenceService/GetCaseEvidence", get);
  ASSERT_OK(one);
  EXPECT_EQ(one->SerializeAsString(), kept.back().SerializeAsString());
  get.set_name(StrCat(name, "/evidence/01"));
  EXPECT_THAT(both->Call<v1::CaseEvidence>("CaseEvidenceService/GetCaseEvidence", get), HasReason(Reason::kNotFound));
  get.set_name(kept.back().name());
  EXPECT_THAT(both->Call<v1::CaseEvidence>("CaseEvidenceService/GetCaseEvidence", get, api::v1::PARTNER_USER, "acme"),
              HasReason(Reason::kPermissionDenied));

  // From triage on nothing that is told later is in it.
  Tell(*both, {Report("cogs", "2026-06-29", 11), Reconcile("cogs"), Balance(), Scan("e7", "s1")});
  ASSERT_EQ(Evidence(*both, name).size(), kept.size());
  EXPECT_EQ(Evidence(*both, name).back().sha256(), kept.back().sha256());
  const v1::VerifyCaseEvidenceResponse verified = Verified(*both, name);
  EXPECT_TRUE(verified.intact());
  EXPECT_EQ(verified.records(), static_cast<int>(kept.size()));
  EXPECT_THAT(verified.discrepancies(), IsEmpty());
}

TEST_F(CaseEvidenceTestOfService, AChangeOfAnyTableIsFound) {
  const auto both = BeginWithACase();
  const std::string name = Cases(*both).at(0).name();
  ASSERT_TRUE(Verified(*both, name).intact());
  const auto change = [&](const std::string& sql_text) {
    EXPECT_OK(both->database().Transact(
        {}, [&](mysql::Transaction& sql) -> absl::Status { return sql.Execute(sql_text).status(); }));
  };
  struct Change {
    std::string there;
    std::string back;
    std::string found;
  };
  const std::vector<Change> changes = {
      {"UPDATE case_evidence_line SET value = '41' WHERE field = 'flow.most' AND value = '40'",
       "UPDATE case_evidence_line SET value = '40' WHERE field = 'flow.most'", "sha256"},
      {"UPDATE case_evidence_line SET source = 'x' WHERE field = 'flow.least'", "", "sha256"}};
  for (const Change& one : changes) {
    SCOPED_TRACE(one.there);
    change(one.there);
    const v1::VerifyCaseEvidenceResponse verified = Verified(*both, name);
    EXPECT_FALSE(verified.intact());
    ASSERT_GT(verified.discrepancies_size(), 0);
    EXPECT_THAT(verified.discrepancies(0), HasSubstr(one.found));
    if (one.back.empty()) continue;
    change(one.back);
    EXPECT_TRUE(Verified(*both, name).intact());
  }
  change("DELETE FROM case_evidence");
  EXPECT_FALSE(Verified(*both, name).intact());
}

}  // namespace
}  // namespace tributary::conflict
