// What partners learn of each other's registrations: that and until when their own scope is taken, and nothing else.

#include <set>
#include <string>

#include "conflict-service/deals/testing_deals.h"

namespace tributary::conflict {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

class PrivacyTest : public DealsTest {
 protected:
  // Everything that is the first partner's.
  void Rival() {
    auto request = First();
    request.mutable_deal_registration()->mutable_value()->set_currency_code("CNY");
    request.mutable_deal_registration()->mutable_value()->set_units(7654321);
    const auto deal = Register(request);
    ASSERT_THAT(deal, IsOk());
    uid_ = deal->uid();
    Evidence(kFirst, "rivals-meeting", v1::Evidence::MEETING, "2026-06-10");
  }
  std::string Text(const google::protobuf::Message& message) { return message.Utf8DebugString(); }
  // Nothing of it in an answer or an error.
  void ExpectNothingIn(const std::string& text) {
    for (const std::string& secret :
         {std::string("p-1"), std::string("deals/d-1"), std::string("臺灣"), std::string("7654321"),
          std::string("pl-a"), std::string("cn-51"), std::string("rivals-meeting"), std::string("contests/"),
          std::string("adjudication"), uid_}) {
      EXPECT_THAT(text, Not(HasSubstr(secret)));
    }
  }
  std::string uid_;
};

TEST_F(PrivacyTest, AnAnswerNamesTheOwnScopeAlone) {
  Policy("v1");
  Rival();
  const auto told = Register(Second());
  ASSERT_THAT(told, IsOk());
  ExpectNothingIn(Text(*told));
  ExpectNothingIn(Text(Get(kSecond)));
  // One more rival changes nothing of the answer.
  auto other = First();
  other.set_parent("partners/p-3");
  other.mutable_deal_registration()->mutable_regions()->RemoveLast();
  ASSERT_THAT(Register(other), IsOk());
  ASSERT_THAT(Do<v1::WithdrawDealRegistrationRequest>(StrCat(kDeals, "WithdrawDealRegistration"), kSecond, User("p-2")),
              IsOk());
  const auto again = Second();
  auto third = again;
  third.set_parent("partners/p-4");
  const auto told_again = Register(third);
  ASSERT_THAT(told_again, IsOk());
  EXPECT_EQ(told_again->conflict().SerializeAsString(), told->conflict().SerializeAsString());
  // All fields that a partner sees of a conflict, and no other.
  std::set<std::string> fields;
  for (int i = 0; i < v1::DealConflict::descriptor()->field_count(); ++i) {
    fields.insert(v1::DealConflict::descriptor()->field(i)->name());
  }
  EXPECT_EQ(fields, (std::set<std::string>{"product_lines", "regions", "until", "contest_end"}));
  // Nor on the feed, which tells each partner of its own.
  ASSERT_THAT(world_.database->Transact(
                  {},
                  [&](mysql::Transaction& sql) -> absl::Status {
                    ASSIGN_OR_RETURN(const mysql::Rows rows,
                                     sql.Query("SELECT name, payload FROM event WHERE name LIKE 'partners/p-2/%'"));
                    EXPECT_THAT(rows, Not(IsEmpty()));
                    for (const mysql::Row& row : rows) ExpectNothingIn(row.Text(1));
                    return absl::OkStatus();
                  }),
              IsOk());
}

TEST_F(PrivacyTest, TryingTellsNothing) {
  Policy("v1");
  Rival();
  std::set<std::string> answers;
  int i = 0;
  for (const char* customer : {"台泥", "臺灣水泥股份有限公司", "Nobody Knows GmbH", "台湾水泥"}) {
    for (const char* region : {"cn-50", "cn-51", "cn-53", "cn", "cn-54"}) {
      const auto draft = Draft("p-2", StrCat("x-", i++), customer, {"pl-b"}, {region}, "2026-08-01", "2026-09-01");
      auto tried = Register(draft, /*try_only=*/true);
      ASSERT_THAT(tried, IsOk());
      EXPECT_EQ(tried->state(), State::SUBMITTED);
      for (const char* own : {"name", "uid", "create_time", "update_time", "customer_name", "regions"}) {
        tried->GetReflection()->ClearField(&*tried, tried->GetDescriptor()->FindFieldByName(own));
      }
      answers.insert(tried->SerializeAsString());
    }
  }
  EXPECT_THAT(answers, SizeIs(1));
  // Nor do lists, before or after.
  v1::ListDealRegistrationsRequest list;
  list.set_parent("partners/-");
  list.set_page_size(1000);
  for (const char* filter : {"", "state = DRAFT"}) {
    list.set_filter(filter);
    const auto reply =
        Call<v1::ListDealRegistrationsResponse>(StrCat(kDeals, "ListDealRegistrations"), list, User("p-2"));
    ASSERT_THAT(reply, IsOk());
    EXPECT_THAT(reply->deal_registrations(), SizeIs(20));
    for (const auto& deal : reply->deal_registrations()) EXPECT_FALSE(deal.has_conflict());
  }
  list.set_filter("state = UNDER_REVIEW");
  EXPECT_THAT(Call<v1::ListDealRegistrationsResponse>(StrCat(kDeals, "ListDealRegistrations"), list, User("p-2"))
                  ->deal_registrations(),
              IsEmpty());
  EXPECT_FALSE(Get(kFirst).has_conflict());
  EXPECT_THAT(Contests(), IsEmpty());
}

// Every id, filter and token of the rival's answers as one that is not there.
TEST_F(PrivacyTest, WhatIsAnothersIsAsIfItWereNot) {
  Policy("v1");
  Rival();
  ASSERT_THAT(Register(Second()), IsOk());
  const auto same = [](const absl::Status& there, const absl::Status& absent, const std::string& what) {
    EXPECT_FALSE(there.ok()) << what;
    EXPECT_EQ(there.code(), absent.code()) << what;
    EXPECT_EQ(ReasonOf(there), ReasonOf(absent)) << what;
    EXPECT_EQ(there.message().size(), absent.message().size()) << what << ": " << there << " / " << absent;
  };
  const auto probe = [&](auto request, const std::string& method, const std::string& there, const std::string& absent) {
    const auto ask = [&](const std::string& name) {
      request.GetReflection()->SetString(&request, request.GetDescriptor()->field(0), name);
      return Call<v1::DealRegistration>(method, request, User("p-2")).status();
    };
    same(ask(there), ask(absent), StrCat(method, " ", there));
  };
  v1::RejectDealRegistrationRequest reject;
  reject.set_note("no");
  v1::AppealDealRegistrationRequest appeal;
  appeal.set_note("no");
  v1::RenewDealRegistrationRequest renew;
  *renew.mutable_effective_to() = wire::ToProto(*Date::Parse("2027-01-01"));
  for (const auto& [there, absent] : {std::pair("partners/p-1/deals/d-1", "partners/p-1/deals/d-7"),
                                      std::pair("partners/p-2/deals/d-1", "partners/p-2/deals/d-7"),
                                      std::pair("partners/-/deals/d-1", "partners/-/deals/d-7")}) {
    probe(v1::GetDealRegistrationRequest(), StrCat(kDeals, "GetDealRegistration"), there, absent);
    probe(v1::SubmitDealRegistrationRequest(), StrCat(kDeals, "SubmitDealRegistration"), there, absent);
    probe(v1::WithdrawDealRegistrationRequest(), StrCat(kDeals, "WithdrawDealRegistration"), there, absent);
    probe(v1::ApproveDealRegistrationRequest(), StrCat(kDeals, "ApproveDealRegistration"), there, absent);
    probe(reject, StrCat(kDeals, "RejectDealRegistration"), there, absent);
    probe(v1::AcceptDealRegistrationRequest(), StrCat(kDeals, "AcceptDealRegistration"), there, absent);
    probe(renew, StrCat(kDeals, "RenewDealRegistration"), there, absent);
    probe(v1::WinDealRegistrationRequest(), StrCat(kDeals, "WinDealRegistration"), there, absent);
    probe(v1::LoseDealRegistrationRequest(), StrCat(kDeals, "LoseDealRegistration"), there, absent);
    probe(appeal, StrCat(kDeals, "AppealDealRegistration"), there, absent);
    probe(v1::ListEvidenceRequest(), StrCat(kEvidence, "ListEvidence"), there, absent);
    probe(v1::GetEvidenceRequest(), StrCat(kEvidence, "GetEvidence"), StrCat(there, "/evidence/rivals-meeting"),
          StrCat(absent, "/evidence/rivals-meeting"));
    v1::CreateEvidenceRequest create;
    create.mutable_evidence()->set_kind(v1::Evidence::MEETING);
    *create.mutable_evidence()->mutable_evidence_date() = wire::ToProto(*Date::Parse("2026-06-10"));
    probe(create, StrCat(kEvidence, "CreateEvidence"), there, absent);
  }
  // What is for the vendor's staff.
  const std::string contest = Contests()[0].name();
  probe(v1::GetContestRequest(), StrCat(kContests, "GetContest"), contest, StrCat("contests/", std::string(36, 'a')));
  probe(v1::ReplayContestRequest(), StrCat(kContests, "ReplayContest"), contest,
        StrCat("contests/", std::string(36, 'a')));
  probe(v1::AwardContestRequest(), StrCat(kContests, "AwardContest"), contest,
        StrCat("contests/", std::string(36, 'a')));
  probe(v1::ListContestDecisionsRequest(), StrCat(kContests, "ListContestDecisions"), contest,
        StrCat("contests/", std::string(36, 'a')));
  probe(v1::GetAdjudicationPolicyRequest(), StrCat(kPolicies, "GetAdjudicationPolicy"), "adjudicationPolicies/v1",
        "adjudicationPolicies/v7");

  // Filters by what is the rival's find nothing, as by what nobody has.
  v1::ListDealRegistrationsRequest list;
  list.set_parent("partners/-");
  std::set<std::string> answers;
  for (const char* filter : {"customer_name = \"臺灣水泥股份有限公司\"", "customer_name = \"Nobody\"",
                             "effective_from = 2026-07-08", "effective_from = 2026-07-09"}) {
    list.set_filter(filter);
    const auto reply =
        Call<v1::ListDealRegistrationsResponse>(StrCat(kDeals, "ListDealRegistrations"), list, User("p-2"));
    ASSERT_THAT(reply, IsOk());
    answers.insert(reply->SerializeAsString());
  }
  EXPECT_EQ(answers, std::set<std::string>{""});
  // The rival's token, and one that nobody was given.
  list.set_filter("");
  list.set_page_size(1);
  ASSERT_THAT(Register(Draft("p-1", "d-8", "Fabrikam", {}, {"cn-54"}, "2026-08-01", "2026-09-01")), IsOk());
  const auto page = Call<v1::ListDealRegistrationsResponse>(StrCat(kDeals, "ListDealRegistrations"), list, User("p-1"));
  ASSERT_THAT(page, IsOk());
  std::vector<absl::Status> statuses;
  for (const std::string& token : {page->next_page_token(), std::string(page->next_page_token().size(), 'A')}) {
    list.set_page_token(token);
    statuses.push_back(
        Call<v1::ListDealRegistrationsResponse>(StrCat(kDeals, "ListDealRegistrations"), list, User("p-2")).status());
    EXPECT_THAT(statuses.back(), HasReason(Reason::kPageTokenInvalid));
  }
  same(statuses[0], statuses[1], "page token");
}

}  // namespace
}  // namespace tributary::conflict
