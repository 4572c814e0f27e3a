// Notifications over the wire: what the feed tells of a partner, told to it once.

#include <atomic>
#include <thread>

#include "common/time/today.h"
#include "partner-service/agreements/agreement_notices.h"
#include "partner-service/notifications/notification_maker.h"
#include "partner-service/testing_partners.h"
#include "tributary/conflict/v1/case.pb.h"
#include "tributary/conflict/v1/deal_registration.pb.h"
#include "tributary/conflict/v1/partner_case.pb.h"
#include "tributary/partner/v1/notification.pb.h"

namespace tributary::partner {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

constexpr char kNotifications[] = "tributary.partner.v1.NotificationService/";

class NotificationsTest : public PartnersTest {
 protected:
  void SetUp() override {
    Territories();
    for (const char* id : {"p-1", "p-2"}) ASSERT_OK(CreatePartner(id));
  }
  // By several replicas at once; how many shards had something.
  void Make() {
    ASSERT_OK(service_.feed().Refresh());
    std::vector<std::thread> replicas;
    for (int i = 0; i < 3; ++i) {
      replicas.emplace_back([&] {
        const SystemClock clock;
        NotificationMaker maker(service_.database(), service_.feed(), clock, [] {});
        EXPECT_OK(maker.CatchUp());
      });
    }
    for (std::thread& replica : replicas) replica.join();
  }
  std::vector<v1::Notification> Listed(std::string_view partner, const std::string& filter = "") {
    v1::ListNotificationsRequest request;
    request.set_parent(StrCat("partners/", partner));
    request.set_filter(filter);
    const auto reply =
        As<v1::ListNotificationsResponse>(*service_.UserOf(partner), kNotifications, "ListNotifications", request);
    EXPECT_OK(reply);
    return {reply->notifications().begin(), reply->notifications().end()};
  }
  std::vector<std::string> Topics(std::string_view partner) {
    std::vector<std::string> topics;
    for (const v1::Notification& one : Listed(partner)) {
      topics.push_back(StrCat(v1::Notification::Topic_Name(one.topic()), " ", one.subject()));
    }
    return topics;
  }
  absl::StatusOr<v1::Notification> MarkRead(std::string_view name, std::string_view as) {
    v1::MarkReadNotificationRequest request;
    request.set_name(std::string(name));
    request.set_request_id(NewRequestId());
    return As<v1::Notification>(*service_.UserOf(as), kNotifications, "MarkReadNotification", request);
  }
};

TEST_F(NotificationsTest, EachThingThatConcernsAPartnerIsToldItOnce) {
  ASSERT_OK_AND_ASSIGN(const v1::Agreement agreement,
                       CreateAgreement("partners/p-1", *Date::Parse("2020-01-01"), *Date::Parse("2021-01-01")));
  ASSERT_OK((Do<v1::Agreement, v1::ProposeAgreementRequest>(kAgreements, "ProposeAgreement", agreement.name())));
  ASSERT_OK(Sign(*manager_, agreement));
  ASSERT_OK(CreateGrant("partners/p-1", {"regions/aw-1"}));
  ASSERT_OK((Do<v1::TerritoryGrant, v1::RevokeTerritoryGrantRequest>(kGrants, "RevokeTerritoryGrant",
                                                                     "partners/p-1/territoryGrants/home")));
  Make();
  const std::string proposed = StrCat("AGREEMENT_PROPOSED ", agreement.name());
  const std::string revoked = "TERRITORY_GRANT_REVOKED partners/p-1/territoryGrants/home";
  EXPECT_THAT(Topics("p-1"), ElementsAre(revoked, proposed));  // the latest first
  EXPECT_THAT(Topics("p-2"), IsEmpty());
  // Telling it is no reason to tell more; what comes later is.
  Make();
  EXPECT_THAT(Topics("p-1"), SizeIs(2));
  const SystemClock clock;
  AgreementNotices notices(service_.database(), clock, [] {});
  ASSERT_OK(notices.ExpireDue());
  Make();
  Make();
  EXPECT_THAT(Topics("p-1"), ElementsAre(StrCat("AGREEMENT_ENDED ", agreement.name()), revoked, proposed));
  const std::vector<v1::Notification> listed = Listed("p-1");
  EXPECT_EQ(listed[0].name(), "partners/p-1/notifications/3");
  EXPECT_EQ(wire::FromProto(listed[0].due())->ToString(), "2021-01-01");
  EXPECT_EQ(wire::FromProto(listed[2].due())->ToString(), "2020-01-01");
  EXPECT_FALSE(listed[1].has_due());
  for (int number = 1; number <= 3; ++number) {
    EXPECT_EQ(Told().count(StrCat("created partners/p-1/notifications/", number)), 1u);
  }
}

// What conflict-service tells of a partner's deal registrations, between notices of the own feed.
TEST_F(NotificationsTest, WhatTheConflictFeedTellsIsCountedWithTheRest) {
  ASSERT_OK_AND_ASSIGN(const v1::Agreement agreement,
                       CreateAgreement("partners/p-1", *Date::Parse("2020-01-01"), *Date::Parse("2021-01-01")));
  ASSERT_OK((Do<v1::Agreement, v1::ProposeAgreementRequest>(kAgreements, "ProposeAgreement", agreement.name())));
  const auto event = [](const char* verb, const char* name) {
    conflict::v1::DealRegistration deal;
    deal.set_name(name);
    *deal.mutable_effective_to() = wire::ToProto(*Date::Parse("2026-10-06"));
    return events::Event{.recorded_at = absl::FromUnixSeconds(1790000000),
                         .verb = verb,
                         .name = name,
                         .type = conflict::v1::DealRegistration::descriptor()->full_name(),
                         .payload = deal.SerializeAsString()};
  };
  conflict::v1::PartnerCase overdue;
  *overdue.mutable_due_time() = wire::ToProto(absl::FromUnixSeconds(1789999999));
  const events::Event escalated{.recorded_at = absl::FromUnixSeconds(1790000000),
                                .verb = "escalated",
                                .name = "partners/p-2/cases/1",
                                .type = conflict::v1::PartnerCase::descriptor()->full_name(),
                                .payload = overdue.SerializeAsString()};
  const std::vector<events::Event> batch = {event("decided", "partners/p-1/deals/d"),
                                            event("expiring", "partners/p-1/deals/d"),
                                            event("expiring", "partners/p-2/deals/e"), escalated};
  std::thread own([&] { Make(); });
  EXPECT_OK(service_.database().Transact({}, [&](mysql::Transaction& sql) -> absl::Status {
    events::Outbox outbox;
    RETURN_IF_ERROR(NotifyOfConflicts(sql, batch, absl::FromUnixSeconds(1790000001), outbox));
    return outbox.Write(sql);
  }));
  own.join();
  EXPECT_THAT(Topics("p-1"), UnorderedElementsAre("DEAL_EXPIRING partners/p-1/deals/d",
                                                  StrCat("AGREEMENT_PROPOSED ", agreement.name())));
  const std::vector<v1::Notification> listed = Listed("p-1", "topic = DEAL_EXPIRING");
  ASSERT_THAT(listed, SizeIs(1));
  EXPECT_EQ(wire::FromProto(listed[0].due())->ToString(), "2026-10-06");
  EXPECT_EQ(wire::FromProto(listed[0].create_time()), absl::FromUnixSeconds(1790000000));
  EXPECT_THAT(Topics("p-2"), ElementsAre("CASE_ESCALATED partners/p-2/cases/1", "DEAL_EXPIRING partners/p-2/deals/e"));
  EXPECT_EQ(*wire::FromProto(Listed("p-2")[0].due()), UtcToday(absl::FromUnixSeconds(1789999999)));
  Make();
  EXPECT_THAT(Topics("p-1"), SizeIs(2));
}

TEST_F(NotificationsTest, ReadOnceAndByItsPartnerAlone) {
  ASSERT_OK_AND_ASSIGN(const v1::Agreement agreement, CreateAgreement("partners/p-1", *Date::Parse("2020-01-01")));
  ASSERT_OK((Do<v1::Agreement, v1::ProposeAgreementRequest>(kAgreements, "ProposeAgreement", agreement.name())));
  Make();
  const std::string name = "partners/p-1/notifications/1";
  EXPECT_THAT(Listed("p-1", "NOT read_time:*"), SizeIs(1));
  ASSERT_OK_AND_ASSIGN(const v1::Notification read, MarkRead(name, "p-1"));
  EXPECT_TRUE(read.has_read_time());
  EXPECT_EQ(MarkRead(name, "p-1")->SerializeAsString(), read.SerializeAsString());
  EXPECT_THAT(Listed("p-1", "NOT read_time:*"), IsEmpty());
  EXPECT_EQ(Told().count("read " + name), 1u);
  for (const char* absent : {"2", "x", "99999999999999999999"}) {
    EXPECT_THAT(MarkRead(StrCat("partners/p-1/notifications/", absent), "p-1"), HasReason(Reason::kNotFound));
    EXPECT_THAT(MarkRead(StrCat("partners/p-1/notifications/", absent), "p-2"), HasReason(Reason::kPermissionDenied));
  }
  EXPECT_THAT(MarkRead(name, "p-2"), HasReason(Reason::kPermissionDenied));
}

}  // namespace
}  // namespace tributary::partner
