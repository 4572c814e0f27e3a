#include "incentive-service/facts/fact_proto.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "common/events/payload.h"
#include "common/ids/resource_name.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "common/wire/wire.h"
#include "tributary/inventory/v1/payment.pb.h"

namespace tributary::incentive {
namespace {

// "partners/p1/shipments/SO1/lines/1" of partner p1 -> "shipments/SO1/lines/1".
absl::StatusOr<std::string> WithoutPartner(std::string_view name, std::string_view partner, std::string_view field) {
  const std::string prefix = StrCat("partners/", partner, "/");
  if (name.substr(0, prefix.size()) != prefix || name.size() == prefix.size()) {
    return InvalidField(field, name, StrCat("a name that begins with ", prefix));
  }
  return std::string(name.substr(prefix.size()));
}

template <typename Message>
auto Read(const Message& message, std::string_view field) -> decltype(wire::FromProto(message)) {
  auto value = wire::FromProto(message);
  if (!value.ok()) return AtField(value.status(), field);
  return value;
}

// What it refers to: what it takes back, else what it returns, if anything.
template <typename Message>
absl::Status ReadReference(const Message& message, std::string_view original, std::string_view original_field,
                           FactLine* line) {
  if (!message.reverses().empty()) {
    line->kind = FactKind::kReversal;
    ASSIGN_OR_RETURN(line->refers, WithoutPartner(message.reverses(), line->partner, "reverses"));
  } else if (!original.empty()) {
    line->kind = FactKind::kReturn;
    ASSIGN_OR_RETURN(line->refers, WithoutPartner(original, line->partner, original_field));
  }
  return absl::OkStatus();
}

// What all lines state alike. `partner`: partners/{partner}, as `field` has it.
template <typename Message>
absl::StatusOr<FactLine> ReadLine(const Message& message, std::string_view partner, std::string_view field,
                                  FactSource source, events::Cursor cursor, absl::Time recorded_at) {
  FactLine line;
  line.partner = PartnerOf(partner);
  if (line.partner.empty()) return InvalidField(field, partner, "a name that begins with partners/{partner}");
  ASSIGN_OR_RETURN(line.fact, WithoutPartner(message.name(), line.partner, "name"));
  line.source = source;
  line.shard = cursor.shard;
  line.seq = cursor.seq;
  line.recorded_at = recorded_at;
  line.document = message.document();
  line.line = message.line();
  line.product = message.product();
  line.product_line = message.product_line();
  ASSIGN_OR_RETURN(line.quantity, Read(message.quantity(), "quantity"));
  return line;
}

template <typename Message>
absl::Status ReadNetAmount(const Message& message, FactLine* line) {
  ASSIGN_OR_RETURN(Money net, Read(message.net_amount(), "net_amount"));
  line->net = net.amount;
  line->currency = std::move(net.currency);
  return absl::OkStatus();
}

absl::Status ReadDate(const google::type::Date& message, std::string_view field, FactLine* line) {
  ASSIGN_OR_RETURN(line->order_date, Read(message, field));
  line->ship_date = line->order_basis = line->ship_basis = line->order_date;
  return absl::OkStatus();
}

// "partners/p1/sites/north" -> "north"; `main` is what is named by nothing, too.
std::string SiteOf(std::string_view name) {
  const std::string_view site = name.substr(name.rfind('/') + 1);
  return site == "main" ? std::string() : std::string(site);
}

template <typename Message>
absl::StatusOr<std::optional<FactLine>> Parsed(const events::Event& event) {
  ASSIGN_OR_RETURN(const Message message, events::PayloadOf<Message>(event));
  ASSIGN_OR_RETURN(FactLine line, FromProto(message, event.cursor, event.recorded_at));
  return std::optional(std::move(line));
}

// A deal is told with each of its moves; to be won is the last of them.
absl::StatusOr<std::optional<FactLine>> WonDeal(const events::Event& event) {
  using tributary::conflict::v1::DealRegistration;
  ASSIGN_OR_RETURN(const DealRegistration deal, events::PayloadOf<DealRegistration>(event));
  if (deal.state() != DealRegistration::WON) return std::nullopt;
  ASSIGN_OR_RETURN(FactLine line, FromProto(deal, event.cursor, event.recorded_at));
  return std::optional(std::move(line));
}

}  // namespace

absl::StatusOr<FactLine> FromProto(const tributary::inventory::v1::ShipmentLine& message, events::Cursor cursor,
                                   absl::Time recorded_at) {
  ASSIGN_OR_RETURN(FactLine line,
                   ReadLine(message, message.partner(), "partner", FactSource::kShipment, cursor, recorded_at));
  RETURN_IF_ERROR(ReadReference(message, message.original_line(), "original_line", &line));
  line.parties = {message.order(), "", SiteOf(message.site())};
  ASSIGN_OR_RETURN(line.order_date, Read(message.order_date(), "order_date"));
  ASSIGN_OR_RETURN(line.ship_date, Read(message.ship_date(), "ship_date"));
  line.order_basis = line.order_date;
  line.ship_basis = line.ship_date;
  RETURN_IF_ERROR(ReadNetAmount(message, &line));
  if (message.has_discount()) {
    ASSIGN_OR_RETURN(const Money discount, Read(message.discount(), "discount"));
    line.discount = discount.amount;
  }
  if (message.has_wallet_amount()) {
    ASSIGN_OR_RETURN(const Money wallet, Read(message.wallet_amount(), "wallet_amount"));
    line.wallet = wallet.amount;
  }
  return line;
}

absl::StatusOr<FactLine> FromProto(const tributary::inventory::v1::InvoiceLine& message, events::Cursor cursor,
                                   absl::Time recorded_at) {
  ASSIGN_OR_RETURN(FactLine line,
                   ReadLine(message, message.partner(), "partner", FactSource::kInvoice, cursor, recorded_at));
  RETURN_IF_ERROR(ReadReference(message, "", "", &line));
  line.parties.order = message.order();
  RETURN_IF_ERROR(ReadDate(message.invoice_date(), "invoice_date", &line));
  RETURN_IF_ERROR(ReadNetAmount(message, &line));
  return line;
}

absl::StatusOr<FactLine> FromProto(const tributary::inventory::v1::CreditNoteLine& message, events::Cursor cursor,
                                   absl::Time recorded_at) {
  ASSIGN_OR_RETURN(FactLine line,
                   ReadLine(message, message.partner(), "partner", FactSource::kInvoice, cursor, recorded_at));
  RETURN_IF_ERROR(ReadReference(message, message.original_invoice(), "original_invoice", &line));
  RETURN_IF_ERROR(ReadDate(message.credit_date(), "credit_date", &line));
  RETURN_IF_ERROR(ReadNetAmount(message, &line));
  line.quantity = -line.quantity;
  line.net = -line.net;
  return line;
}

absl::StatusOr<FactLine> FromProto(const tributary::inventory::v1::SellThroughSale& message, events::Cursor cursor,
                                   absl::Time recorded_at) {
  ASSIGN_OR_RETURN(FactLine line,
                   ReadLine(message, message.name(), "name", FactSource::kSellThrough, cursor, recorded_at));
  RETURN_IF_ERROR(ReadReference(message, message.original_sale(), "original_sale", &line));
  RETURN_IF_ERROR(ReadDate(message.sale_date(), "sale_date", &line));
  line.parties = {"", message.end_customer(), SiteOf(message.site())};
  if (message.has_net_amount()) RETURN_IF_ERROR(ReadNetAmount(message, &line));
  const bool adjusts = message.activity() == tributary::inventory::v1::SellThroughSale::ADJUSTMENT;
  if (adjusts && line.kind != FactKind::kReversal) line.kind = FactKind::kAdjustment;
  return line;
}

absl::StatusOr<FactLine> FromProto(const tributary::conflict::v1::DealRegistration& message, events::Cursor cursor,
                                   absl::Time recorded_at) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(message.name(), "partners/{partner}/deals/{deal}"));
  FactLine line;
  line.partner = ids[0];
  line.fact = StrCat("deals/", ids[1]);
  line.source = FactSource::kDeal;
  line.shard = kDealShards + cursor.shard;
  line.seq = cursor.seq;
  line.recorded_at = recorded_at;
  line.document = ids[1];
  line.line = 1;
  line.quantity = Decimal::FromInt(1);
  RETURN_IF_ERROR(ReadDate(message.win_date(), "win_date", &line));
  if (!message.has_value()) return line;
  ASSIGN_OR_RETURN(Money value, Read(message.value(), "value"));
  line.net = value.amount;
  line.currency = std::move(value.currency);
  return line;
}

absl::StatusOr<std::optional<FactLine>> FactOf(const events::Event& event) {
  if (event.type == kShipmentLineType) return Parsed<tributary::inventory::v1::ShipmentLine>(event);
  if (event.type == kInvoiceLineType) return Parsed<tributary::inventory::v1::InvoiceLine>(event);
  if (event.type == kCreditNoteLineType) return Parsed<tributary::inventory::v1::CreditNoteLine>(event);
  if (event.type == kSellThroughSaleType) return Parsed<tributary::inventory::v1::SellThroughSale>(event);
  if (event.type == kDealType) return WonDeal(event);
  return std::nullopt;
}

absl::StatusOr<std::optional<ToldPayment>> PaymentOf(const events::Event& event) {
  if (event.type != kPaymentType) return std::nullopt;
  ASSIGN_OR_RETURN(const auto message, events::PayloadOf<tributary::inventory::v1::Payment>(event));
  if (!message.reversed_by().empty()) return std::nullopt;
  constexpr std::string_view kName = "partners/{partner}/payments/{payment}";
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(message.name(), kName));
  ToldPayment payment{
      .partner = ids[0], .payment = ids[1], .shard = event.cursor.shard, .told = {event.cursor.seq, event.recorded_at}};
  if (!message.reverses().empty()) {
    ASSIGN_OR_RETURN(const std::vector<std::string> bounced, ParseResourceName(message.reverses(), kName, "reverses"));
    payment.reverses = bounced[1];
    return std::optional(std::move(payment));
  }
  for (const tributary::inventory::v1::Allocation& allocation : message.allocations()) {
    PaidPart part;
    ASSIGN_OR_RETURN(part.invoice_date, Read(allocation.invoice_date(), "allocations.invoice_date"));
    ASSIGN_OR_RETURN(part.amount, Read(allocation.amount(), "allocations.amount"));
    part.paid_on = part.invoice_date.AddDays(allocation.days_to_pay());
    payment.parts.push_back(std::move(part));
  }
  return std::optional(std::move(payment));
}

void WatermarkToProto(const Watermark& watermark,
                      google::protobuf::RepeatedPtrField<tributary::events::v1::Cursor>* cursors) {
  for (size_t shard = 0; shard < watermark.size(); ++shard) {
    if (watermark[shard] == 0) continue;
    tributary::events::v1::Cursor* cursor = cursors->Add();
    cursor->set_shard(static_cast<int32_t>(shard));
    cursor->set_seq(watermark[shard]);
  }
}

void WatermarkToProto(const Watermark& watermark,
                      google::protobuf::RepeatedPtrField<tributary::events::v1::Cursor>* inventory,
                      google::protobuf::RepeatedPtrField<tributary::events::v1::Cursor>* deals) {
  const auto first_deal = watermark.begin() + std::min<std::ptrdiff_t>(kDealShards, std::ssize(watermark));
  WatermarkToProto(Watermark(watermark.begin(), first_deal), inventory);
  WatermarkToProto(Watermark(first_deal, watermark.end()), deals);
}

}  // namespace tributary::incentive
