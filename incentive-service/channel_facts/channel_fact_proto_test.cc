// What events of kits tell of stock. A products/set is two products/x and a products/y.

#include "incentive-service/channel_facts/channel_fact_proto.h"

#include <algorithm>
#include <utility>

#include "common/text/text.h"
#include "common/wire/wire.h"
#include "incentive-service/testing_facts.h"
#include "tributary/inventory/v1/on_hand_report.pb.h"
#include "tributary/inventory/v1/return_authorization.pb.h"
#include "tributary/inventory/v1/shipment.pb.h"
#include "tributary/inventory/v1/stock_movement.pb.h"

namespace tributary::incentive {
namespace {

using inventory::v1::OnHandReport;
using inventory::v1::ReturnAuthorization;
using inventory::v1::ReturnLine;
using inventory::v1::ShipmentLine;
using inventory::v1::StockMovement;

constexpr char kHere[] = "partners/p1/sites/main/on_hand";
constexpr char kThere[] = "partners/p2/sites/main/on_hand";

template <typename Message>
events::Event Recorded(const Message& message) {
  return {.verb = "recorded",
          .name = message.name(),
          .type = Message::descriptor()->full_name(),
          .payload = message.SerializeAsString()};
}

template <typename Message>
Message OfX(Message message, int units) {
  message.set_product("products/x");
  message.mutable_quantity()->set_value(StrCat(units));
  return message;
}
template <typename Message>
Message OfSets(Message message, int sets) {
  message.set_product("products/set");
  message.mutable_quantity()->set_value(StrCat(sets));
  for (const auto& [product, each] : {std::pair("products/x", 2), std::pair("products/y", 1)}) {
    inventory::v1::KitPart& part = *message.add_kit_parts();
    part.set_product(product);
    part.mutable_quantity()->set_value(StrCat(each * sets));
  }
  return message;
}

// `id`: of a document and line, "m.1".
StockMovement Movement(const std::string& id, const std::string& from, const std::string& to,
                       const std::string& reverses = "") {
  StockMovement movement;
  movement.set_name("partners/p1/movements/" + id);
  *movement.mutable_effective_date() = wire::ToProto(DayFrom("2026-06-03"));
  movement.set_from_location(from);
  movement.set_to_location(to);
  if (!reverses.empty()) movement.set_reverses("partners/p1/movements/" + reverses);
  return movement;
}

OnHandReport Report(const std::string& id, std::string_view date, OnHandReport::Boundary boundary,
                    const std::string& reverses = "") {
  OnHandReport report;
  report.set_name("partners/p1/onHandReports/" + id);
  *report.mutable_date() = wire::ToProto(DayFrom(date));
  report.set_boundary(boundary);
  if (!reverses.empty()) report.set_reverses("partners/p1/onHandReports/" + reverses);
  return report;
}

ReturnLine ReturnedOf(const std::string& original_line) {
  ReturnLine line;
  line.set_original_line("partners/p1/" + original_line);
  return line;
}

StockBook BookFrom(const std::vector<events::Event>& events, const std::string& partner, const std::string& product) {
  std::vector<ChannelFact> facts;
  for (const events::Event& event : events) {
    const absl::StatusOr<std::vector<ChannelFact>> told = ChannelFactsOf(event);
    EXPECT_OK(told);
    if (!told.ok()) continue;
    for (const ChannelFact& fact : *told) {
      if (fact.partner == partner && fact.product == "products/" + product) facts.push_back(fact);
    }
  }
  return BookOf({}, facts);
}

// "back shipments/A/lines/1 2; left movements/m.1 6; scrapped movements/m.1 6; "
std::string TextOf(const StockBook& book) {
  std::vector<std::string> texts;
  for (const LayerDeparture& one : book.history.departures) {
    texts.push_back(StrCat("left ", one.fact, one.fact.empty() ? "" : " ", one.quantity.ToString()));
  }
  for (const LayerReturn& one : book.history.returns) {
    texts.push_back(StrCat("back ", one.line, " ", one.quantity.ToString()));
  }
  for (const RotatedUnits& one : book.rotated) {
    texts.push_back(StrCat(one.scrapped ? "scrapped " : "rotated ", one.movement, " ", one.quantity.ToString()));
  }
  for (const ChannelFact& one : book.on_hand) texts.push_back(StrCat("there ", one.fact, " ", one.quantity.ToString()));
  std::sort(texts.begin(), texts.end());
  std::string text;
  for (const std::string& one : texts) StrAppend(&text, one, "; ");
  return text;
}
std::string TextOf(const std::vector<events::Event>& events, const std::string& partner, const std::string& product) {
  return TextOf(BookFrom(events, partner, product));
}

TEST(ChannelFactProtoTest, AMovementOfKitsMovesTheirParts) {
  const std::vector<events::Event> events = {Recorded(OfSets(Movement("m.1", kHere, "scrap"), 3)),
                                             Recorded(OfX(Movement("m.2", kHere, "vendor"), 1)),
                                             Recorded(OfSets(Movement("m.3", kHere, "vendor"), 5))};
  EXPECT_EQ(TextOf(events, "p1", "x"),
            "left movements/m.1 6; left movements/m.2 1; left movements/m.3 10; rotated movements/m.2 1; "
            "rotated movements/m.3 10; scrapped movements/m.1 6; ");
  EXPECT_EQ(TextOf(events, "p1", "y"),
            "left movements/m.1 3; left movements/m.3 5; rotated movements/m.3 5; scrapped movements/m.1 3; ");
  EXPECT_EQ(TextOf(events, "p1", "set"), "") << "a kit has no stock";
}

TEST(ChannelFactProtoTest, KitsThatGoToAnotherPartnerComeAsTheirParts) {
  const std::vector<events::Event> events = {Recorded(OfSets(Movement("m.1", kHere, kThere), 3))};
  EXPECT_EQ(TextOf(events, "p1", "x"), "left 6; ");
  EXPECT_EQ(TextOf(events, "p2", "x"), "left -6; ");
  EXPECT_EQ(TextOf(events, "p2", "y"), "left -3; ");
  EXPECT_EQ(TextOf(events, "p1", "set") + TextOf(events, "p2", "set"), "");
}

// m.1 is taken back and stated again, with one set less; m.2 is taken back.
TEST(ChannelFactProtoTest, MovementsOfKitsThatAreTakenBackLeaveNoTrace) {
  std::vector<events::Event> events = {Recorded(OfSets(Movement("m.1", kHere, "scrap"), 3)),
                                       Recorded(OfSets(Movement("m.1.r1", kHere, "scrap", "m.1"), -3)),
                                       Recorded(OfSets(Movement("m.1.1", kHere, "scrap"), 2)),
                                       Recorded(OfSets(Movement("m.2", kHere, kThere), 4)),
                                       Recorded(OfSets(Movement("m.2.r1", kHere, kThere, "m.2"), -4))};
  for (const bool backwards : {false, true}) {
    SCOPED_TRACE(backwards);
    if (backwards) std::reverse(events.begin(), events.end());
    EXPECT_EQ(TextOf(events, "p1", "x"), "left movements/m.1 4; scrapped movements/m.1 4; ");
    EXPECT_EQ(TextOf(events, "p1", "y"), "left movements/m.1 2; scrapped movements/m.1 2; ");
    EXPECT_EQ(TextOf(events, "p2", "x") + TextOf(events, "p2", "y"), "");
  }
}

// Told as units that return by an authorization, and below 0 by a line of a shipment.
TEST(ChannelFactProtoTest, AReturnOfKitsSendsBackTheirParts) {
  ReturnAuthorization authorization;
  authorization.set_name("partners/p1/returns/r");
  authorization.set_state(ReturnAuthorization::APPROVED);
  *authorization.mutable_receive_date() = wire::ToProto(DayFrom("2026-06-03"));
  *authorization.add_lines() = OfSets(ReturnedOf("shipments/K/lines/1.1"), 2);
  *authorization.add_lines() = OfX(ReturnedOf("shipments/A/lines/1"), 1);
  EXPECT_EQ(TextOf({Recorded(authorization)}, "p1", "x"), "") << "they are still there";
  authorization.set_state(ReturnAuthorization::RECEIVED);
  ShipmentLine line;
  line.set_name("partners/p1/shipments/R/lines/1");
  line.set_original_line("partners/p1/shipments/L/lines/1");
  *line.mutable_ship_date() = wire::ToProto(DayFrom("2026-06-04"));
  const std::vector<events::Event> events = {Recorded(authorization), Recorded(OfSets(line, -4))};
  EXPECT_EQ(TextOf(events, "p1", "x"),
            "back shipments/A/lines/1 1; back shipments/K/lines/1 4; back shipments/L/lines/1 8; ");
  EXPECT_EQ(TextOf(events, "p1", "y"), "back shipments/K/lines/1 2; back shipments/L/lines/1 4; ");
  EXPECT_EQ(TextOf(events, "p1", "set"), "");
}

TEST(ChannelFactProtoTest, KitsOnHandComeOnTopOfWhatIsReportedOfTheirParts) {
  const std::vector<events::Event> events = {
      Recorded(OfX(Report("O.1", "2026-06-09", OnHandReport::AFTER_CLOSING), 10)),
      Recorded(OfSets(Report("O.2", "2026-06-09", OnHandReport::AFTER_CLOSING), 3)),
      Recorded(OfX(Report("P.1", "2026-06-12", OnHandReport::BEFORE_OPENING), 1)),
      Recorded(OfSets(Report("P.2", "2026-06-12", OnHandReport::BEFORE_OPENING), 2)),
      Recorded(OfSets(Report("Q.1", "2026-06-15", OnHandReport::AFTER_CLOSING), 7))};
  const StockBook book = BookFrom(events, "p1", "x");
  EXPECT_EQ(ReportedAt(book, DayFrom("2026-06-10")), DecimalFrom("16"));
  EXPECT_EQ(ReportedAt(book, DayFrom("2026-06-12")), DecimalFrom("5"));
  EXPECT_EQ(ReportedAt(book, DayFrom("2026-06-16")), std::nullopt) << "a kit is no report of its parts";
  EXPECT_EQ(ReportedAt(BookFrom(events, "p1", "y"), DayFrom("2026-06-10")), std::nullopt);
  EXPECT_EQ(TextOf(events, "p1", "y"),
            "there onHandReports/O.2/parts/y 3; there onHandReports/P.2/parts/y 2; "
            "there onHandReports/Q.1/parts/y 7; ");
  EXPECT_EQ(TextOf(events, "p1", "set"), "");
}

// O.2 is taken back and stated again, with one set more; O.3 is taken back.
TEST(ChannelFactProtoTest, ReportsOfKitsThatAreTakenBackLeaveNoTrace) {
  constexpr auto kClosing = OnHandReport::AFTER_CLOSING;
  std::vector<events::Event> events = {Recorded(OfX(Report("O.1", "2026-06-09", kClosing), 10)),
                                       Recorded(OfSets(Report("O.2", "2026-06-09", kClosing), 3)),
                                       Recorded(OfSets(Report("O.2.r1", "2026-06-09", kClosing, "O.2"), -3)),
                                       Recorded(OfSets(Report("O.2.1", "2026-06-09", kClosing), 4)),
                                       Recorded(OfSets(Report("O.3", "2026-06-09", kClosing), 5)),
                                       Recorded(OfSets(Report("O.3.r1", "2026-06-09", kClosing, "O.3"), -5))};
  for (const bool backwards : {false, true}) {
    SCOPED_TRACE(backwards);
    if (backwards) std::reverse(events.begin(), events.end());
    EXPECT_EQ(ReportedAt(BookFrom(events, "p1", "x"), DayFrom("2026-06-10")), DecimalFrom("18"));
    EXPECT_EQ(TextOf(events, "p1", "y"), "there onHandReports/O.2.1/parts/y 4; ");
  }
}

}  // namespace
}  // namespace tributary::incentive
