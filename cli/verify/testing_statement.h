#pragma once

// For tests: a statement that is right, worked out by hand.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cli/verify/verify.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "incentive-service/testing_terms.h"
#include "tributary/incentive/v1/statement.pb.h"
#include "tributary/inventory/v1/shipment.pb.h"

namespace tributary::cli {

template <typename T>
T Parse(const std::string& text) {
  T message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return message;
}

// Worked out by hand. Marginal 1 %, from 20,000 2 %, from 60,000 3.5 % on 65,617.0050: 200 + 800 + 196.595175 =
// 1,196.595175, so 1,196.60. Shares are 729.446..., 649.520... - 182.365... and the rest goes by remainder.
struct SampleStatement {
  incentive::v1::Statement statement;
  std::vector<incentive::v1::StatementLine> lines;
  std::map<std::string, inventory::v1::ShipmentLine> facts;

  FactLookup lookup() const {
    return [this](const std::string& name) -> std::optional<inventory::v1::ShipmentLine> {
      const auto fact = facts.find(name);
      if (fact == facts.end()) return std::nullopt;
      return fact->second;
    };
  }
};

inline SampleStatement Good() {
  SampleStatement good;
  good.statement = Parse<incentive::v1::Statement>(R"pb(
    name: "partners/p1/statements/1"
    uid: "018f0000-0000-7000-8000-000000000001"
    etag: "\"v1\""
    create_time { seconds: 1293926400 }
    update_time { seconds: 1293926400 }
    state: ISSUED
    kind: REGULAR
    period: "2010Q4"
    period_start { year: 2010 month: 10 day: 1 }
    period_end { year: 2011 month: 1 day: 1 }
    entries {
      ordinal: 1
      kind: EARNED
      program: "programs/growth"
      period: "2010Q4"
      period_start { year: 2010 month: 10 day: 1 }
      counted_until { year: 2011 month: 1 day: 1 }
      close: "programs/growth/closes/2010Q4"
      line_count: 4
      qualifying_amount { currency_code: "USD" units: 65617 nanos: 5000000 }
      exact_qualifying_amount: "13123401/200"
      quantity { value: "651.5" }
      evaluation {
        shape: MARGINAL
        bound: FROM
        parts {
          from_amount { value: "0" }
          to_amount { value: "20000" }
          rate { value: "0.01" }
          amount { value: "20000" }
          value: "200"
          interval: "[0, 20000)"
        }
        parts {
          from_amount { value: "20000" }
          to_amount { value: "60000" }
          rate { value: "0.02" }
          amount { value: "40000" }
          value: "800"
          interval: "[20000, 60000)"
        }
        parts {
          from_amount { value: "60000" }
          rate { value: "0.035" }
          amount { value: "5617.005" }
          value: "7863807/40000"
          interval: "[60000, ∞)"
        }
        exact_value: "47863807/40000"
        rounding: HALF_EVEN
        value { currency_code: "USD" units: 1196 nanos: 600000000 }
        program_etag: "\"v2\""
        before_limits: "47863807/40000"
      }
      stated_before { currency_code: "USD" }
      amount { currency_code: "USD" units: 1196 nanos: 600000000 }
      terms {
        name: "programs/growth"
        uid: "018f0000-0000-7000-8000-000000000002"
        etag: "\"v2\""
        create_time { seconds: 1285891200 }
        update_time { seconds: 1285891200 }
        state: ACTIVE
        bound: FROM
        rounding: HALF_EVEN
      }
    }
    line_count: 4
    total { currency_code: "USD" units: 1196 nanos: 600000000 }
  )pb");
  good.statement.mutable_entries(0)->mutable_terms()->MergeFrom(
      incentive::QuarterlyTerms("Quarterly growth", 2010, 10));
  const struct {
    const char* document;
    int line;
    int day;  // of October 2010
    const char* quantity;
    int64_t units;
    int32_t nanos;
    int64_t share_units;
    int32_t share_nanos;
  } kLines[] = {
      {"SO1", 2, 5, "400", 40000, 0, 729, 440000000},
      {"SO1", 10, 5, "350", 35617, 5000000, 649, 520000000},
      {"SO2", 1, 5, "-100", -10000, 0, -182, -360000000},
      {"SO1", 3, 9, "1.5", 0, 0, 0, 0},
  };
  for (const auto& l : kLines) {
    incentive::v1::StatementLine& line = good.lines.emplace_back();
    line.set_entry(1);
    line.set_fact("partners/p1/shipments/" + std::string(l.document) + "/lines/" + std::to_string(l.line));
    line.mutable_basis_date()->set_year(2010);
    line.mutable_basis_date()->set_month(10);
    line.mutable_basis_date()->set_day(l.day);
    line.set_product("products/351");
    line.mutable_quantity()->set_value(l.quantity);
    line.mutable_amount()->set_currency_code("USD");
    line.mutable_amount()->set_units(l.units);
    line.mutable_amount()->set_nanos(l.nanos);
    line.mutable_share()->set_currency_code("USD");
    line.mutable_share()->set_units(l.share_units);
    line.mutable_share()->set_nanos(l.share_nanos);
    line.set_ordinal(static_cast<int64_t>(good.lines.size()));

    inventory::v1::ShipmentLine& fact = good.facts[line.fact()];
    fact.set_name(line.fact());
    fact.set_partner("partners/p1");
    fact.set_document(l.document);
    fact.set_line(l.line);
    *fact.mutable_order_date() = line.basis_date();
    fact.mutable_ship_date()->set_year(2011);
    fact.mutable_ship_date()->set_month(1);
    fact.mutable_ship_date()->set_day(7);
    fact.set_product(line.product());
    *fact.mutable_quantity() = line.quantity();
    *fact.mutable_net_amount() = line.amount();
  }
  return good;
}

}  // namespace tributary::cli
