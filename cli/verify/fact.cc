#include "cli/verify/fact.h"

#include <algorithm>
#include <string_view>

#include "cli/verify/arithmetic.h"

namespace tributary::cli {
namespace {

using incentive::v1::Program;
using verify::Billionths;

// What messages state alike. `sign`: -1 where it is taken back.
template <typename Message>
void Read(const Message& message, int sign, Fact* fact) {
  fact->name = message.name();
  fact->product = message.product();
  fact->document = message.document();
  fact->reverses = message.reverses();
  fact->quantity = Billionths(message.quantity());
  fact->amount = Billionths(message.net_amount());
  fact->currency = message.net_amount().currency_code();
  if (fact->quantity.has_value()) *fact->quantity *= sign;
  if (fact->amount.has_value()) *fact->amount *= sign;
}

// "invoices" of "partners/p1/invoices/INV1/lines/2".
std::string_view CollectionOf(std::string_view name) {
  for (int i = 0; i < 2; ++i) name.remove_prefix(std::min(name.find('/'), name.size() - 1) + 1);
  return name.substr(0, name.find('/'));
}

}  // namespace

Fact::Fact(const inventory::v1::ShipmentLine& line)
    : partner(line.partner()),
      order_date(verify::Text(line.order_date())),
      date(verify::Text(line.ship_date())),
      original(line.original_line()),
      order(line.order()),
      site(line.site()) {
  Read(line, 1, this);
  discount = line.has_discount() ? Billionths(line.discount()) : verify::Integer(0);
  wallet = line.has_wallet_amount() ? Billionths(line.wallet_amount()) : verify::Integer(0);
}

Fact::Fact(const inventory::v1::InvoiceLine& line)
    : partner(line.partner()), order_date(verify::Text(line.invoice_date())), date(order_date), order(line.order()) {
  Read(line, 1, this);
}

Fact::Fact(const inventory::v1::CreditNoteLine& line)
    : partner(line.partner()),
      order_date(verify::Text(line.credit_date())),
      date(order_date),
      original(line.original_invoice()) {
  Read(line, -1, this);
}

Fact::Fact(const inventory::v1::SellThroughSale& sale)
    : partner(sale.name().substr(0, sale.name().find("/sales/"))),
      order_date(verify::Text(sale.sale_date())),
      date(order_date),
      original(sale.original_sale()),
      adjusts_stock(sale.activity() == inventory::v1::SellThroughSale::ADJUSTMENT),
      customer(sale.end_customer()),
      site(sale.site()) {
  Read(sale, 1, this);
}

Fact::Fact(const inventory::v1::Invoice& invoice)
    : name(invoice.name()), order_date(verify::Text(invoice.invoice_date())), date(order_date) {}

Fact::Fact(const conflict::v1::DealRegistration& deal)
    : name(deal.name()),
      partner(deal.name().substr(0, deal.name().find("/deals/"))),
      quantity(verify::Unit()),
      amount(Billionths(deal.value())),
      currency(deal.value().currency_code()),
      order_date(verify::Text(deal.win_date())),
      date(order_date) {}

std::optional<verify::Integer> Fact::Amount(Program::AmountOf of) const {
  if (of != Program::GROSS && of != Program::GROSS_OF_WALLET) return amount;
  const std::optional<verify::Integer>& more = of == Program::GROSS ? discount : wallet;
  if (!amount.has_value() || !more.has_value()) return std::nullopt;
  return verify::Integer(*amount + *more);
}

std::string Fact::CountedAs(Program::Count::Of of) const {
  switch (of) {
    case Program::Count::ORDER:
      return order.empty() ? document : order;
    case Program::Count::CUSTOMER:
      return customer;
    case Program::Count::PRODUCT:
      return product;
    case Program::Count::SITE:
      return site.empty() ? "main" : site.substr(site.rfind('/') + 1);
    default:
      return "";
  }
}

bool Fact::CountsOn(Program::Basis basis) const {
  const std::string_view collection = CollectionOf(name);
  switch (basis) {
    case Program::ORDER:
    case Program::SELL_IN:
      return collection == "shipments";
    case Program::INVOICED:
      return collection == "invoices" || collection == "creditNotes";
    case Program::SELL_THROUGH:
      return collection == "sales" && !adjusts_stock;
    case Program::WON_DEAL:
      return collection == "deals";
    default:
      return false;
  }
}

}  // namespace tributary::cli
