// Territory grants over the wire: what may be held exclusively beside what, one in the place of another, and reading as
// of a day and a moment.

#include <atomic>
#include <thread>

#include "partner-service/testing_partners.h"

namespace tributary::partner {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

google::type::Date Day(const char* text) { return wire::ToProto(*Date::Parse(text)); }

class TerritoryGrantsTest : public PartnersTest {
 protected:
  void SetUp() override {
    Territories();
    for (const char* id : {"p-1", "p-2"}) ASSERT_OK(CreatePartner(id));
  }

  static v1::TerritoryGrant Exclusive(const char* region, const char* from = "2026-01-01",
                                      const char* to = "2027-01-01") {
    v1::TerritoryGrant grant;
    grant.add_regions(StrCat("regions/", region));
    grant.add_product_lines("productLines/drives");
    grant.set_exclusivity(v1::TerritoryGrant::EXCLUSIVE);
    *grant.mutable_effective_from() = Day(from);
    *grant.mutable_effective_to() = Day(to);
    return grant;
  }
  static v1::CreateTerritoryGrantRequest Request(std::string_view partner, std::string_view id,
                                                 const v1::TerritoryGrant& grant) {
    v1::CreateTerritoryGrantRequest request;
    request.set_parent(StrCat("partners/", partner));
    request.set_territory_grant_id(std::string(id));
    request.set_request_id(NewRequestId());
    *request.mutable_territory_grant() = grant;
    return request;
  }
  absl::StatusOr<v1::TerritoryGrant> Create(std::string_view partner, std::string_view id,
                                            const v1::TerritoryGrant& grant) {
    return Call<v1::TerritoryGrant>(kGrants, "CreateTerritoryGrant", Request(partner, id, grant));
  }
  static v1::ReplaceTerritoryGrantRequest Replacement(std::string_view name, std::string_view id,
                                                      const v1::TerritoryGrant& grant) {
    v1::ReplaceTerritoryGrantRequest request;
    request.set_name(std::string(name));
    request.set_territory_grant_id(std::string(id));
    request.set_request_id(NewRequestId());
    *request.mutable_territory_grant() = grant;
    return request;
  }
  absl::StatusOr<v1::TerritoryGrant> Replace(const v1::ReplaceTerritoryGrantRequest& request) {
    return Call<v1::TerritoryGrant>(kGrants, "ReplaceTerritoryGrant", request);
  }
  std::vector<std::string> HeldOn(const char* day, std::optional<google::protobuf::Timestamp> known = {}) {
    v1::ListTerritoryGrantsRequest request;
    request.set_parent("partners/-");
    *request.mutable_as_of_date() = Day(day);
    if (known.has_value()) *request.mutable_known_time() = *known;
    const auto reply = Call<v1::ListTerritoryGrantsResponse>(kGrants, "ListTerritoryGrants", request);
    EXPECT_OK(reply);
    std::vector<std::string> names;
    for (const v1::TerritoryGrant& grant : reply->territory_grants()) names.push_back(grant.name());
    return names;
  }
};

TEST_F(TerritoryGrantsTest, WhatAnotherHoldsExclusivelyIsNotGivenExclusively) {
  ASSERT_OK(Create("p-1", "a", Exclusive("aw-us-wa")));
  // The region around it, and the region itself.
  const auto refused = Create("p-2", "a", Exclusive("aw-1", "2026-12-31", "2028-01-01"));
  EXPECT_THAT(refused, HasReason(Reason::kValidityOverlap));
  EXPECT_THAT(std::string(refused.status().message()),
              HasSubstr("partners/p-1/territoryGrants/a, which is EXCLUSIVE too: regions/aw-us-wa; "
                        "productLines/drives; every segment; every route; from 2026-12-31 until before 2027-01-01"));
  EXPECT_THAT(Create("p-2", "a", Exclusive("aw-us-wa")), HasReason(Reason::kValidityOverlap));
  // Other days, regions, lines; not exclusively; the holder itself.
  EXPECT_OK(Create("p-2", "later", Exclusive("aw-1", "2027-01-01", "2028-01-01")));
  EXPECT_OK(Create("p-2", "beside", Exclusive("aw-2")));
  v1::TerritoryGrant grant = Exclusive("aw-us-wa");
  grant.set_product_lines(0, "productLines/pumps");
  EXPECT_OK(Create("p-2", "pumps", grant));
  grant = Exclusive("aw-us-wa");
  grant.set_exclusivity(v1::TerritoryGrant::HELPER);
  EXPECT_OK(Create("p-2", "helper", grant));
  EXPECT_OK(Create("p-1", "again", Exclusive("aw-1")));
  // Said to be meant; and once the others are taken back.
  auto meant = Request("p-2", "meant", Exclusive("aw-us-wa"));
  meant.set_allow_overlap(true);
  EXPECT_OK(Call<v1::TerritoryGrant>(kGrants, "CreateTerritoryGrant", meant));
  EXPECT_THAT(Create("p-2", "free", Exclusive("aw-us-wa")), HasReason(Reason::kValidityOverlap));
  for (const char* id : {"a", "again"}) {
    ASSERT_OK((Do<v1::TerritoryGrant, v1::RevokeTerritoryGrantRequest>(kGrants, "RevokeTerritoryGrant",
                                                                       StrCat("partners/p-1/territoryGrants/", id))));
  }
  EXPECT_OK(Create("p-2", "free", Exclusive("aw-us-wa")));
}

TEST_F(TerritoryGrantsTest, OfTwoThatOverlapOneIsGivenWhoeverAsksAtOnce) {
  for (int round = 0; round < 10; ++round) {
    const std::string from = StrCat(2030 + round, "-01-01"), to = StrCat(2031 + round, "-01-01");
    std::atomic<int> given = 0, refused = 0;
    std::vector<std::thread> callers;
    for (const char* partner : {"p-1", "p-2"}) {
      callers.emplace_back([&, partner] {
        const auto client = service_.Manager();
        const auto answer =
            As<v1::TerritoryGrant>(*client, kGrants, "CreateTerritoryGrant",
                                   Request(partner, StrCat("r-", round), Exclusive("aw-1", from.c_str(), to.c_str())));
        given += answer.ok();
        refused += ReasonOf(answer.status()) == Reason::kValidityOverlap;
      });
    }
    for (std::thread& caller : callers) caller.join();
    EXPECT_EQ(given, 1);
    EXPECT_EQ(refused, 1);
  }
}

TEST_F(TerritoryGrantsTest, OneInThePlaceOfAnotherBothOrNeither) {
  ASSERT_OK_AND_ASSIGN(const v1::TerritoryGrant old, Create("p-1", "old", Exclusive("aw-us-wa")));
  ASSERT_OK(Create("p-2", "two", Exclusive("aw-2")));
  // Refused: nothing is taken back.
  EXPECT_THAT(Replace(Replacement(old.name(), "new", Exclusive("aw-2"))), HasReason(Reason::kValidityOverlap));
  EXPECT_THAT(Replace(Replacement(old.name(), "new", Exclusive("none"))), Blames("territory_grant.regions[0]"));
  EXPECT_THAT(Replace(Replacement(old.name(), "old", Exclusive("aw-1"))), HasReason(Reason::kAlreadyExists));
  EXPECT_THAT(Replace(Replacement("partners/p-1/territoryGrants/none", "new", Exclusive("aw-1"))),
              HasReason(Reason::kNotFound));
  EXPECT_THAT(HeldOn("2026-06-01"), ElementsAre(old.name(), "partners/p-2/territoryGrants/two"));

  // What it overlaps is its own and goes.
  const auto replacement = Replacement(old.name(), "new", Exclusive("aw-1"));
  ASSERT_OK_AND_ASSIGN(const v1::TerritoryGrant next, Replace(replacement));
  EXPECT_EQ(next.name(), "partners/p-1/territoryGrants/new");
  EXPECT_EQ(next.replaces(), old.name());
  EXPECT_EQ(Replace(replacement)->SerializeAsString(), next.SerializeAsString());  // the same request
  EXPECT_THAT(Replace(Replacement(old.name(), "more", Exclusive("aw-1"))), HasReason(Reason::kStateConflict));
  EXPECT_THAT(HeldOn("2026-06-01"), ElementsAre(next.name(), "partners/p-2/territoryGrants/two"));
  const std::multiset<std::string> told = Told();
  EXPECT_EQ(told.count(StrCat("revoked ", old.name())), 1u);
  EXPECT_EQ(told.count(StrCat("created ", next.name())), 1u);
  EXPECT_EQ(told.count("created partners/p-1/territoryGrants/more"), 0u);
}

TEST_F(TerritoryGrantsTest, ReadsAsOfADayAndAMoment) {
  ASSERT_OK_AND_ASSIGN(const v1::TerritoryGrant grant, Create("p-1", "a", Exclusive("aw-1")));
  ASSERT_OK_AND_ASSIGN(const v1::TerritoryGrant revoked, (Do<v1::TerritoryGrant, v1::RevokeTerritoryGrantRequest>(
                                                             kGrants, "RevokeTerritoryGrant", grant.name())));
  EXPECT_THAT(HeldOn("2026-06-01"), IsEmpty());
  EXPECT_THAT(HeldOn("2026-06-01", grant.create_time()), ElementsAre(grant.name()));
  EXPECT_THAT(HeldOn("2027-01-01", grant.create_time()), IsEmpty());
  EXPECT_THAT(HeldOn("2026-06-01", revoked.update_time()), IsEmpty());
  const auto before = wire::ToProto(wire::FromProto(grant.create_time()) - absl::Microseconds(1));
  EXPECT_THAT(HeldOn("2026-06-01", before), IsEmpty());

  v1::GetTerritoryGrantRequest get;
  get.set_name(grant.name());
  const auto read = [&] { return Call<v1::TerritoryGrant>(kGrants, "GetTerritoryGrant", get); };
  EXPECT_EQ(read()->state(), v1::TerritoryGrant::REVOKED);
  *get.mutable_known_time() = grant.create_time();
  EXPECT_EQ(read()->SerializeAsString(), grant.SerializeAsString());
  *get.mutable_as_of_date() = Day("2025-12-31");
  EXPECT_THAT(read(), HasReason(Reason::kNotFound));
  *get.mutable_known_time() = wire::ToProto(absl::Now() + absl::Hours(1));
  EXPECT_THAT(read(), Blames("known_time"));
}

}  // namespace
}  // namespace tributary::partner
