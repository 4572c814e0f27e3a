#include "incentive-service/relationships/relationship_store.h"

#include <memory>

#include "common/wire/wire.h"
#include "events_schema.h"
#include "incentive-service/testing_facts.h"
#include "incentive_schema.h"
#include "tests/support/database_server.h"
#include "tributary/partner/v1/partner.pb.h"
#include "tributary/partner/v1/relationship.pb.h"

namespace tributary::incentive {
namespace {

using tributary::partner::v1::PartnerRelationship;

class RelationshipStoreTest : public ::testing::Test {
 protected:
  void Tell(int64_t seq, const google::protobuf::Message& told, const std::string& name, const std::string& verb) {
    const events::Event event{.cursor = {.shard = 3, .seq = seq},
                              .verb = verb,
                              .name = name,
                              .type = told.GetDescriptor()->full_name(),
                              .payload = told.SerializeAsString()};
    InTransaction(*database_,
                  [&](mysql::Transaction& sql) { return store_.Apply(sql, absl::MakeConstSpan(&event, 1)).status(); });
  }
  void TellMerged(int64_t seq, const std::string& into) {
    tributary::partner::v1::Partner partner;
    partner.set_name("partners/p2");
    partner.set_merged_into(into);
    Tell(seq, partner, partner.name(), "merged");
  }
  // "p2>p1" each.
  std::string On(std::string_view day, std::optional<int64_t> known = std::nullopt) {
    const Watermark watermark = {0, 0, 0, known.value_or(0)};
    std::string text;
    InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
      text.clear();
      ASSIGN_OR_RETURN(const std::vector<GroupLink> links,
                       store_.Successors(sql, DayFrom(day), known.has_value() ? &watermark : nullptr));
      for (const GroupLink& link : links) text += link.partner + ">" + link.other;
      return absl::OkStatus();
    });
    return text;
  }

  const std::unique_ptr<mysql::Database> database_ = testing::FreshDatabase({&schema::events(), &schema::incentive()});
  RelationshipStore store_;
};

TEST_F(RelationshipStoreTest, KeepsWhatWasKnownWhen) {
  PartnerRelationship successor;
  successor.set_name("partners/p2/relationships/s");
  successor.set_kind(PartnerRelationship::SUCCESSOR);
  successor.set_other_partner("partners/p1");
  *successor.mutable_valid_from() = wire::ToProto(DayFrom("2026-01-01"));
  for (int i = 0; i < 2; ++i) Tell(5, successor, successor.name(), "created");  // told twice, kept once
  EXPECT_EQ(On("2025-12-31"), "");
  EXPECT_EQ(On("2026-01-01"), "p2>p1");
  *successor.mutable_valid_to() = wire::ToProto(DayFrom("2026-03-01"));
  Tell(7, successor, successor.name(), "updated");
  EXPECT_EQ(On("2026-03-31"), "");
  EXPECT_EQ(On("2026-03-31", 6), "p2>p1");
  EXPECT_EQ(On("2026-03-31", 4), "");
  EXPECT_EQ(On("2026-02-28"), "p2>p1");
  Tell(8, successor, successor.name(), "deleted");
  EXPECT_EQ(On("2026-02-28"), "");
  EXPECT_EQ(On("2026-02-28", 7), "p2>p1");
  InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
    ASSIGN_OR_RETURN(const Watermark watermark, store_.ReadWatermark(sql));
    EXPECT_EQ(watermark, Watermark(events::kShards));  // nothing has been read by the consumer
    return absl::OkStatus();
  });
}

// What moves earners is applied by nobody while it is told: consumers hold the set by its epoch.
TEST_F(RelationshipStoreTest, KeepsWhoEarnsWithWhom) {
  const auto epoch = [&] {
    int64_t number = 0;
    InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
      ASSIGN_OR_RETURN(const ProgramEpoch held, ProgramStore().HoldEpoch(sql));
      number = held.number;
      return absl::OkStatus();
    });
    return number;
  };
  const int64_t before = epoch();
  PartnerRelationship parent;
  parent.set_name("partners/p2/relationships/parent");
  parent.set_kind(PartnerRelationship::PARENT);
  parent.set_other_partner("partners/p9");
  *parent.mutable_valid_from() = wire::ToProto(DayFrom("2026-01-01"));
  Tell(1, parent, parent.name(), "created");
  EXPECT_EQ(epoch(), before);
  PartnerRelationship earns;
  earns.set_name("partners/p2/relationships/e");
  earns.set_kind(PartnerRelationship::EARNS_WITH);
  earns.set_other_partner("partners/p1");
  *earns.mutable_valid_from() = wire::ToProto(DayFrom("2026-02-10"));
  Tell(2, earns, earns.name(), "created");
  EXPECT_GT(epoch(), before);
  TellMerged(3, "partners/p3");
  const auto links = [&](std::string_view from, std::string_view end, int64_t known) {
    const Watermark watermark = {0, 0, 0, known};
    std::string text;
    InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
      text.clear();
      ASSIGN_OR_RETURN(const std::vector<GroupLink> found,
                       store_.EarningLinks(sql, {DayFrom(from), DayFrom(end)}, &watermark));
      for (const GroupLink& link : found) {
        text += link.partner + (link.relation == GroupRelation::kSuccessor ? ">>" : ">") + link.other + " ";
      }
      return absl::OkStatus();
    });
    return text;
  };
  EXPECT_EQ(links("2026-01-01", "2026-02-10", 2), "");
  EXPECT_EQ(links("2026-01-01", "2026-02-11", 2), "p2>p1 ");
  EXPECT_EQ(links("2026-01-01", "2026-02-11", 1), "");
  EXPECT_EQ(links("2026-01-01", "2026-02-11", 3), "p2>>p3 p2>p1 ");
}

TEST_F(RelationshipStoreTest, KeepsMergesUntilTheyAreUndone) {
  TellMerged(1, "");
  EXPECT_EQ(On("2026-01-01"), "");
  TellMerged(2, "partners/p1");
  EXPECT_EQ(On("2026-01-01"), "p2>p1");
  TellMerged(3, "");
  EXPECT_EQ(On("2026-01-01"), "");
  EXPECT_EQ(On("2026-01-01", 2), "p2>p1");
  const events::Event event{.name = "partners/p2/relationships/s", .type = std::string(kRelationshipType)};
  const absl::Status refused = database_->Transact(
      {}, [&](mysql::Transaction& sql) { return store_.Apply(sql, absl::MakeConstSpan(&event, 1)).status(); });
  EXPECT_THAT(refused, HasReason(Reason::kInvalidField));
}

}  // namespace
}  // namespace tributary::incentive
