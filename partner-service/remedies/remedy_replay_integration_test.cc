// Steps of remedies as they are told by the feed, in any number of times: what partners have afterwards, and what is
// answered. Whether the services understand each other is in conflict-service/remedies/remedy_integration_test.cc.

#include <algorithm>
#include <atomic>
#include <thread>

#include "partner-service/remedies/remedy_follower.h"
#include "partner-service/testing_partners.h"
#include "tributary/conflict/v1/remedy.pb.h"
#include "tributary/partner/v1/sanction.pb.h"

namespace tributary::partner {
namespace {

using conflict::v1::Remedy;
using conflict::v1::RemedyAnswer;
using conflict::v1::RemedyStep;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;

constexpr char kUid[] = "0190163d-8694-739b-aea5-966c26f8ad91";
constexpr char kOtherUid[] = "0190163d-8694-739b-aea5-966c26f8ad92";

google::type::Date Day(const char* text) { return wire::ToProto(*Date::Parse(text)); }

Remedy RemedyOf(const RemedyStep& step, const char* uid = kUid) {
  Remedy remedy;
  remedy.set_name("cases/c/remedies/1");
  remedy.set_uid(uid);
  remedy.set_principal("manager-1");
  *remedy.add_steps() = step;
  return remedy;
}

RemedyStep In(RemedyStep::State state, RemedyStep step) {
  step.set_state(state);
  return step;
}

RemedyStep Warning(const char* partner) {
  RemedyStep step;
  step.set_order(1);
  step.set_state(RemedyStep::ORDERED);
  step.set_kind(RemedyStep::WARNING);
  step.set_partner(partner);
  step.set_reason("Do not do it again");
  return step;
}

RemedyStep Reassignment(const char* grant, const char* recipient, const char* from) {
  RemedyStep step;
  step.set_order(1);
  step.set_state(RemedyStep::ORDERED);
  step.set_kind(RemedyStep::REASSIGN_TERRITORY);
  step.set_partner("partners/p-1");
  step.set_territory_grant(grant);
  step.set_recipient(recipient);
  *step.mutable_effective_from() = Day(from);
  return step;
}

class PartnerRemedyTest : public PartnersTest {
 protected:
  void SetUp() override {
    Territories();
    for (const char* id : {"p-1", "p-2", "p-3"}) ASSERT_OK(CreatePartner(id));
  }

  // As the consumer has it.
  absl::Status Tell(const std::vector<Remedy>& remedies) {
    std::vector<events::Event> batch;
    for (const Remedy& remedy : remedies) {
      batch.push_back({.verb = "ordered",
                       .name = remedy.name(),
                       .type = Remedy::descriptor()->full_name(),
                       .payload = remedy.SerializeAsString()});
    }
    return service_.database().Transact({}, [&](mysql::Transaction& sql) -> absl::Status {
      ++runs_;
      events::Outbox outbox;
      RETURN_IF_ERROR(ApplyRemedies(sql, batch, SystemClock().Now(), outbox));
      return outbox.empty() ? absl::OkStatus() : outbox.Write(sql);
    });
  }
  absl::Status Tell(const RemedyStep& step, const char* uid = kUid) { return Tell({RemedyOf(step, uid)}); }

  // All of them so far, in order.
  std::vector<RemedyAnswer> Answers() {
    EXPECT_OK(service_.feed().Refresh());
    const int shard = events::ShardOf("cases/c/remedies/1");
    const events::ShardRange range{.shard = shard, .after = 0, .upto = service_.feed().Heads()[shard]};
    std::vector<events::Event> told;
    std::vector<events::Cursor> read_to;
    if (range.upto > 0) EXPECT_OK(service_.feed().Read({&range, 1}, 100000, &told, &read_to));
    std::vector<RemedyAnswer> answers;
    for (const events::Event& event : told) {
      if (event.type != RemedyAnswer::descriptor()->full_name()) continue;
      EXPECT_TRUE(answers.emplace_back().ParseFromString(event.payload));
    }
    return answers;
  }
  RemedyAnswer LastAnswer() {
    const std::vector<RemedyAnswer> answers = Answers();
    return answers.empty() ? RemedyAnswer() : answers.back();
  }

  // "IN_FORCE 1" for each of the partner's, in the order in which they were imposed.
  std::vector<std::string> Sanctions(const std::string& partner) {
    v1::ListSanctionsRequest request;
    request.set_parent(partner);
    const auto page =
        Call<v1::ListSanctionsResponse>("tributary.partner.v1.SanctionService/", "ListSanctions", request);
    EXPECT_OK(page);
    if (!page.ok()) return {};
    std::vector<v1::Sanction> sanctions(page->sanctions().begin(), page->sanctions().end());
    std::sort(sanctions.begin(), sanctions.end(),
              [](const v1::Sanction& a, const v1::Sanction& b) { return a.uid() < b.uid(); });
    std::vector<std::string> texts;
    for (const v1::Sanction& one : sanctions) {
      texts.push_back(StrCat(v1::Sanction::State_Name(one.state()), " ", one.level()));
    }
    return texts;
  }
  // "2026-01-01 until 2027-01-01" for each that is ACTIVE, sorted.
  std::vector<std::string> Holds(const std::string& partner) {
    v1::ListTerritoryGrantsRequest request;
    request.set_parent(partner);
    request.set_filter("state = ACTIVE");
    const auto page = Call<v1::ListTerritoryGrantsResponse>(kGrants, "ListTerritoryGrants", request);
    EXPECT_OK(page);
    if (!page.ok()) return {};
    std::vector<std::string> texts;
    for (const v1::TerritoryGrant& grant : page->territory_grants()) {
      EXPECT_THAT(grant.regions(), ElementsAre("regions/aw-1"));
      EXPECT_EQ(grant.exclusivity(), v1::TerritoryGrant::EXCLUSIVE);
      texts.push_back(StrCat(wire::FromProto(grant.effective_from())->ToString(), " until ",
                             wire::FromProto(grant.effective_to())->ToString()));
    }
    std::sort(texts.begin(), texts.end());
    return texts;
  }
  absl::StatusOr<v1::TerritoryGrant> GrantExclusively(const char* partner, const char* id, const char* from,
                                                      const char* to, bool allow_overlap = false) {
    v1::CreateTerritoryGrantRequest request;
    request.set_parent(partner);
    request.set_territory_grant_id(id);
    request.set_request_id(NewRequestId());
    request.set_allow_overlap(allow_overlap);
    v1::TerritoryGrant& grant = *request.mutable_territory_grant();
    grant.add_regions("regions/aw-1");
    grant.set_exclusivity(v1::TerritoryGrant::EXCLUSIVE);
    *grant.mutable_effective_from() = Day(from);
    *grant.mutable_effective_to() = Day(to);
    return Call<v1::TerritoryGrant>(kGrants, "CreateTerritoryGrant", request);
  }

  std::atomic<int> runs_ = 0;  // of transactions
};

TEST_F(PartnerRemedyTest, AWarningIsImposedAndLiftedOnceHoweverOftenItIsTold) {
  const RemedyStep ordered = Warning("partners/p-1");
  ASSERT_OK(Tell(ordered));
  ASSERT_OK(Tell(ordered));
  ASSERT_OK(Tell({RemedyOf(ordered), RemedyOf(ordered)}));
  EXPECT_THAT(Sanctions("partners/p-1"), ElementsAre("IN_FORCE 1"));
  ASSERT_THAT(Answers(), SizeIs(1));
  EXPECT_EQ(Answers()[0].answer(), RemedyAnswer::APPLIED);
  EXPECT_EQ(Answers()[0].remedy_uid(), kUid);
  EXPECT_THAT(Answers()[0].result(), StartsWith("partners/p-1/sanctions/of-"));

  // Another remedy that has the number again is another one.
  ASSERT_OK(Tell(ordered, kOtherUid));
  EXPECT_THAT(Sanctions("partners/p-1"), ElementsAre("IN_FORCE 1", "IN_FORCE 2"));
  EXPECT_EQ(LastAnswer().answer(), RemedyAnswer::APPLIED);
  EXPECT_EQ(LastAnswer().remedy_uid(), kOtherUid);

  const RemedyStep compensating = In(RemedyStep::COMPENSATING, ordered);
  ASSERT_OK(Tell(compensating));
  EXPECT_THAT(Sanctions("partners/p-1"), ElementsAre("LIFTED 1", "IN_FORCE 2"));
  EXPECT_EQ(LastAnswer().answer(), RemedyAnswer::COMPENSATED);
  EXPECT_EQ(LastAnswer().remedy_uid(), kUid);
  EXPECT_EQ(LastAnswer().result(), Answers()[0].result());
  const auto told = Told();
  EXPECT_EQ(told.count(StrCat("lifted ", Answers()[0].result())), 1u);
  ASSERT_OK(Tell(compensating));
  ASSERT_OK(Tell(ordered));
  EXPECT_THAT(Sanctions("partners/p-1"), ElementsAre("LIFTED 1", "IN_FORCE 2"));
  EXPECT_EQ(Told().count(StrCat("lifted ", Answers()[0].result())), 1u);
  EXPECT_EQ(LastAnswer().answer(), RemedyAnswer::COMPENSATED) << "what was ordered before is not done again";
  // What is neither to be done nor to be taken back, and what others carry out, is nothing here.
  const size_t answers = Answers().size();
  for (const RemedyStep::State state : {RemedyStep::WAITING, RemedyStep::APPLIED, RemedyStep::SKIPPED}) {
    ASSERT_OK(Tell(In(state, Warning("partners/p-2"))));
  }
  RemedyStep penalty = Warning("partners/p-2");
  penalty.set_kind(RemedyStep::PENALTY);
  ASSERT_OK(Tell(penalty));
  EXPECT_THAT(Answers(), SizeIs(answers));
  EXPECT_THAT(Sanctions("partners/p-2"), IsEmpty());
}

TEST_F(PartnerRemedyTest, ATerritoryIsGivenToAnotherAndBackOnceHoweverOftenItIsTold) {
  ASSERT_OK(GrantExclusively("partners/p-1", "all", "2026-01-01", "2027-01-01"));
  const RemedyStep ordered = Reassignment("partners/p-1/territoryGrants/all", "partners/p-2", "2026-07-01");
  for (int i = 0; i < 3; ++i) {
    ASSERT_OK(Tell(ordered));
    EXPECT_THAT(Holds("partners/p-1"), ElementsAre("2026-01-01 until 2026-07-01"));
    EXPECT_THAT(Holds("partners/p-2"), ElementsAre("2026-07-01 until 2027-01-01"));
  }
  ASSERT_THAT(Answers(), SizeIs(1));
  EXPECT_EQ(Answers()[0].answer(), RemedyAnswer::APPLIED);
  EXPECT_THAT(Answers()[0].result(), StartsWith("partners/p-2/territoryGrants/of-"));
  EXPECT_THAT(GrantExclusively("partners/p-1", "again", "2026-07-01", "2027-01-01"),
              HasReason(Reason::kValidityOverlap));

  for (int i = 0; i < 3; ++i) {
    ASSERT_OK(Tell(In(RemedyStep::COMPENSATING, ordered)));
    EXPECT_THAT(Holds("partners/p-1"), ElementsAre("2026-01-01 until 2026-07-01", "2026-07-01 until 2027-01-01"));
    EXPECT_THAT(Holds("partners/p-2"), IsEmpty());
  }
  ASSERT_THAT(Answers(), SizeIs(2));
  EXPECT_EQ(Answers()[1].answer(), RemedyAnswer::COMPENSATED);
  EXPECT_THAT(Answers()[1].result(), StartsWith("partners/p-1/territoryGrants/of-"));
  ASSERT_OK(Tell(ordered));
  EXPECT_THAT(Holds("partners/p-2"), IsEmpty());
  EXPECT_THAT(Answers(), SizeIs(2));
}

TEST_F(PartnerRemedyTest, ATerritoryMayBeTakenForNobody) {
  ASSERT_OK(GrantExclusively("partners/p-1", "all", "2026-01-01", "2027-01-01"));
  const RemedyStep whole = Reassignment("partners/p-1/territoryGrants/all", "", "2026-01-01");
  ASSERT_OK(Tell(whole));
  ASSERT_OK(Tell(whole));
  EXPECT_THAT(Holds("partners/p-1"), IsEmpty());
  ASSERT_THAT(Answers(), SizeIs(1));
  EXPECT_EQ(Answers()[0].answer(), RemedyAnswer::APPLIED);
  EXPECT_EQ(Answers()[0].result(), "partners/p-1/territoryGrants/all");
  // Meanwhile another one has got it: the holder has it again all the same, and conflict-service sees the two.
  ASSERT_OK(GrantExclusively("partners/p-3", "all", "2026-01-01", "2027-01-01"));
  ASSERT_OK(Tell(In(RemedyStep::COMPENSATING, whole)));
  EXPECT_THAT(Holds("partners/p-1"), ElementsAre("2026-01-01 until 2027-01-01"));
  EXPECT_THAT(Holds("partners/p-3"), ElementsAre("2026-01-01 until 2027-01-01"));
  EXPECT_EQ(LastAnswer().answer(), RemedyAnswer::COMPENSATED);

  // What was never carried out has nothing to take back.
  ASSERT_OK(Tell(In(RemedyStep::COMPENSATING, whole), kOtherUid));
  EXPECT_EQ(LastAnswer().answer(), RemedyAnswer::COMPENSATED);
  EXPECT_EQ(LastAnswer().remedy_uid(), kOtherUid);
  EXPECT_EQ(LastAnswer().result(), "");
}

TEST_F(PartnerRemedyTest, WhatCannotBeReassignedIsRefusedAndStaysAsItWas) {
  ASSERT_OK(GrantExclusively("partners/p-1", "all", "2026-01-01", "2027-01-01"));
  ASSERT_OK(GrantExclusively("partners/p-1", "old", "2020-01-01", "2021-01-01"));
  ASSERT_OK(GrantExclusively("partners/p-3", "part", "2026-10-01", "2026-11-01", /*allow_overlap=*/true));
  ASSERT_OK((Do<v1::TerritoryGrant, v1::RevokeTerritoryGrantRequest>(kGrants, "RevokeTerritoryGrant",
                                                                     "partners/p-1/territoryGrants/old")));
  ASSERT_OK(CreatePartner("p-4"));
  ASSERT_OK((Do<v1::Partner, v1::TerminatePartnerRequest>(kPartners, "TerminatePartner", "partners/p-4")));
  const char* const all = "partners/p-1/territoryGrants/all";
  const struct {
    RemedyStep step;
    const char* why;
  } kTable[] = {
      {Reassignment("partners/p-1/territoryGrants/none", "partners/p-2", "2026-07-01"), "territoryGrants/none"},
      {Reassignment("partners/p-1/territoryGrants/old", "partners/p-2", "2020-07-01"), "REVOKED"},
      {Reassignment(all, "partners/p-9", "2026-07-01"), "partners/p-9"},
      {Reassignment(all, "partners/p-4", "2026-07-01"), "TERMINATED"},
      {Reassignment(all, "partners/p-2", "2027-01-01"), "effective_from"},
      {Reassignment(all, "partners/p-2", "2026-07-01"), "partners/p-3/territoryGrants/part"},
  };
  size_t answers = 0;
  for (const auto& row : kTable) {
    SCOPED_TRACE(row.why);
    ASSERT_OK(Tell(row.step, Uuid::New(absl::Now()).ToString().c_str()));
    ASSERT_THAT(Answers(), SizeIs(++answers));
    EXPECT_EQ(LastAnswer().answer(), RemedyAnswer::REFUSED);
    EXPECT_EQ(LastAnswer().result(), "");
    EXPECT_THAT(LastAnswer().note(), HasSubstr(row.why));
    EXPECT_THAT(Holds("partners/p-1"), ElementsAre("2026-01-01 until 2027-01-01"));
    EXPECT_THAT(Holds("partners/p-2"), IsEmpty());
  }
  // Who holds the other part himself shares it with nobody.
  ASSERT_OK(Tell(Reassignment(all, "partners/p-3", "2026-07-01"), kOtherUid));
  EXPECT_EQ(LastAnswer().answer(), RemedyAnswer::APPLIED);
  EXPECT_THAT(Holds("partners/p-3"), ElementsAre("2026-07-01 until 2027-01-01", "2026-10-01 until 2026-11-01"));
}

// Two replicas that ask for the same partners, the other way round.
TEST_F(PartnerRemedyTest, PartnersAreLockedInOneOrderWhateverTheFeedSays) {
  constexpr int kTimes = 20;
  std::atomic<int> failed = 0;
  const auto warn = [&](const std::vector<const char*>& partners) {
    for (int i = 0; i < kTimes; ++i) {
      std::vector<Remedy> told;
      for (const char* partner : partners) {
        told.push_back(RemedyOf(Warning(partner), Uuid::New(absl::Now()).ToString().c_str()));
      }
      if (!Tell(told).ok()) ++failed;
    }
  };
  std::thread other([&] { warn({"partners/p-1", "partners/p-2", "partners/p-3"}); });
  warn({"partners/p-3", "partners/p-2", "partners/p-1"});
  other.join();
  EXPECT_EQ(failed.load(), 0);
  EXPECT_EQ(runs_.load(), 2 * kTimes) << "no run was given up for another";
  for (const char* partner : {"partners/p-1", "partners/p-2", "partners/p-3"}) {
    EXPECT_THAT(Sanctions(partner), SizeIs(2 * kTimes));
  }
}

}  // namespace
}  // namespace tributary::partner
