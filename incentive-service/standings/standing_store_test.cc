#include "incentive-service/standings/standing_store.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/text/text.h"
#include "common/wire/wire.h"
#include "incentive-service/testing_facts.h"
#include "incentive_schema.h"
#include "tests/support/database_server.h"
#include "tributary/partner/v1/channel.pb.h"
#include "tributary/partner/v1/customer.pb.h"
#include "tributary/partner/v1/partner.pb.h"
#include "tributary/partner/v1/region.pb.h"
#include "tributary/partner/v1/tier_assignment.pb.h"

namespace tributary::incentive {
namespace {

using ToldChannel = tributary::partner::v1::Channel;
using ToldPartner = tributary::partner::v1::Partner;
using ToldRegion = tributary::partner::v1::Region;
using ToldTier = tributary::partner::v1::TierAssignment;

constexpr int kShard = 3;

// Of everything that programs ask for, by quarters on order dates.
Program AskingForAll() {
  Program program = GrowthProgram("asking");
  program.state = ProgramState::kActive;
  program.eligibility.tiers = {{"stars", "gold"}};
  program.eligibility.channel_types = {ChannelType::kIndirect};
  program.eligibility.regions = {"CN"};
  return program;
}

class StandingStoreTest : public ::testing::Test {
 protected:
  void Tell(int64_t seq, const google::protobuf::Message& told, const std::string& name,
            const std::string& verb = "updated") {
    Apply({{.cursor = {.shard = kShard, .seq = seq},
            .recorded_at = InstantFrom("2026-05-01"),
            .verb = verb,
            .name = name,
            .type = told.GetDescriptor()->full_name(),
            .payload = told.SerializeAsString()}});
  }
  void Apply(const std::vector<events::Event>& batch) {
    InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
      outbox_ = events::Outbox();
      return store_.Apply(sql, batch, outbox_);
    });
  }
  void TellPartner(int64_t seq, const char* day, const std::string& region, const std::string& channel = "",
                   const std::string& zone = "") {
    ToldPartner partner;
    partner.set_name("partners/p1");
    *partner.mutable_update_time() = wire::ToProto(InstantFrom(day));
    if (!region.empty()) partner.set_home_region("regions/" + region);
    if (!channel.empty()) partner.set_channel("channels/" + channel);
    partner.set_time_zone(zone);
    Tell(seq, partner, partner.name());
  }
  void TellRegion(int64_t seq, const char* day, const std::string& id, const std::string& parent,
                  ToldRegion::State state = ToldRegion::ACTIVE) {
    ToldRegion region;
    region.set_name("regions/" + id);
    *region.mutable_update_time() = wire::ToProto(InstantFrom(day));
    region.set_state(state);
    if (!parent.empty()) region.set_parent_region("regions/" + parent);
    Tell(seq, region, region.name());
  }
  void TellTier(int64_t seq, const std::string& id, const std::string& level, const char* from, const char* to = "") {
    ToldTier tier;
    tier.set_name("partners/p1/tierAssignments/" + id);
    tier.set_program("partnerPrograms/stars");
    tier.set_level(level);
    *tier.mutable_valid_from() = wire::ToProto(DayFrom(from));
    if (*to != '\0') *tier.mutable_valid_to() = wire::ToProto(DayFrom(to));
    Tell(seq, tier, tier.name());
  }
  void TellChannel(int64_t seq, const char* day, ToldChannel::Type type, const std::string& verb = "updated") {
    ToldChannel channel;
    channel.set_name("channels/dealers");
    *channel.mutable_update_time() = wire::ToProto(InstantFrom(day));
    channel.set_type(type);
    Tell(seq, channel, channel.name(), verb);
  }

  void TellCustomer(int64_t seq, const char* day, const std::string& id, const std::string& segment,
                    const std::string& into = "", bool undone = false) {
    tributary::partner::v1::Customer customer;
    customer.set_name("customers/" + id);
    *customer.mutable_update_time() = wire::ToProto(InstantFrom(day));
    customer.set_segment(segment);
    if (!into.empty()) {
      auto& alias = *customer.add_aliases();
      alias.set_into("customers/" + into);
      if (undone) *alias.mutable_end_time() = wire::ToProto(InstantFrom(day));
    }
    Tell(seq, customer, customer.name());
  }
  // Of one unit, sold on 10 February; what brings it back comes in March.
  void AddSale(const std::string& partner, const std::string& document, const std::string& customer,
               const std::string& original = "") {
    InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
      const char* day = original.empty() ? "2026-02-10" : "2026-03-10";
      FactLine line = ShipmentOf(partner, document, 1, ++sold_, day, day, original.empty() ? "1" : "-1");
      line.source = FactSource::kSellThrough;
      line.fact = StrCat("sales/", document, ".1");
      line.parties.customer = customer;
      if (!original.empty()) line.kind = FactKind::kReturn;
      if (!original.empty()) line.refers = StrCat("sales/", original, ".1");
      return FactStore().Add(sql, {line}).status();
    });
  }
  // "customers/a schools" of the partner's sale of that document, as it is read without whom it names.
  std::string CustomerOf(const std::string& partner, const std::string& document,
                         std::optional<int64_t> known = std::nullopt) {
    ClosedPeriod close;
    close.partner_watermark = {0, 0, 0, known.value_or(0)};
    std::string text;
    InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
      const Program program = ForSchools();
      ASSIGN_OR_RETURN(const std::optional<FactLine> line,
                       FactStore().Find(sql, partner, StrCat("sales/", document, ".1")));
      if (!line.has_value()) return NotFound(document);
      std::vector<FactLine> lines = {*line};
      RETURN_IF_ERROR(store_.Attribute(sql, program, known.has_value() ? &close : nullptr, partner, &lines));
      text = StrCat(lines[0].standing->customer, " ", lines[0].standing->segment);
      return absl::OkStatus();
    });
    return text;
  }
  static Program ForSchools() {
    Program program = GrowthProgram("schools", Basis::kSellThrough);
    program.state = ProgramState::kActive;
    program.eligibility.customer_segments = {"schools"};
    return program;
  }

  // "INDIRECT CN-5101<CN stars/gold": what is written down for a line of p1's of that day, of one partner and of all.
  std::string On(const char* day, std::optional<int64_t> known = std::nullopt) {
    ClosedPeriod close;
    close.partner_watermark = {0, 0, 0, known.value_or(0)};
    std::string text;
    InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
      std::vector<FactLine> lines = {ShipmentOf("p1", "SO1", 1, 1, day, day, "100")}, of_all = lines;
      const Program program = AskingForAll();
      const ClosedPeriod* as_of = known.has_value() ? &close : nullptr;
      RETURN_IF_ERROR(store_.Attribute(sql, program, as_of, "p1", &lines));
      RETURN_IF_ERROR(store_.Attribute(sql, program, as_of, std::nullopt, &of_all));
      EXPECT_TRUE(*lines[0].standing == *of_all[0].standing);
      const PartnerStanding& standing = *lines[0].standing;
      text = standing.channel_type.has_value() ? std::string(NameOf(*standing.channel_type)) : "-";
      StrAppend(&text, " ", StrJoin(standing.regions, "<"));
      for (const PartnerTier& tier : standing.tiers) StrAppend(&text, " ", tier.partner_program, "/", tier.level);
      return absl::OkStatus();
    });
    return text;
  }
  int64_t Rows() {
    int64_t rows = 0;
    InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
      ASSIGN_OR_RETURN(const mysql::Rows counted, sql.Query("SELECT COUNT(*) FROM partner_attribute"));
      rows = counted.front().Int(0);
      return absl::OkStatus();
    });
    return rows;
  }
  // How many accruals the last call told of.
  int64_t ToldOf() const {
    int64_t told = 0;
    for (const events::Told& one : outbox_.Count()) told += one.events;
    return told;
  }

  const std::unique_ptr<mysql::Database> database_ = testing::FreshDatabase({&schema::incentive()});
  StandingStore store_;
  events::Outbox outbox_;
  int64_t sold_ = 0;
};

TEST_F(StandingStoreTest, KeepsWhatChangesAndWhatWasKnownWhen) {
  EXPECT_EQ(On("2026-02-01"), "- ");
  TellRegion(1, "2026-01-10", "CN", "");  // of a root nothing is to be said
  TellRegion(2, "2026-01-10", "CN-51", "CN");
  TellRegion(3, "2026-01-10", "CN-5101", "CN-51");
  TellRegion(4, "2026-01-10", "CN-31", "CN");
  TellChannel(5, "2026-01-10", ToldChannel::INDIRECT, "created");
  TellPartner(6, "2026-01-11", "");
  EXPECT_EQ(Rows(), 4);
  // What is first said of it was so before, too.
  TellPartner(7, "2026-01-12", "CN-5101", "dealers");
  EXPECT_EQ(On("2020-01-01"), "INDIRECT CN-5101<CN-51<CN");
  EXPECT_EQ(Rows(), 6);
  // Nothing new, and told again.
  TellPartner(8, "2026-01-13", "CN-5101", "dealers");
  TellPartner(7, "2026-01-12", "CN-5101", "dealers");
  EXPECT_EQ(Rows(), 6);
  // At noon of the first it is the second in Auckland.
  TellPartner(9, "2026-03-01", "CN-31", "dealers", "Pacific/Auckland");
  EXPECT_EQ(On("2026-03-01"), "INDIRECT CN-5101<CN-51<CN");
  EXPECT_EQ(On("2026-03-02"), "INDIRECT CN-31<CN");
  EXPECT_EQ(On("2026-03-02", 8), "INDIRECT CN-5101<CN-51<CN");
  EXPECT_EQ(On("2026-03-02", 6), "- ");

  TellTier(10, "a1", "gold", "2026-02-10");
  EXPECT_EQ(On("2026-03-31"), "INDIRECT CN-31<CN");
  EXPECT_EQ(On("2026-04-01"), "INDIRECT CN-31<CN stars/gold");
  for (int i = 0; i < 2; ++i) TellTier(11, "a1", "gold", "2026-02-10", "2026-05-05");
  EXPECT_EQ(On("2026-06-30"), "INDIRECT CN-31<CN stars/gold");
  EXPECT_EQ(On("2026-07-01"), "INDIRECT CN-31<CN");
  EXPECT_EQ(On("2026-07-01", 10), "INDIRECT CN-31<CN stars/gold");
  EXPECT_EQ(Rows(), 9);
  TellRegion(12, "2026-07-10", "CN-31", "", ToldRegion::INACTIVE);
  TellChannel(13, "2026-07-10", ToldChannel::INDIRECT, "deleted");
  EXPECT_EQ(On("2026-07-09"), "INDIRECT CN-31<CN");
  EXPECT_EQ(On("2026-07-10"), "- CN-31");
}

TEST_F(StandingStoreTest, SeveralOfOneInABatch) {
  std::vector<events::Event> batch;
  for (const char* parent : {"CN-51", "CN-50", "CN-50", "CN-51"}) {
    ToldRegion region;
    region.set_name("regions/CN-5101");
    region.set_parent_region(StrCat("regions/", parent));
    region.set_state(ToldRegion::ACTIVE);
    const auto seq = static_cast<int64_t>(batch.size()) + 1;
    *region.mutable_update_time() = wire::ToProto(InstantFrom("2026-01-01") + absl::Hours(24) * seq);
    batch.push_back({.cursor = {.shard = kShard, .seq = seq},
                     .verb = "created",
                     .name = region.name(),
                     .type = std::string(kRegionType),
                     .payload = region.SerializeAsString()});
  }
  Apply(batch);
  EXPECT_EQ(Rows(), 3);
  TellPartner(9, "2026-01-01", "CN-5101");
  EXPECT_EQ(On("2025-01-01"), "- CN-5101<CN-51");
  EXPECT_EQ(On("2026-01-03"), "- CN-5101<CN-50");
  EXPECT_EQ(On("2026-01-05"), "- CN-5101<CN-51");
}

// Accruals of open periods are told, of programs that ask for what has changed.
TEST_F(StandingStoreTest, TellsOfAccrualsThatMayBeWorthSomethingElse) {
  InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
    RETURN_IF_ERROR(ProgramStore().Insert(sql, AskingForAll()));
    Program other = GrowthProgram("other");
    other.state = ProgramState::kActive;
    RETURN_IF_ERROR(ProgramStore().Insert(sql, other));
    std::vector<AccrualMove> moves;
    for (const auto& [partner, program] :
         {std::pair("p1", "asking"), std::pair("p1", "other"), std::pair("p2", "asking")}) {
      for (const auto& [period, start] : {std::pair("2026Q1", "2026-01-01"), std::pair("2026Q2", "2026-04-01")}) {
        AccrualMove move{.key = {partner, program, period}, .period_start = DayFrom(start)};
        move.sums.lines = 1;
        move.at = InstantFrom("2026-02-01");
        moves.push_back(std::move(move));
      }
    }
    RETURN_IF_ERROR(AccrualStore().Apply(sql, moves));
    return PeriodCloseStore().Insert(
        sql, {.program = "asking", .period = "2026Q1", .close_time = InstantFrom("2026-04-01"), .currency = "USD"});
  });
  TellPartner(1, "2026-01-12", "CN-5101");
  EXPECT_EQ(ToldOf(), 1);
  TellPartner(2, "2026-01-13", "CN-5101");
  EXPECT_EQ(ToldOf(), 0);
  TellTier(3, "a1", "gold", "2026-02-10");
  EXPECT_EQ(ToldOf(), 1);
  TellRegion(4, "2026-02-01", "CN-5101", "CN");
  EXPECT_EQ(ToldOf(), 2) << "anybody may be at home there";
}

TEST_F(StandingStoreTest, SegmentsOfTheCustomersThatSalesName) {
  AddSale("p1", "R1", "customers/c", "S1");
  EXPECT_EQ(CustomerOf("p1", "R1"), "customers/c ");
  AddSale("p1", "S1", "customers/a");
  AddSale("p1", "S2", "customers/b");
  AddSale("p2", "S3", "Harbor");
  EXPECT_EQ(CustomerOf("p1", "R1"), "customers/a ") << "whom its sale names";
  EXPECT_EQ(CustomerOf("p1", "S1"), "customers/a ");
  EXPECT_EQ(CustomerOf("p2", "S3"), "Harbor ");
  TellCustomer(1, "2026-03-01", "a", "");  // says nothing of it
  TellCustomer(2, "2026-03-02", "a", "retail");
  EXPECT_EQ(CustomerOf("p1", "S1"), "customers/a retail") << "what is first said of it was so before, too";
  TellCustomer(3, "2026-03-03", "a", "schools");
  EXPECT_EQ(CustomerOf("p1", "S1"), "customers/a retail") << "of February";
  TellCustomer(4, "2026-01-01", "b", "schools");
  EXPECT_EQ(CustomerOf("p1", "S2"), "customers/b schools");
  TellCustomer(5, "2026-03-05", "b", "schools", "c");
  EXPECT_EQ(CustomerOf("p1", "S2"), "customers/b ") << "of c nothing is known";
  TellCustomer(6, "2026-03-06", "c", "", "a");
  EXPECT_EQ(CustomerOf("p1", "S2"), "customers/b retail");
  EXPECT_EQ(CustomerOf("p1", "S2", 4), "customers/b schools") << "as it was known before the merges";
  TellCustomer(7, "2026-03-07", "b", "schools", "c", /*undone=*/true);
  EXPECT_EQ(CustomerOf("p1", "S2"), "customers/b schools");
  EXPECT_EQ(Rows(), 0) << "of partners nothing was said";
}

TEST_F(StandingStoreTest, TellsOfAccrualsOfPartnersThatNameTheCustomer) {
  InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
    RETURN_IF_ERROR(ProgramStore().Insert(sql, ForSchools()));
    std::vector<AccrualMove> moves;
    for (const char* partner : {"p1", "p2"}) {
      AccrualMove move{.key = {partner, "schools", "2026Q1"}, .period_start = DayFrom("2026-01-01")};
      move.sums.lines = 1;
      move.at = InstantFrom("2026-02-01");
      moves.push_back(std::move(move));
    }
    return AccrualStore().Apply(sql, moves);
  });
  for (const char* document : {"S1", "S2"}) AddSale("p1", document, "customers/a");
  AddSale("p2", "S3", "customers/b");
  TellCustomer(1, "2026-01-01", "c", "schools");
  EXPECT_EQ(ToldOf(), 0) << "nobody has sold to it";
  TellCustomer(2, "2026-01-01", "a", "retail");
  EXPECT_EQ(ToldOf(), 1);
  TellCustomer(3, "2026-01-02", "a", "retail");
  EXPECT_EQ(ToldOf(), 0);
  TellCustomer(4, "2026-01-03", "b", "", "c");
  EXPECT_EQ(ToldOf(), 1) << "p2's";
  TellCustomer(5, "2026-01-04", "c", "retail");
  EXPECT_EQ(ToldOf(), 1) << "b is c";
  TellCustomer(6, "2026-01-05", "c", "retail", "a");
  EXPECT_EQ(ToldOf(), 1);
  TellCustomer(7, "2026-01-06", "a", "schools");
  EXPECT_EQ(ToldOf(), 2) << "both are a in the end";
}

TEST_F(StandingStoreTest, WhatIsForAPartner) {
  const auto is_for = [&](const Program& program) {
    bool answer = false;
    InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
      ASSIGN_OR_RETURN(answer, store_.IsFor(sql, program, "p1"));
      return absl::OkStatus();
    });
    return answer;
  };
  Program program = GrowthProgram("asking");
  program.state = ProgramState::kActive;
  EXPECT_TRUE(is_for(program));
  program.eligibility.regions = {"CN-51"};
  EXPECT_FALSE(is_for(program));
  TellPartner(1, "2026-01-12", "CN-5101");
  EXPECT_FALSE(is_for(program));
  TellRegion(2, "2026-01-10", "CN-5101", "CN-51");
  EXPECT_TRUE(is_for(program));
  TellPartner(3, "2026-02-01", "CN-31");
  EXPECT_TRUE(is_for(program)) << "it was, in January";
  program.eligibility.except_partners = {"p1"};
  EXPECT_FALSE(is_for(program));
  program.eligibility.except_partners.clear();
  program.state = ProgramState::kDraft;
  EXPECT_FALSE(is_for(program));
}

TEST_F(StandingStoreTest, RefusesWhatPartnerServiceDoesNotPromise) {
  const auto apply = [&](const events::Event& event) {
    return database_->Transact({}, [&](mysql::Transaction& sql) {
      events::Outbox outbox;
      return store_.Apply(sql, absl::MakeConstSpan(&event, 1), outbox);
    });
  };
  EXPECT_THAT(apply({.name = "partners/p1/tierAssignments/a", .type = std::string(kTierAssignmentType)}),
              HasReason(Reason::kInvalidField));
  EXPECT_THAT(apply({.name = "partners/p1", .type = "tributary.partner.v1.Partner", .payload = "\xff"}),
              HasReason(Reason::kMalformedRequest));
  EXPECT_OK(apply({.name = "partners/p1", .type = "tributary.partner.v1.Contact", .payload = "\xff"}));
}

}  // namespace
}  // namespace tributary::incentive
