#include "incentive-service/channel_facts/channel_fact_proto.h"

#include <map>
#include <string_view>
#include <utility>

#include "common/ids/resource_name.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "common/wire/wire.h"
#include "tributary/inventory/v1/ledger.pb.h"
#include "tributary/inventory/v1/on_hand_report.pb.h"
#include "tributary/inventory/v1/product.pb.h"
#include "tributary/inventory/v1/receipt.pb.h"
#include "tributary/inventory/v1/return_authorization.pb.h"
#include "tributary/inventory/v1/sell_through_sale.pb.h"
#include "tributary/inventory/v1/shipment.pb.h"
#include "tributary/inventory/v1/stock_movement.pb.h"

namespace tributary::incentive {
namespace {

namespace feed = tributary::inventory::v1;
using google::protobuf::RepeatedPtrField;
using Facts = absl::StatusOr<std::vector<ChannelFact>>;

// "partners/p1/sales/S.1" -> "sales/S.1"; what is no partner's stays.
std::string WithoutPartner(std::string_view name) {
  if (name.substr(0, 9) != "partners/") return std::string(name);
  const size_t slash = name.find('/', 9);
  return slash == std::string_view::npos ? std::string() : std::string(name.substr(slash + 1));
}

// What all facts have.
absl::StatusOr<ChannelFact> Begin(std::string_view name, std::string_view product, const google::type::Date& date,
                                  const google::type::Decimal& quantity, std::string_view reverses) {
  ChannelFact fact;
  fact.partner = PartnerOf(name);
  if (fact.partner.empty()) return InvalidField("name", name, "a name that begins with partners/{partner}/");
  fact.fact = WithoutPartner(name);
  fact.product = std::string(product);
  fact.reverses = WithoutPartner(reverses);
  auto day = wire::FromProto(date);
  if (!day.ok()) return AtField(day.status(), "date");
  fact.date = *day;
  auto units = wire::FromProto(quantity);
  if (!units.ok()) return AtField(units.status(), "quantity");
  fact.quantity = *units;
  return fact;
}

// Whether units are told as they count, or the other way: what a return brings back is told below 0.
enum class Told { kAsItCounts, kTheOtherWay };

// The parts that moved in the place of `kits`, each in a fact of its own that is else as theirs.
absl::Status AddParts(const ChannelFact& kits, const RepeatedPtrField<feed::KitPart>& parts, Told told,
                      std::vector<ChannelFact>* facts) {
  for (const feed::KitPart& part : parts) {
    ChannelFact fact = kits;
    fact.product = part.product();
    fact.fact = PartOf(kits.fact, fact.product);
    if (!kits.reverses.empty()) fact.reverses = PartOf(kits.reverses, fact.product);
    if (kits.kind == ChannelFactKind::kPartSale && !kits.refers.empty()) {
      fact.refers = PartOf(kits.refers, fact.product);
    }
    auto units = wire::FromProto(part.quantity());
    if (!units.ok()) return AtField(units.status(), "kit_parts.quantity");
    fact.quantity = told == Told::kTheOtherWay ? -*units : *units;
    facts->push_back(std::move(fact));
  }
  return absl::OkStatus();
}

// Only that it is awaited, or of kits and what their parts are: the rest of the line is known from facts/. Its reversal
// takes this back, too.
Facts Read(const feed::ShipmentLine& line) {
  std::vector<ChannelFact> facts;
  if (!line.awaits_receipt() && line.kit_parts().empty()) return facts;
  google::type::Decimal none;
  none.set_value("0");
  ASSIGN_OR_RETURN(ChannelFact fact, Begin(line.name(), line.product(), line.ship_date(), none, line.reverses()));
  fact.refers = LineWithoutGeneration(fact.fact);
  fact.kind = line.kit_parts().empty() ? ChannelFactKind::kAwaited : ChannelFactKind::kKitLine;
  facts.push_back(fact);
  if (!line.original_line().empty()) {
    fact.kind = ChannelFactKind::kReturn;
    fact.refers = LineWithoutGeneration(WithoutPartner(line.original_line()));
  } else {
    fact.kind = line.awaits_receipt() ? ChannelFactKind::kPartAwaited : ChannelFactKind::kPartShipped;
  }
  const Told told = line.original_line().empty() ? Told::kAsItCounts : Told::kTheOtherWay;
  RETURN_IF_ERROR(AddParts(fact, line.kit_parts(), told, &facts));
  return facts;
}

Facts Read(const feed::ReceiptLine& line) {
  std::vector<ChannelFact> facts;
  ASSIGN_OR_RETURN(ChannelFact fact,
                   Begin(line.name(), line.product(), line.receive_date(), line.quantity(), line.reverses()));
  fact.kind = line.lost() ? ChannelFactKind::kLoss : ChannelFactKind::kReceipt;
  fact.refers = LineWithoutGeneration(WithoutPartner(line.shipment_line()));
  RETURN_IF_ERROR(AddParts(fact, line.kit_parts(), Told::kAsItCounts, &facts));
  if (facts.empty()) facts.push_back(std::move(fact));
  return facts;
}

// What a partner wrote off or found is a movement that nobody bought.
Facts Read(const feed::SellThroughSale& sale) {
  std::vector<ChannelFact> facts;
  ASSIGN_OR_RETURN(ChannelFact fact,
                   Begin(sale.name(), sale.product(), sale.sale_date(), sale.quantity(), sale.reverses()));
  const bool of_kits = !sale.kit_parts().empty();
  if (sale.activity() == feed::SellThroughSale::ADJUSTMENT) {
    fact.kind = ChannelFactKind::kMovement;
    fact.quantity = -fact.quantity;
    RETURN_IF_ERROR(AddParts(fact, sale.kit_parts(), Told::kTheOtherWay, &facts));
    if (!of_kits) facts.push_back(std::move(fact));
    return facts;
  }
  fact.refers = WithoutPartner(sale.original_sale());
  fact.kind = ChannelFactKind::kPartSale;
  RETURN_IF_ERROR(AddParts(fact, sale.kit_parts(), Told::kAsItCounts, &facts));
  fact.kind = of_kits ? ChannelFactKind::kKitSale : ChannelFactKind::kSale;
  fact.customer = sale.end_customer();
  facts.push_back(std::move(fact));
  return facts;
}

// A kit that lies there is its parts, beside what is told of them.
Facts Read(const feed::OnHandReport& report) {
  std::vector<ChannelFact> facts;
  ASSIGN_OR_RETURN(ChannelFact fact,
                   Begin(report.name(), report.product(), report.date(), report.quantity(), report.reverses()));
  const bool at_opening = report.boundary() == feed::OnHandReport::BEFORE_OPENING;
  fact.kind = at_opening ? ChannelFactKind::kOnHandInKitsAtOpening : ChannelFactKind::kOnHandInKits;
  RETURN_IF_ERROR(AddParts(fact, report.kit_parts(), Told::kAsItCounts, &facts));
  fact.kind = at_opening ? ChannelFactKind::kOnHandAtOpening : ChannelFactKind::kOnHand;
  if (report.kit_parts().empty()) facts.push_back(std::move(fact));
  return facts;
}

// Once the units have left the partner.
Facts Read(const feed::ReturnAuthorization& authorization) {
  std::vector<ChannelFact> facts;
  if (authorization.state() != feed::ReturnAuthorization::RECEIVED) return facts;
  for (int i = 0; i < authorization.lines_size(); ++i) {
    const feed::ReturnLine& line = authorization.lines(i);
    ASSIGN_OR_RETURN(ChannelFact fact, Begin(StrCat(authorization.name(), "/lines/", i + 1), line.product(),
                                             authorization.receive_date(), line.quantity(), ""));
    fact.kind = ChannelFactKind::kReturn;
    fact.refers = LineWithoutGeneration(WithoutPartner(line.original_line()));
    RETURN_IF_ERROR(AddParts(fact, line.kit_parts(), Told::kAsItCounts, &facts));
    if (line.kit_parts().empty()) facts.push_back(std::move(fact));
  }
  return facts;
}

bool IsSite(std::string_view place) { return place.substr(0, 9) == "partners/"; }
// What is on its way does not lie there, and what is lost on it never comes.
bool IsStock(std::string_view place) { return IsSite(place) && !place.ends_with("/in_transit"); }
// The partner that has what lies there; empty where nobody has.
std::string_view StockOf(std::string_view place) { return IsStock(place) ? PartnerOf(place) : std::string_view(); }

// Where it leaves a partner's stock or comes into it; between two partners both. What may be claimed is told apart.
Facts Read(const feed::StockMovement& movement) {
  std::vector<ChannelFact> facts;
  const std::string& from = movement.from_location();
  const std::string& to = movement.to_location();
  if (StockOf(from) == StockOf(to)) return facts;
  ASSIGN_OR_RETURN(ChannelFact fact, Begin(movement.name(), movement.product(), movement.effective_date(),
                                           movement.quantity(), movement.reverses()));
  fact.kind = ChannelFactKind::kMovement;
  if (IsStock(to)) {
    ChannelFact came = fact;
    came.quantity = -fact.quantity;
    if (PartnerOf(to) != fact.partner) {
      came.partner = PartnerOf(to);
      came.fact = movement.name();
      came.reverses = movement.reverses();
    }
    RETURN_IF_ERROR(AddParts(came, movement.kit_parts(), Told::kTheOtherWay, &facts));
    if (movement.kit_parts().empty()) facts.push_back(std::move(came));
  }
  if (IsStock(from)) {
    if (to == "vendor" || to == "scrap") {
      fact.kind = to == "scrap" ? ChannelFactKind::kScrap : ChannelFactKind::kRotation;
      fact.refers = MovementWithoutGeneration(fact.fact);
    }
    RETURN_IF_ERROR(AddParts(fact, movement.kit_parts(), Told::kAsItCounts, &facts));
    if (movement.kit_parts().empty()) facts.push_back(std::move(fact));
  }
  return facts;
}

// What crossed the partner's boundary by what a command moved and no other fact tells: counts and their corrections.
Facts Read(const feed::StockPosting& posting) {
  std::vector<ChannelFact> facts;
  const std::string cause = WithoutPartner(posting.cause());
  for (const std::string_view told : {"shipments/", "receipts/", "returns/", "sales/", "movements/"}) {
    if (cause.substr(0, told.size()) == told) return facts;
  }
  const std::string& from = posting.from_location();
  const std::string& to = posting.to_location();
  if (IsSite(from) == IsSite(to) || !(IsStock(from) || IsStock(to))) return facts;
  ASSIGN_OR_RETURN(ChannelFact fact,
                   Begin(posting.name(), posting.product(), posting.effective_date(), posting.quantity(), ""));
  fact.kind = ChannelFactKind::kMovement;
  if (IsSite(to)) fact.quantity = -fact.quantity;
  facts.push_back(std::move(fact));
  return facts;
}

// Most lines of shipments await nothing and are of no kit. They are told by their bytes, and not parsed again: a field
// that is not set is not in them.
bool MayTellMore(std::string_view line) {
  static_assert(feed::ShipmentLine::kAwaitsReceiptFieldNumber == 22);
  static_assert(feed::ShipmentLine::kKitPartsFieldNumber == 26);
  return line.find("\xb0\x01\x01") != std::string_view::npos ||  // field 22, a varint, 1
         line.find("\xd2\x01") != std::string_view::npos;        // field 26, a message
}

template <typename Message>
Facts Parse(const events::Event& event) {
  Message message;
  if (!message.ParseFromString(event.payload)) {
    return Error(Reason::kMalformedRequest, StrCat(event.name, ": got bytes that are no ", event.type));
  }
  return Read(message);
}

template <typename Message>
std::pair<const std::string, Facts (*)(const events::Event&)> Parser() {
  return {Message::descriptor()->full_name(), &Parse<Message>};
}

}  // namespace

const std::vector<std::string>& ChannelFactTypes() {
  static const auto& types = *new std::vector<std::string>{
      feed::ReceiptLine::descriptor()->full_name(),   feed::SellThroughSale::descriptor()->full_name(),
      feed::OnHandReport::descriptor()->full_name(),  feed::ReturnAuthorization::descriptor()->full_name(),
      feed::StockMovement::descriptor()->full_name(), feed::StockPosting::descriptor()->full_name()};
  return types;
}

absl::StatusOr<std::vector<ChannelFact>> ChannelFactsOf(const events::Event& event) {
  static const auto& parsers = *new std::map<std::string, Facts (*)(const events::Event&)>{
      Parser<feed::ShipmentLine>(), Parser<feed::ReceiptLine>(),         Parser<feed::SellThroughSale>(),
      Parser<feed::OnHandReport>(), Parser<feed::ReturnAuthorization>(), Parser<feed::StockMovement>(),
      Parser<feed::StockPosting>()};
  const auto parser = parsers.find(event.type);
  if (parser == parsers.end()) return std::vector<ChannelFact>();
  if (event.type == feed::ShipmentLine::descriptor()->full_name() && !MayTellMore(event.payload)) {
    return std::vector<ChannelFact>();
  }
  return parser->second(event);
}

}  // namespace tributary::incentive
