// Returns that name no sale, on a real database: what programs that match them read, and which accruals that moves.

#include "incentive-service/facts/unlinked_return_store.h"

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "common/wire/wire.h"
#include "events_schema.h"
#include "incentive-service/accruals/accrual_store.h"
#include "incentive-service/accruals/carried_store.h"
#include "incentive-service/closes/period_close_store.h"
#include "incentive-service/facts/fact_consumer.h"
#include "incentive-service/facts/fact_proto.h"
#include "incentive-service/facts/fact_store.h"
#include "incentive-service/programs/program_store.h"
#include "incentive-service/testing_facts.h"
#include "incentive_schema.h"
#include "tests/support/database_server.h"
#include "tributary/inventory/v1/shipment.pb.h"

namespace tributary::incentive {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

FactLine Units(std::string document, int64_t seq, std::string_view day, int64_t units, std::string partner = "p1") {
  FactLine line = ShipmentOf(std::move(partner), std::move(document), 1, seq, day, day, std::to_string(units * 10));
  line.quantity = Decimal::FromInt(units);
  return line;
}

Program Matching(std::string id) {
  Program program = GrowthProgram(std::move(id));
  program.state = ProgramState::kActive;
  program.return_policy = ReturnPolicy::kMatchLatest;
  return program;
}

class UnlinkedReturnStoreTest : public ::testing::Test {
 protected:
  void Add(const std::vector<FactLine>& lines) {
    InTransaction(*database_, [&](mysql::Transaction& sql) { return facts_.Add(sql, lines).status(); });
  }
  // "SO1 -2 of shipments/SO2/lines/1" each.
  std::vector<std::string> LinesOf(const DateRange& range, const std::optional<std::string>& partner = {},
                                   const Watermark* watermark = nullptr) {
    std::vector<std::string> texts;
    InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
      texts.clear();
      const Program program = Matching("g");
      ASSIGN_OR_RETURN(const std::vector<FactLine> lines, watermark != nullptr
                                                              ? facts_.LinesAsOf(sql, program, range, *watermark)
                                                              : facts_.LinesFor(sql, program, range, partner));
      for (const FactLine& line : lines) {
        texts.push_back(line.document + " " + line.quantity.ToString() +
                        (line.matched.empty() ? "" : " of " + line.matched));
      }
      return absl::OkStatus();
    });
    return texts;
  }

  const std::unique_ptr<mysql::Database> database_ = testing::FreshDatabase({&schema::events(), &schema::incentive()});
  FactStore facts_;
};

const DateRange kFirst{*Date::FromYmd(2026, 1, 1), *Date::FromYmd(2026, 4, 1)};
const DateRange kSecond{*Date::FromYmd(2026, 4, 1), *Date::FromYmd(2026, 7, 1)};

TEST_F(UnlinkedReturnStoreTest, LinesAreReadInParts) {
  Add({Units("SO1", 1, "2026-02-01", 5), Units("SO2", 2, "2026-04-05", 2), Units("RT1", 3, "2026-05-01", -8),
       Units("SO3", 4, "2026-02-01", 3, "p2")});
  EXPECT_THAT(LinesOf(kFirst), UnorderedElementsAre("SO1 5", "RT1 -5 of shipments/SO1/lines/1", "SO3 3"));
  EXPECT_THAT(LinesOf(kSecond, "p1"), UnorderedElementsAre("SO2 2", "RT1 -2 of shipments/SO2/lines/1", "RT1 -1"));
  EXPECT_THAT(LinesOf(kFirst, "p2"), ElementsAre("SO3 3"));
  InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
    const UnlinkedReturnStore store;
    EXPECT_THAT(store.Of(sql, FactSource::kShipment, std::nullopt),
                IsOkAndHolds(std::set<PartnerProduct>{{"p1", "products/x"}}));
    EXPECT_THAT(store.Of(sql, FactSource::kShipment, "p2"), IsOkAndHolds(std::set<PartnerProduct>()));
    EXPECT_THAT(store.Of(sql, FactSource::kSellThrough, std::nullopt), IsOkAndHolds(std::set<PartnerProduct>()));
    EXPECT_THAT(store.Among(sql, FactSource::kShipment, {{"p1", "products/x"}, {"p1", "products/y"}}),
                IsOkAndHolds(std::set<PartnerProduct>{{"p1", "products/x"}}));
    EXPECT_THAT(store.Among(sql, FactSource::kShipment, {}), IsOkAndHolds(std::set<PartnerProduct>()));
    return absl::OkStatus();
  });
  // The same as it was before the second sale, and again when a later one takes the return from the first.
  const Watermark first(events::kShards, 1), third(events::kShards, 3);
  EXPECT_THAT(LinesOf(kFirst, {}, &first), UnorderedElementsAre("SO1 5", "SO3 3"));
  Add({Units("SO4", 5, "2026-04-20", 8)});
  EXPECT_THAT(LinesOf(kFirst), UnorderedElementsAre("SO1 5", "SO3 3"));
  EXPECT_THAT(LinesOf(kFirst, {}, &third), UnorderedElementsAre("SO1 5", "RT1 -5 of shipments/SO1/lines/1", "SO3 3"));
}

// What the first period left below 0 is carried by its own lines, or by those that returns are matched with.
TEST_F(UnlinkedReturnStoreTest, WhatIsBelowNothingIsCarriedOn) {
  Add({Units("SO1", 1, "2026-02-01", 5), Units("RT0", 2, "2026-02-02", -7), Units("RT1", 3, "2026-05-01", -4)});
  Program program = Matching("g");
  program.terms.carry_negative = true;
  const Period third = PeriodOf(PeriodKind::kQuarter, DayFrom("2026-07-01"));
  InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
    ASSIGN_OR_RETURN(const CarriedInto matched, CarriedStore().Into(sql, program, third));
    EXPECT_EQ(matched.size(), 1u);
    EXPECT_THAT(matched.at("p1").periods, ElementsAre(PeriodSum{"2026Q1", DecimalFrom("-20"), DecimalFrom("-2")},
                                                      PeriodSum{"2026Q2", DecimalFrom("-40"), DecimalFrom("-4")}));
    EXPECT_EQ(matched.at("p1").amount, DecimalFrom("-60"));
    program.return_policy = ReturnPolicy::kReturnPeriod;
    // Sums that accruals have.
    ASSIGN_OR_RETURN(const std::vector<FactTotal> totals, facts_.Totals(sql, program));
    RETURN_IF_ERROR(AccrualStore().Apply(sql, MovesOf(program, totals)));
    EXPECT_THAT(CarriedStore().Into(sql, program, third), IsOkAndHolds(matched));
    EXPECT_THAT(CarriedStore().Into(sql, program, third, "p2"), IsOkAndHolds(CarriedInto()));
    const Period first = PeriodOf(PeriodKind::kQuarter, DayFrom("2026-01-01"));
    EXPECT_THAT(CarriedStore().Into(sql, program, first), IsOkAndHolds(CarriedInto()));
    program.terms.carry_negative = false;
    EXPECT_THAT(CarriedStore().Into(sql, program, third), IsOkAndHolds(CarriedInto()));
    return absl::OkStatus();
  });
}

// A return moves what it returns, also a closed period; so does a later sale, which takes the return from it.
TEST_F(UnlinkedReturnStoreTest, AccrualsOfWhatMayComeBackMove) {
  const auto told = [&](std::string document, int64_t seq, std::string_view day, int64_t units) {
    inventory::v1::ShipmentLine message;
    message.set_partner("partners/p1");
    message.set_name("partners/p1/shipments/" + document + "/lines/1");
    message.set_document(document);
    message.set_line(1);
    *message.mutable_order_date() = wire::ToProto(DayFrom(day));
    *message.mutable_ship_date() = message.order_date();
    message.set_product("products/x");
    message.mutable_quantity()->set_value(std::to_string(units));
    *message.mutable_net_amount() = wire::ToProto(Money{"USD", Decimal::FromInt(units * 10)});
    std::vector<std::string> moved;
    InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
      events::Outbox outbox;
      RETURN_IF_ERROR(FactConsumer().Apply(sql,
                                           {events::Event{.cursor = {events::ShardOf("p1"), seq},
                                                          .recorded_at = InstantFrom("2026-06-01"),
                                                          .verb = "recorded",
                                                          .name = message.name(),
                                                          .type = std::string(kShipmentLineType),
                                                          .payload = message.SerializeAsString()}},
                                           outbox));
      ASSIGN_OR_RETURN(const auto due, AccrualStore().TrueUpsDue(sql, "g"));
      RETURN_IF_ERROR(AccrualStore().ForgetTrueUpsDue(sql, "g"));
      moved.clear();
      for (const auto& [partner, first_day] : due) moved.push_back(partner + " " + first_day.ToString());
      return absl::OkStatus();
    });
    return moved;
  };
  InTransaction(*database_, [&](mysql::Transaction& sql) { return ProgramStore().Insert(sql, Matching("g")); });
  EXPECT_THAT(told("SO1", 1, "2026-02-01", 5), IsEmpty());
  InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
    RETURN_IF_ERROR(ProgramStore().LockSet(sql));
    return PeriodCloseStore().Insert(
        sql, {.program = "g", .period = "2026Q1", .close_time = InstantFrom("2026-04-05"), .currency = "USD"});
  });
  EXPECT_THAT(told("SO2", 2, "2026-04-05", 2), IsEmpty());  // nothing of it has come back
  EXPECT_THAT(told("RT1", 3, "2026-05-01", -3), ElementsAre("p1 2026-01-01"));
  EXPECT_THAT(told("SO3", 4, "2026-04-20", 8), ElementsAre("p1 2026-01-01"));
}

}  // namespace
}  // namespace tributary::incentive
