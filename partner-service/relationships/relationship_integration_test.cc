// Relationships over the wire: what may stand, who may see and set it, and circles that many would close at once.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/time/clock.h"
#include "partner-service/testing_partners.h"

namespace tributary::partner {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using Kind = v1::PartnerRelationship;

class RelationshipsTest : public PartnersTest {
 protected:
  RelationshipsTest() {
    for (const char* id : {"a", "b", "c", "d"}) EXPECT_OK(CreatePartner(id));
  }
  absl::StatusOr<v1::PartnerRelationship> Create(rpc::Client& client, const std::string& partner, const std::string& id,
                                                 Kind::Kind kind, const std::string& other, const char* from,
                                                 const char* to = nullptr) {
    v1::CreatePartnerRelationshipRequest request;
    request.set_parent("partners/" + partner);
    request.set_relationship_id(id);
    request.set_request_id(NewRequestId());
    request.mutable_relationship()->set_kind(kind);
    request.mutable_relationship()->set_other_partner("partners/" + other);
    *request.mutable_relationship()->mutable_valid_from() = wire::ToProto(*Date::Parse(from));
    if (to != nullptr) *request.mutable_relationship()->mutable_valid_to() = wire::ToProto(*Date::Parse(to));
    return As<v1::PartnerRelationship>(client, kRelationships, "CreatePartnerRelationship", request);
  }
  absl::StatusOr<v1::PartnerRelationship> Update(rpc::Client& client, const v1::PartnerRelationship& relationship,
                                                 const std::vector<std::string>& paths) {
    v1::UpdatePartnerRelationshipRequest request;
    *request.mutable_relationship() = relationship;
    for (const std::string& path : paths) request.mutable_update_mask()->add_paths(path);
    request.set_request_id(NewRequestId());
    return As<v1::PartnerRelationship>(client, kRelationships, "UpdatePartnerRelationship", request);
  }
  std::vector<std::string> Listed(rpc::Client& client, const std::string& parent, const char* as_of = nullptr,
                                  const std::string& filter = "") {
    v1::ListPartnerRelationshipsRequest request;
    request.set_parent(parent);
    request.set_filter(filter);
    if (as_of != nullptr) *request.mutable_as_of_date() = wire::ToProto(*Date::Parse(as_of));
    const auto reply =
        As<v1::ListPartnerRelationshipsResponse>(client, kRelationships, "ListPartnerRelationships", request);
    EXPECT_OK(reply);
    std::vector<std::string> names;
    if (!reply.ok()) return names;
    for (const v1::PartnerRelationship& one : reply->relationships()) names.push_back(one.name());
    return names;
  }
  const std::unique_ptr<rpc::Client> finance_ =
      service_.ClientOf({.subject = "finance-1", .roles = {api::v1::FINANCE}});
};

TEST_F(RelationshipsTest, AreMadeReadChangedAndTold) {
  ASSERT_OK_AND_ASSIGN(v1::PartnerRelationship parent, Create(*manager_, "a", "h1", Kind::PARENT, "b", "2026-01-01"));
  EXPECT_EQ(parent.name(), "partners/a/relationships/h1");
  EXPECT_THAT(Create(*manager_, "a", "h2", Kind::PARENT, "c", "2026-07-01"), HasReason(Reason::kValidityOverlap));
  *parent.mutable_valid_to() = wire::ToProto(*Date::Parse("2026-07-01"));
  ASSERT_OK_AND_ASSIGN(const v1::PartnerRelationship ended, Update(*manager_, parent, {"valid_to"}));
  EXPECT_THAT(Update(*manager_, parent, {"valid_to"}), HasReason(Reason::kEtagMismatch));
  ASSERT_OK(Create(*manager_, "a", "h2", Kind::PARENT, "c", "2026-07-01"));
  EXPECT_THAT(Listed(*manager_, "partners/a", "2026-06-30"), ElementsAre("partners/a/relationships/h1"));
  EXPECT_THAT(Listed(*manager_, "partners/a", "2026-07-01"), ElementsAre("partners/a/relationships/h2"));
  EXPECT_THAT(Listed(*manager_, "partners/-", nullptr, "other_partner = \"partners/c\""),
              ElementsAre("partners/a/relationships/h2"));
  v1::PartnerRelationship open = ended;
  open.clear_valid_to();
  EXPECT_THAT(Update(*manager_, open, {"valid_to"}), HasReason(Reason::kValidityOverlap));
  open.set_other_partner("partners/d");
  EXPECT_THAT(Update(*manager_, open, {"other_partner"}), HasReason(Reason::kInvalidField));
  EXPECT_THAT(Create(*manager_, "a", "x", Kind::BRANCH, "a", "2026-01-01"), Blames("relationship.other_partner"));
  EXPECT_THAT(Create(*manager_, "a", "x", Kind::BRANCH, "nobody", "2026-01-01"), HasReason(Reason::kReferenceNotFound));
  EXPECT_THAT(Create(*manager_, "nobody", "x", Kind::BRANCH, "a", "2026-01-01"), HasReason(Reason::kNotFound));
  EXPECT_THAT(Told(), Contains("created partners/a/relationships/h1"));
  EXPECT_THAT(Told(), Contains("updated partners/a/relationships/h1"));

  // A company's successor may be known after its end; nothing else is new then.
  ASSERT_OK((Do<v1::Partner, v1::TerminatePartnerRequest>(kPartners, "TerminatePartner", "partners/d")));
  EXPECT_THAT(Create(*manager_, "d", "x", Kind::PARENT, "a", "2026-01-01"), HasReason(Reason::kStateConflict));
  EXPECT_THAT(Create(*manager_, "a", "x", Kind::BRANCH, "d", "2026-01-01"), HasReason(Reason::kStateConflict));
  EXPECT_OK(Create(*manager_, "d", "x", Kind::SUCCESSOR, "a", "2026-01-01"));
}

TEST_F(RelationshipsTest, AreReadAsTheyWereKnown) {
  ASSERT_OK_AND_ASSIGN(v1::PartnerRelationship parent, Create(*manager_, "a", "h1", Kind::PARENT, "b", "2026-01-01"));
  const absl::Time made = wire::FromProto(parent.update_time());
  *parent.mutable_valid_to() = wire::ToProto(*Date::Parse("2026-07-01"));
  ASSERT_OK_AND_ASSIGN(const v1::PartnerRelationship ended, Update(*manager_, parent, {"valid_to"}));
  const absl::Time changed = wire::FromProto(ended.update_time());
  ASSERT_GT(changed, made);
  const auto user = service_.UserOf("a");
  const auto get = [&](rpc::Client& client, const char* day, absl::Time known) {
    v1::GetPartnerRelationshipRequest request;
    request.set_name("partners/a/relationships/h1");
    *request.mutable_as_of_date() = wire::ToProto(*Date::Parse(day));
    *request.mutable_known_time() = wire::ToProto(known);
    return As<v1::PartnerRelationship>(client, kRelationships, "GetPartnerRelationship", request);
  };
  const auto listed = [&](rpc::Client& client, const std::string& parent_name, const char* day, absl::Time known) {
    v1::ListPartnerRelationshipsRequest request;
    request.set_parent(parent_name);
    *request.mutable_as_of_date() = wire::ToProto(*Date::Parse(day));
    *request.mutable_known_time() = wire::ToProto(known);
    const auto reply =
        As<v1::ListPartnerRelationshipsResponse>(client, kRelationships, "ListPartnerRelationships", request);
    EXPECT_OK(reply);
    return reply.ok() ? reply->relationships_size() : -1;
  };
  // When it was made nobody knew that it would end.
  for (rpc::Client* client : {manager_.get(), user.get()}) {
    for (const char* scope : {"partners/a", "partners/-"}) {
      EXPECT_EQ(listed(*client, scope, "2026-08-01", made), 1);
      EXPECT_EQ(listed(*client, scope, "2026-08-01", changed - absl::Microseconds(1)), 1);
      EXPECT_EQ(listed(*client, scope, "2026-08-01", changed), 0);
      EXPECT_EQ(listed(*client, scope, "2026-06-30", changed), 1);
      EXPECT_EQ(listed(*client, scope, "2026-06-30", made - absl::Microseconds(1)), 0);
    }
    ASSERT_OK_AND_ASSIGN(const v1::PartnerRelationship then, get(*client, "2026-08-01", made));
    EXPECT_FALSE(then.has_valid_to());
    EXPECT_NE(then.etag(), ended.etag());
    EXPECT_THAT(get(*client, "2026-08-01", changed), HasReason(Reason::kNotFound));
    EXPECT_THAT(get(*client, "2026-08-01", absl::Now() + absl::Hours(1)), Blames("known_time"));
  }
  EXPECT_THAT(get(*service_.UserOf("b"), "2026-08-01", made), HasReason(Reason::kPermissionDenied));
}

TEST_F(RelationshipsTest, APartnerSeesWhatLiesUnderItsName) {
  ASSERT_OK(Create(*manager_, "a", "up", Kind::PARENT, "b", "2026-01-01"));
  ASSERT_OK(Create(*manager_, "b", "down", Kind::BRANCH, "a", "2026-01-01"));
  const auto user = service_.UserOf("a");
  EXPECT_THAT(Listed(*user, "partners/-"), ElementsAre("partners/a/relationships/up"));
  v1::GetPartnerRelationshipRequest get;
  get.set_name("partners/a/relationships/up");
  EXPECT_OK(As<v1::PartnerRelationship>(*user, kRelationships, "GetPartnerRelationship", get));
  for (const char* name : {"partners/b/relationships/down", "partners/b/relationships/none"}) {
    get.set_name(name);
    EXPECT_THAT(As<v1::PartnerRelationship>(*user, kRelationships, "GetPartnerRelationship", get),
                HasReason(Reason::kPermissionDenied));
  }
  EXPECT_THAT(Create(*user, "a", "x", Kind::BRANCH, "c", "2026-01-01"), HasReason(Reason::kPermissionDenied));

  // Who is paid is set by those who pay.
  EXPECT_THAT(Create(*manager_, "a", "pay", Kind::PAYEE, "c", "2026-01-01"), HasReason(Reason::kPermissionDenied));
  ASSERT_OK_AND_ASSIGN(v1::PartnerRelationship payee, Create(*finance_, "a", "pay", Kind::PAYEE, "c", "2026-01-01"));
  EXPECT_THAT(Create(*finance_, "a", "pay-2", Kind::PAYEE, "d", "2027-01-01"), HasReason(Reason::kValidityOverlap));
  *payee.mutable_valid_to() = payee.valid_from();
  EXPECT_THAT(Update(*manager_, payee, {"valid_to"}), HasReason(Reason::kPermissionDenied));
  ASSERT_OK(Update(*finance_, payee, {"valid_to"}));  // it never was
  EXPECT_OK(Create(*finance_, "a", "pay-2", Kind::PAYEE, "d", "2026-01-01"));
  EXPECT_THAT(Create(*manager_, "a", "earn", Kind::EARNS_WITH, "c", "2026-01-01"),
              HasReason(Reason::kPermissionDenied));
  ASSERT_OK_AND_ASSIGN(v1::PartnerRelationship earns,
                       Create(*finance_, "a", "earn", Kind::EARNS_WITH, "c", "2026-01-01"));
  *earns.mutable_valid_to() = earns.valid_from();
  EXPECT_THAT(Update(*manager_, earns, {"valid_to"}), HasReason(Reason::kPermissionDenied));
  EXPECT_OK(Update(*finance_, earns, {"valid_to"}));
}

// Two edges that lie far apart would close a circle together: whoever commits second sees the first.
TEST_F(RelationshipsTest, NobodyClosesACircleAtTheSameMoment) {
  int round = 0;
  for (const char* year : {"2031", "2032", "2033", "2034", "2035"}) {
    const std::string from = StrCat(year, "-01-01"), to = StrCat(year, "-12-31");
    const auto parent = [&](const char* partner, const char* other) {
      return Create(*manager_, partner, StrCat("r-", partner, "-", round), Kind::PARENT, other, from.c_str(),
                    to.c_str());
    };
    ASSERT_OK(parent("b", "c"));
    ASSERT_OK(parent("d", "a"));
    std::atomic<int> made = 0;
    std::vector<std::thread> threads;
    for (const auto& [partner, other] : {std::pair("a", "b"), std::pair("c", "d")}) {
      threads.emplace_back([&, partner = partner, other = other] {
        const auto one = parent(partner, other);
        if (one.ok()) {
          ++made;
        } else {
          EXPECT_THAT(one, HasReason(Reason::kStateConflict));
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(made, 1) << year;
    ++round;
  }
}

}  // namespace
}  // namespace tributary::partner
