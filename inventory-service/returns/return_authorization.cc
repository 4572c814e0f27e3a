#include "inventory-service/returns/return_authorization.h"

#include <utility>

#include "common/text/text.h"
#include "inventory-service/facts/fact.h"

namespace tributary::inventory {
namespace {

absl::StatusOr<ReturnAuthorization> Step(ReturnAuthorization authorization, std::string_view verb, ReturnState from,
                                         ReturnState to, absl::Time now) {
  if (authorization.state != from) {
    return WrongState(authorization.name(), verb, NameOf(authorization.state), NameOf(from));
  }
  authorization.state = to;
  ++authorization.version;
  authorization.update_time = now;
  return authorization;
}

}  // namespace

std::string_view NameOf(ReturnState state) {
  switch (state) {
    case ReturnState::kRequested:
      return "REQUESTED";
    case ReturnState::kApproved:
      return "APPROVED";
    case ReturnState::kReceived:
      return "RECEIVED";
    case ReturnState::kRejected:
      return "REJECTED";
  }
  return {};
}

std::string ReturnAuthorization::name() const { return StrCat(PartnerName(partner), "/returns/", id); }

absl::Status CheckReturnable(const std::vector<ReturnLine>& lines,
                             const std::map<ShipmentKey, Returnable>& returnable) {
  std::map<ShipmentKey, Decimal> asked;
  for (size_t i = 0; i < lines.size(); ++i) {
    const ReturnLine& line = lines[i];
    const std::string field = StrCat("return_authorization.lines[", i, "]");
    const auto original = returnable.find({line.document, line.line});
    if (original == returnable.end()) {
      return Error(Reason::kReferenceNotFound, StrCat(field, ".original_line: got line ", line.line, " of shipment ",
                                                      line.document, ", want a line that was shipped to the partner"));
    }
    if (original->second.product != line.product) {
      return Error(Reason::kReferenceNotFound, StrCat(field, ".product: got ", ProductName(line.product), ", want ",
                                                      ProductName(original->second.product), ", which was shipped"));
    }
    Decimal& total = asked[{line.document, line.line}];
    total += line.quantity;
    const Decimal left = original->second.shipped - original->second.claimed;
    if (left < total) {
      return Error(Reason::kOverReturned,
                   StrCat(field, ".quantity: got ", total.ToString(), " in all, want at most ", left.ToString(),
                          ": shipped were ", original->second.shipped.ToString(), ", and ",
                          original->second.claimed.ToString(), " go back already"),
                   {{"left", left.ToString()}, {"asked", total.ToString()}});
    }
  }
  return absl::OkStatus();
}

absl::Status TakeParts(const std::map<ShipmentKey, Returnable>& returnable, std::vector<ReturnLine>* lines) {
  constexpr std::string_view kWantNone = "none, as the product is a kit: send its parts back by it";
  for (size_t i = 0; i < lines->size(); ++i) {
    ReturnLine& line = (*lines)[i];
    const std::string field = StrCat("return_authorization.lines[", i, "]");
    const Returnable& original = returnable.at({line.document, line.line});
    line.posted = original.posted;
    if (original.parts.empty()) continue;
    if (!line.lot.empty()) return InvalidField(StrCat(field, ".lot"), line.lot, kWantNone);
    if (!line.serials.empty()) return InvalidField(StrCat(field, ".serials"), line.serials.front(), kWantNone);
    auto parts = PartsInProportion(original.parts, original.quantity, line.quantity);
    if (!parts.ok()) {
      return Error(ReasonOf(parts.status()),
                   StrCat(field, ".quantity: got ", line.quantity.ToString(),
                          ", want a number of kits of which each part is a quantity: ", Std(parts.status().message())));
    }
    line.parts = *std::move(parts);
  }
  return absl::OkStatus();
}

absl::StatusOr<ReturnAuthorization> Approve(ReturnAuthorization authorization, absl::Time now) {
  return Step(std::move(authorization), "approve", ReturnState::kRequested, ReturnState::kApproved, now);
}

absl::StatusOr<ReturnAuthorization> Reject(ReturnAuthorization authorization, absl::Time now) {
  return Step(std::move(authorization), "reject", ReturnState::kRequested, ReturnState::kRejected, now);
}

absl::StatusOr<ReturnAuthorization> Receive(ReturnAuthorization authorization, Date day,
                                            const std::optional<Site>& site, const std::map<BucketKey, Decimal>& units,
                                            absl::Time now) {
  ASSIGN_OR_RETURN(ReturnAuthorization received,
                   Step(std::move(authorization), "receive", ReturnState::kApproved, ReturnState::kReceived, now));
  received.receive_date = day;
  if (site.has_value() && !IsOpen(*site, day)) {
    return Error(Reason::kSiteClosed,
                 StrCat(site->name(), ": got a movement on ", day.ToString(), ", want one before it closed on ",
                        site->closed_on->ToString()),
                 {{"resource", site->name()}, {"closed_on", site->closed_on->ToString()}});
  }
  if (site.has_value() && site->negative_stock == NegativeStock::kBackOrder) return received;
  for (const auto& [key, change] : PositionChanges(Movements(received))) {
    const auto there = units.find(key);
    const Decimal on_hand = there == units.end() ? Decimal() : there->second;
    if (!(on_hand + change).negative()) continue;
    return Error(Reason::kInsufficientStock,
                 StrCat(received.name(), ": got ", (-change).ToString(), " of ", ProductName(key.position.product),
                        ", want at most the ", on_hand.ToString(), " that are on hand at ",
                        SiteName(received.partner, received.site)),
                 {{"on_hand", on_hand.ToString()}, {"asked", (-change).ToString()}});
  }
  return received;
}

std::vector<Posting> Movements(const ReturnAuthorization& authorization) {
  std::vector<Posting> postings;
  for (const ReturnLine& line : authorization.lines) {
    if (!line.posted) continue;
    const Posting whole{.partner = authorization.partner,
                        .product = line.product,
                        .lot = line.lot,
                        .serials = line.serials,
                        .from = authorization.site,
                        .to = std::string(authorization.disposition == Disposition::kScrap ? kScrap : kVendor),
                        .quantity = line.quantity,
                        .effective_date = authorization.receive_date.value_or(Date()),
                        .cause = authorization.name()};
    if (line.parts.empty()) postings.push_back(whole);
    for (const KitPart& part : line.parts) {
      postings.push_back(whole);
      postings.back().product = part.product;
      postings.back().quantity = part.quantity;
    }
  }
  return postings;
}

}  // namespace tributary::inventory
