#pragma once

// For tests of this service: lines and programs by a few words.

#include <string>
#include <string_view>
#include <utility>

#include "absl/functional/function_ref.h"
#include "common/events/outbox.h"
#include "common/mysql/database.h"
#include "common/status/status_matchers.h"
#include "incentive-service/facts/fact_line.h"
#include "incentive-service/programs/program.h"

namespace tributary::incentive {

inline Date DayFrom(std::string_view text) { return *Date::Parse(text); }
inline Decimal DecimalFrom(std::string_view text) { return *Decimal::Parse(text); }
inline absl::Time InstantFrom(std::string_view day) {
  return absl::UnixEpoch() + absl::Hours(24) * DayFrom(day).days() + absl::Hours(12);
}

inline FactLine ShipmentOf(std::string partner, std::string document, int64_t line, int64_t seq,
                           std::string_view order_date, std::string_view ship_date, std::string_view net,
                           std::string currency = "USD") {
  FactLine fact;
  fact.partner = std::move(partner);
  fact.document = std::move(document);
  fact.line = line;
  fact.fact = "shipments/" + fact.document + "/lines/" + std::to_string(line);
  fact.shard = events::ShardOf(fact.partner);
  fact.seq = seq;
  fact.recorded_at = InstantFrom("2026-01-01") + absl::Seconds(seq);
  fact.order_date = fact.order_basis = DayFrom(order_date);
  fact.ship_date = fact.ship_basis = DayFrom(ship_date);
  fact.product = "products/x";
  fact.product_line = "productLines/bikes";
  fact.quantity = Decimal::FromInt(1);
  fact.net = DecimalFrom(net);
  fact.currency = std::move(currency);
  return fact;
}

inline FactLine ReversalOf(const FactLine& line, int64_t seq) {
  FactLine reversal = line;
  reversal.kind = FactKind::kReversal;
  reversal.refers = line.fact;
  reversal.fact = line.fact + ".r1";
  reversal.seq = seq;
  reversal.quantity = -line.quantity;
  reversal.net = -line.net;
  return reversal;
}

inline FactLine ReturnOf(const FactLine& line, std::string document, int64_t seq, std::string_view date,
                         std::string_view net) {
  FactLine back = ShipmentOf(line.partner, std::move(document), 1, seq, date, date, net, line.currency);
  back.kind = FactKind::kReturn;
  back.refers = line.fact;
  return back;
}

// Marginal 1 %, from 20,000 2 %, from 60,000 3.5 %, quarterly, on USD.
inline Program GrowthProgram(std::string id, Basis basis = Basis::kOrder, std::string_view from = "2026-01-01") {
  Program program;
  program.id = std::move(id);
  program.uid = Uuid::New(InstantFrom("2026-01-01"));
  program.create_time = program.update_time = InstantFrom("2026-01-01");
  program.display_name = "Growth 增长";
  program.basis = basis;
  program.terms = {{Shape::kMarginal,
                    Bound::kFrom,
                    {{Decimal(), DecimalFrom("0.01")},
                     {DecimalFrom("20000"), DecimalFrom("0.02")},
                     {DecimalFrom("60000"), DecimalFrom("0.035")}}},
                   "USD",
                   Rounding::kHalfEven};
  program.effective = {DayFrom(from), OpenEnd()};
  return program;
}

// Runs `body` in a transaction that must commit.
inline void InTransaction(mysql::Database& database, absl::FunctionRef<absl::Status(mysql::Transaction&)> body) {
  EXPECT_OK(database.Transact({}, body));
}

}  // namespace tributary::incentive
