#pragma once

// What a line of a statement rests on, as inventory-service or conflict-service tells it, in the verifier's own words.

#include <optional>
#include <string>

#include "cli/verify/fraction.h"
#include "tributary/conflict/v1/deal_registration.pb.h"
#include "tributary/incentive/v1/program.pb.h"
#include "tributary/inventory/v1/credit_note.pb.h"
#include "tributary/inventory/v1/invoice.pb.h"
#include "tributary/inventory/v1/sell_through_sale.pb.h"
#include "tributary/inventory/v1/shipment.pb.h"

namespace tributary::cli {

// Made of whichever message states it. What a credit note states counts with the other sign.
struct Fact {
  Fact(const inventory::v1::ShipmentLine& line);     // NOLINT(google-explicit-constructor): messages read as facts
  Fact(const inventory::v1::InvoiceLine& line);      // NOLINT
  Fact(const inventory::v1::CreditNoteLine& line);   // NOLINT
  Fact(const inventory::v1::SellThroughSale& sale);  // NOLINT
  Fact(const inventory::v1::Invoice& invoice);       // NOLINT: for the date of what credits it
  Fact(const conflict::v1::DealRegistration& deal);  // NOLINT: one that was won

  std::string name;
  std::string partner;  // partners/{partner}
  std::string product;
  std::optional<verify::Integer> quantity;  // billionths
  std::optional<verify::Integer> amount;    // likewise; 0 where none is stated
  std::optional<verify::Integer> discount;  // of a shipment's line: amount is without it; 0 where none is stated
  std::optional<verify::Integer> wallet;    // of that: what the partner's wallet gave
  std::string currency;                     // empty where no amount is stated
  std::string order_date;                   // "2013-11-29"; of a shipment alone another than `date`
  std::string date;
  std::string reverses;  // of a reversal: the name of what it takes back
  std::string original;  // of a return: the name of what it returns
  bool adjusts_stock = false;
  std::string document;
  std::string order;     // that it ships or bills; empty where it names none
  std::string customer;  // of a sale, by the partner's name
  std::string site;      // as stated; empty stands for `main`

  // Whether programs of the basis count such facts.
  bool CountsOn(incentive::v1::Program::Basis basis) const;
  // What it is worth to a program.
  std::optional<verify::Integer> Amount(incentive::v1::Program::AmountOf of) const;
  // What of it a program counts.
  std::string CountedAs(incentive::v1::Program::Count::Of of) const;
  const std::string& DateOn(incentive::v1::Program::Basis basis) const {
    return basis == incentive::v1::Program::ORDER ? order_date : date;
  }
};

}  // namespace tributary::cli
