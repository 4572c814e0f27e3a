// Remedies that conflict-service carries out itself, through the wire: roles that are told, and prices that are to be
// kept.

#include "conflict-service/cases/party_store.h"
#include "conflict-service/remedies/testing_remedies.h"
#include "tributary/conflict/v1/partner_case.pb.h"
#include "tributary/conflict/v1/price_observation.pb.h"
#include "tributary/conflict/v1/price_rule.pb.h"

namespace tributary::conflict {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class OwnRemedyTest : public RemedyServiceTest {
 protected:
  void SetUp() override {
    RemedyServiceTest::SetUp();
    v1::CreatePriceRuleRequest rule;
    rule.set_price_rule_id("bike");
    rule.mutable_price_rule()->set_product("products/bike");
    *rule.mutable_price_rule()->mutable_minimum_advertised_price() = Yuan("100");
    *rule.mutable_price_rule()->mutable_effective_from() = wire::ToProto(*Date::Parse("2026-01-01"));
    rule.set_request_id(partner::NewRequestId());
    ASSERT_OK(staff_->Call<v1::PriceRule>("tributary.conflict.v1.PriceRuleService/CreatePriceRule", rule));
    // As triage shows the case to its parties.
    ASSERT_OK(database_->Transact({}, [&](mysql::Transaction& sql) -> absl::Status {
      ASSIGN_OR_RETURN(const Case one, CaseStore().GetForUpdate(sql, "rival"));
      return PartyStore().Show(sql, one, absl::Now());
    }));
  }
  static v1::RemedyMeasure Roles(const std::vector<std::pair<std::string, std::string>>& roles) {
    v1::RemedyMeasure measure = Measure(v1::RemedyStep::CLARIFY_ROLES, nullptr);
    for (const auto& [partner, text] : roles) {
      v1::RemedyRole& role = *measure.add_roles();
      role.set_partner(StrCat("partners/", partner));
      role.set_role(text);
    }
    return measure;
  }
  static v1::RemedyMeasure KeepPrice(const char* partner, const char* due, const char* rule = "priceRules/bike") {
    v1::RemedyMeasure measure = Measure(v1::RemedyStep::PRICE_ACTION, partner);
    measure.set_price_rule(rule);
    *measure.mutable_due_date() = wire::ToProto(*Date::Parse(due));
    return measure;
  }
  std::vector<std::string> Told(const std::string& partner) {
    v1::GetPartnerCaseRequest get;
    get.set_name(StrCat("partners/", partner, "/cases/1"));
    const auto user = keys_.NewClient(port_, api::v1::PARTNER_USER, partner);
    const auto mine = user->Call<v1::PartnerCase>("tributary.conflict.v1.PartnerCaseService/GetPartnerCase", get);
    EXPECT_OK(mine);
    std::vector<std::string> texts;
    if (!mine.ok()) return texts;
    for (const v1::PartnerCaseMessage& message : mine->messages()) texts.push_back(message.text());
    return texts;
  }
  absl::Status See(const char* id, const char* date, const char* price) {
    v1::BatchImportPriceObservationsRequest request;
    v1::PriceObservation& seen = *request.add_price_observations();
    seen.set_name(StrCat("priceObservations/", id));
    seen.set_kind(v1::PriceObservation::ADVERTISED);
    seen.set_partner("partners/p1");
    seen.set_product("products/bike");
    *seen.mutable_price() = Yuan(price);
    seen.set_region("regions/aw-1");
    seen.set_place("https://p1.example/bike");
    *seen.mutable_observe_date() = wire::ToProto(*Date::Parse(date));
    request.set_request_id(partner::NewRequestId());
    return staff_
        ->Call<v1::BatchImportPriceObservationsResponse>(
            "tributary.conflict.v1.PriceObservationService/BatchImportPriceObservations", request)
        .status();
  }
  std::string FollowUp() { return v1::RemedyStep::FollowUp_Name(Get().steps(0).follow_up()); }
};

TEST_F(OwnRemedyTest, RolesAreToldToEachPartyAtOnceAndTakenBackByARefusal) {
  const auto begun =
      Apply({Roles({{"p1", "Schools in AW-1"}, {"p2", "Hospitals in AW-1"}}), Measure(v1::RemedyStep::WARNING, "p3")});
  ASSERT_OK(begun);
  EXPECT_EQ(StatesOf(*begun), "RUNNING: APPLIED APPLIED ORDERED") << "no other service is waited for";
  EXPECT_EQ(begun->steps(0).role(), "Schools in AW-1");
  EXPECT_THAT(begun->steps(0).result(), HasSubstr("cases/rival/messages/"));
  // partner-service does not know p3.
  Await("COMPENSATED: COMPENSATED COMPENSATED REFUSED");
  const std::vector<std::string> told = Told("p1");
  ASSERT_EQ(told.size(), 2u);
  EXPECT_THAT(told[0], HasSubstr("Your part: Schools in AW-1."));
  EXPECT_THAT(told[1], HasSubstr("no longer holds"));
  EXPECT_THAT(StrJoin(told, " "), ::testing::Not(HasSubstr("Hospitals"))) << "nothing of the other";
  EXPECT_EQ(Told("p2").size(), 2u);
}

TEST_F(OwnRemedyTest, APriceActionIsFollowedUpByTheFirstPriceSince) {
  const auto begun = Apply({KeepPrice("p1", "2026-07-01")});
  ASSERT_OK(begun);
  EXPECT_EQ(StatesOf(*begun), "APPLIED: APPLIED");
  EXPECT_EQ(begun->steps(0).follow_up(), v1::RemedyStep::PENDING);
  EXPECT_THAT(Told("p1"), ElementsAre(HasSubstr("From 2026-07-01 on your prices are to keep priceRules/bike.")));
  ASSERT_OK(See("june", "2026-06-30", "60"));
  EXPECT_EQ(FollowUp(), "PENDING");
  ASSERT_OK(See("late", "2026-07-09", "100"));
  EXPECT_EQ(FollowUp(), "KEPT");
  // One that is told later, of an earlier day: it is the first.
  ASSERT_OK(See("first", "2026-07-02", "90"));
  EXPECT_EQ(FollowUp(), "BROKEN");
  EXPECT_EQ(Get().steps(0).observation(), "priceObservations/first");
  v1::ListCaseMessagesRequest list;
  list.set_parent("cases/rival");
  const auto messages =
      staff_->Call<v1::ListCaseMessagesResponse>("tributary.conflict.v1.CaseService/ListCaseMessages", list);
  ASSERT_OK(messages);
  ASSERT_EQ(messages->messages_size(), 2);
  EXPECT_EQ(messages->messages(1).party(), "") << "among the staff";
  EXPECT_THAT(messages->messages(1).text(), HasSubstr("priceObservations/first does not"));
  v1::WithdrawPriceObservationRequest withdraw;
  withdraw.set_name("priceObservations/first");
  withdraw.set_reason("Another model");
  withdraw.set_request_id(partner::NewRequestId());
  ASSERT_OK(staff_->Call<v1::PriceObservation>("tributary.conflict.v1.PriceObservationService/WithdrawPriceObservation",
                                               withdraw));
  EXPECT_EQ(FollowUp(), "KEPT");
}

TEST_F(OwnRemedyTest, APriceActionThatIsDueAlreadyIsDecidedByWhatWasSeen) {
  ASSERT_OK(See("june", "2026-06-30", "60"));
  ASSERT_OK(See("july", "2026-07-02", "90"));
  const auto begun = Apply({KeepPrice("p1", "2026-07-01")});
  ASSERT_OK(begun);
  EXPECT_EQ(StatesOf(*begun), "APPLIED: APPLIED");
  EXPECT_EQ(begun->steps(0).follow_up(), v1::RemedyStep::BROKEN) << "no further price is waited for";
  EXPECT_EQ(begun->steps(0).observation(), "priceObservations/july");
  EXPECT_EQ(FollowUp(), "BROKEN");
  v1::ListCaseMessagesRequest list;
  list.set_parent("cases/rival");
  const auto messages =
      staff_->Call<v1::ListCaseMessagesResponse>("tributary.conflict.v1.CaseService/ListCaseMessages", list);
  ASSERT_OK(messages);
  ASSERT_EQ(messages->messages_size(), 2);
  EXPECT_THAT(messages->messages(1).text(), HasSubstr("priceObservations/july does not"));
}

// What was seen while another service was waited for counts too.
TEST_F(OwnRemedyTest, APriceActionThatWasWaitedForIsDecidedByWhatWasSeenMeanwhile) {
  ASSERT_OK(See("july", "2026-07-02", "100"));
  ASSERT_OK(Apply({Measure(v1::RemedyStep::WARNING, "p1"), KeepPrice("p1", "2026-07-01")}));
  Await("APPLIED: APPLIED APPLIED");
  EXPECT_EQ(Get().steps(1).follow_up(), v1::RemedyStep::KEPT);
  EXPECT_EQ(Get().steps(1).observation(), "priceObservations/july");
  // A correction of the rule judges what was seen anew.
  v1::UpdatePriceRuleRequest update;
  update.mutable_price_rule()->set_name("priceRules/bike");
  *update.mutable_price_rule()->mutable_minimum_advertised_price() = Yuan("110");
  update.mutable_update_mask()->add_paths("minimum_advertised_price");
  update.set_request_id(partner::NewRequestId());
  ASSERT_OK(staff_->Call<v1::PriceRule>("tributary.conflict.v1.PriceRuleService/UpdatePriceRule", update));
  EXPECT_EQ(Get().steps(1).follow_up(), v1::RemedyStep::BROKEN);
}

TEST_F(OwnRemedyTest, NamesWhatIsWrong) {
  EXPECT_THAT(Apply({KeepPrice("p1", "2026-07-01", "priceRules/none")}), HasReason(Reason::kReferenceNotFound));
  EXPECT_THAT(Apply({KeepPrice("p1", "2026-07-01", "bike")}), Blames("measures[0].price_rule"));
  EXPECT_THAT(Apply({Roles({{"p9", "Schools"}})}), Blames("measures[0].roles[0].partner"));
  EXPECT_THAT(Apply({Roles({})}), Blames("measures[0].roles"));
}

TEST_F(OwnRemedyTest, WhatFitsIsSuggested) {
  v1::SuggestRemediesRequest suggest;
  suggest.set_name("cases/rival");
  constexpr char kSuggest[] = "tributary.conflict.v1.RemedyService/SuggestRemedies";
  const auto suggested = staff_->Call<v1::SuggestRemediesResponse>(kSuggest, suggest);
  ASSERT_OK(suggested);
  EXPECT_EQ(suggested->cause(), v1::Case::BENEFIT);
  ASSERT_EQ(suggested->suggested_remedies_size(), 1);
  EXPECT_EQ(suggested->suggested_remedies(0).kind(), v1::RemedyStep::SPLIT_CREDIT);
  EXPECT_THAT(suggested->suggested_remedies(0).partners(), ElementsAre("partners/p1", "partners/p2", "partners/p3"));
  const auto user = keys_.NewClient(port_, api::v1::PARTNER_USER, "p1");
  EXPECT_THAT(user->Call<v1::SuggestRemediesResponse>(kSuggest, suggest), HasReason(Reason::kPermissionDenied));
}

}  // namespace
}  // namespace tributary::conflict
