#include "inventory-service/orders/order_proto.h"

#include <algorithm>
#include <string>
#include <utility>

#include "common/paging/etag.h"
#include "common/text/text.h"
#include "common/wire/field_reader.h"
#include "common/wire/wire.h"
#include "inventory-service/facts/fact.h"
#include "inventory-service/ledger/posting.h"
#include "inventory-service/sites/site.h"
#include "inventory-service/units/line_quantity_proto.h"

namespace tributary::inventory {
namespace {

Decimal Of(const std::map<int, Decimal>& by_line, int line) {
  const auto found = by_line.find(line);
  return found == by_line.end() ? Decimal() : found->second;
}

OrderLine ReadLine(const v1::OrderLine& line, const std::string& at, std::string* currency, FieldReader& fields) {
  OrderLine out;
  out.line = line.line();
  out.product = fields.Id(at + ".product", line.product(), "products/{product}");
  LineQuantity quantity = TakeLineQuantity(line, fields, at + ".");
  out.quantity = quantity.quantity;
  out.unit = std::move(quantity.unit);
  out.unit_quantity = quantity.unit_quantity;
  out.free_of_charge = line.free_of_charge();
  const auto amount = [&](const char* field, const google::type::Money& stated) {
    const Money money = fields.Take(StrCat(at, ".", field), wire::FromProto(stated));
    if (currency->empty()) *currency = money.currency;
    if (money.currency != *currency) {
      fields.Refuse(StrCat(at, ".", field, ".currency_code"), money.currency,
                    StrCat(*currency, ", the currency of the order's other amounts"));
    }
    return money.amount;
  };
  out.gross_amount = amount("gross_amount", line.gross_amount());
  out.net_amount = amount("net_amount", line.net_amount());
  out.list_price = amount("list_price", line.list_price());
  if (line.has_tax_amount()) out.tax_amount = amount("tax_amount", line.tax_amount());
  if (line.has_discount()) out.discount = amount("discount", line.discount());
  return out;
}

}  // namespace

v1::DistributorOrder ToProto(const Order& order, const OrderProgress& progress) {
  const auto money = [&](Decimal amount) { return wire::ToProto(Money{order.currency, amount}); };
  v1::DistributorOrder out;
  out.set_name(order.name());
  out.set_uid(order.uid.ToString());
  out.set_etag(EtagOf(order.version));
  *out.mutable_create_time() = wire::ToProto(order.create_time);
  *out.mutable_update_time() = wire::ToProto(order.update_time);
  out.set_state(static_cast<v1::DistributorOrder::State>(order.state));
  out.set_fulfillment(static_cast<v1::DistributorOrder::Fulfillment>(FulfillmentOf(order, progress)));
  *out.mutable_order_date() = wire::ToProto(order.order_date);
  *out.mutable_requested_date() = wire::ToProto(order.requested_date);
  Decimal gross, billed, wallet;
  for (const OrderLine& line : order.lines) {
    v1::OrderLine& told = *out.add_lines();
    told.set_line(line.line);
    told.set_product(ProductName(line.product));
    *told.mutable_quantity() = wire::ToProto(line.quantity);
    PutUnit(line.unit, line.unit_quantity, &told);
    told.set_free_of_charge(line.free_of_charge);
    *told.mutable_list_price() = money(line.list_price);
    *told.mutable_discount() = money(line.discount);
    *told.mutable_net_amount() = money(line.net_amount);
    *told.mutable_tax_amount() = money(line.tax_amount);
    *told.mutable_gross_amount() = money(line.gross_amount);
    *told.mutable_confirmed() = wire::ToProto(line.confirmed);
    *told.mutable_shipped() = wire::ToProto(Of(progress.shipped, line.line));
    *told.mutable_invoiced() = wire::ToProto(Of(progress.invoiced, line.line));
    *told.mutable_received() = wire::ToProto(Of(progress.received, line.line));
    *told.mutable_lost() = wire::ToProto(Of(progress.lost, line.line));
    if (!order.wallet_hold.empty()) *told.mutable_wallet_amount() = money(line.wallet_amount);
    *told.mutable_billed_net_amount() = money(line.billed_net());
    *told.mutable_billed_gross_amount() = money(line.billed_gross());
    gross += line.gross_amount;
    billed += line.billed_gross();
    wallet += line.wallet_amount;
  }
  out.set_route(order.route);
  out.set_end_customer(order.end_customer);
  out.set_deal(order.deal);
  out.set_site(SiteName(order.partner, order.site));
  for (const OrderCheck& check : order.checks) {
    v1::OrderCheck& told = *out.add_checks();
    told.set_kind(static_cast<v1::OrderCheck::Kind>(check.kind));
    told.set_outcome(static_cast<v1::OrderCheck::Outcome>(check.outcome));
    told.set_line(check.line);
    const bool known = check.kind != CheckKind::kWallet || !check.got.zero();
    if (check.kind != CheckKind::kTerritory && known) {
      *told.mutable_got() = wire::ToProto(check.got);
      *told.mutable_limit() = wire::ToProto(check.bound);
    }
    told.set_why(check.why);
    told.set_resource(check.resource);
  }
  if (order.place_time.has_value()) *out.mutable_place_time() = wire::ToProto(*order.place_time);
  if (order.response_time.has_value()) *out.mutable_response_time() = wire::ToProto(*order.response_time);
  *out.mutable_gross_amount() = money(gross);
  *out.mutable_billed_gross_amount() = money(billed);
  if (!order.wallet_hold.empty()) {
    out.set_wallet_hold(order.wallet_hold);
    if (order.wallet_use.has_value()) {
      out.set_wallet_use(static_cast<v1::DistributorOrder::WalletUse>(*order.wallet_use));
    }
    *out.mutable_wallet_amount() = money(wallet);
    *out.mutable_wallet_used_amount() = money(WalletUsed(order, progress));
  }
  *out.mutable_open_amount() = money(OpenAmount(order, progress));
  return out;
}

v1::FillRate ToProto(const FillRate& rate) {
  v1::FillRate out;
  out.set_orders(rate.orders);
  out.set_answered_orders(rate.answered);
  *out.mutable_ordered_units() = wire::ToProto(rate.ordered);
  *out.mutable_confirmed_units() = wire::ToProto(rate.confirmed);
  *out.mutable_shipped_units() = wire::ToProto(rate.shipped);
  if (!rate.ordered.zero()) *out.mutable_fill_rate() = wire::ToProto(RateOf(rate.shipped, rate.ordered));
  out.set_mean_response_seconds(rate.mean_response_seconds);
  return out;
}

absl::StatusOr<StatedLines> FromProto(const google::protobuf::RepeatedPtrField<v1::OrderLine>& lines) {
  FieldReader fields;
  StatedLines out;
  for (int i = 0; i < lines.size(); ++i) {
    out.lines.push_back(ReadLine(lines[i], StrCat("[", i, "]"), &out.currency, fields));
  }
  RETURN_IF_ERROR(fields.status());
  return out;
}

absl::StatusOr<Order> FromProto(const v1::DistributorOrder& order, std::string_view partner) {
  FieldReader fields;
  Order out;
  out.partner = std::string(partner);
  out.order_date = fields.Take("order_date", wire::FromProto(order.order_date()));
  out.requested_date = fields.Take("requested_date", wire::FromProto(order.requested_date()));
  for (int i = 0; i < order.lines_size(); ++i) {
    out.lines.push_back(ReadLine(order.lines(i), StrCat("lines[", i, "]"), &out.currency, fields));
  }
  out.route = order.route();
  out.end_customer = order.end_customer();
  if (out.end_customer.find_first_of("\r\n\t") != std::string::npos) {
    fields.Refuse("end_customer", out.end_customer, "one line of text");
  }
  out.site = fields.OwnId("site", order.site(), partner, "sites");
  if (out.site.empty()) out.site = kMainSite;
  out.deal = order.deal();
  if (!out.deal.empty()) {
    const auto ids = ParseResourceName(out.deal, "partners/{partner}/deals/{deal}");
    if (!ids.ok() || ids->at(0) != partner) {
      fields.Refuse("deal", out.deal, StrCat(PartnerName(partner), "/deals/{deal}"));
    }
  }
  out.wallet_hold = order.wallet_hold();
  if (!out.wallet_hold.empty()) {
    const auto ids = ParseResourceName(out.wallet_hold, kWalletHoldPattern);
    if (ids.ok() && ids->at(0) != partner) {
      return Error(Reason::kPermissionDenied, StrCat("wallet_hold: got ", out.wallet_hold, ", want a hold of ",
                                                     PartnerName(partner), ", whose order it is"));
    }
    if (!ids.ok()) {
      fields.Refuse("wallet_hold", out.wallet_hold, StrCat(PartnerName(partner), "/wallets/{wallet}/holds/{hold}"));
    }
  }
  if (order.wallet_use() != v1::DistributorOrder::WALLET_USE_UNSPECIFIED) {
    out.wallet_use = static_cast<WalletUse>(order.wallet_use());
    if (out.wallet_hold.empty()) {
      fields.Refuse("wallet_use", NameOf(*out.wallet_use), "none, as no wallet_hold is named");
    }
  }
  RETURN_IF_ERROR(fields.status());
  RETURN_IF_ERROR(CheckContent(out));
  std::sort(out.lines.begin(), out.lines.end(), [](const OrderLine& a, const OrderLine& b) { return a.line < b.line; });
  return out;
}

absl::StatusOr<std::vector<ConfirmPart>> FromProto(const google::protobuf::RepeatedPtrField<v1::OrderPart>& parts) {
  FieldReader fields;
  std::vector<ConfirmPart> out;
  for (int i = 0; i < parts.size(); ++i) {
    const std::string at = StrCat("parts[", i, "]");
    ConfirmPart part{.line = parts[i].line()};
    part.quantity = fields.Take(at + ".quantity", wire::FromProto(parts[i].quantity()));
    if (parts[i].has_promised_date()) {
      part.date = fields.Take(at + ".promised_date", wire::FromProto(parts[i].promised_date()));
    }
    out.push_back(part);
  }
  RETURN_IF_ERROR(fields.status());
  return out;
}

}  // namespace tributary::inventory
