#include "incentive-service/claims/claim_proto.h"

#include <vector>

#include "common/ids/resource_name.h"
#include "common/paging/etag.h"
#include "common/wire/field_reader.h"
#include "common/wire/wire.h"
#include "incentive-service/accruals/accrual_proto.h"
#include "incentive-service/wallets/wallet_proto.h"

namespace tributary::incentive {

namespace {

std::string NameBelow(const Claim& claim, std::string_view path) {
  return StrCat("partners/", claim.partner, "/", path);
}

void LinesToProto(const Claim& claim, v1::Claim* message) {
  for (const ClaimLine& line : claim.lines) {
    v1::ClaimLine& next = *message->add_lines();
    if (claim.kind == ClaimKind::kStockRotation) {
      next.set_movement(NameBelow(claim, line.sale));
    } else if (!line.sale.empty()) {
      next.set_sale(NameBelow(claim, line.sale));
    }
    *next.mutable_quantity() = wire::ToProto(line.quantity);
    *next.mutable_unit_amount() = wire::ToProto(Money{claim.currency, line.unit_amount});
    *next.mutable_amount() = MoneyToProto(line.amount, claim.currency);
    *next.mutable_approved_quantity() = wire::ToProto(line.approved_quantity);
    *next.mutable_approved() = MoneyToProto(line.approved, claim.currency);
    for (const ApprovedLayer& layer : line.layers) {
      v1::ApprovedLayer& units = *next.add_layers();
      if (!layer.line.empty()) units.set_shipment_line(NameBelow(claim, layer.line));
      units.set_in_transit(layer.in_transit);
      *units.mutable_quantity() = wire::ToProto(layer.quantity);
      *units.mutable_amount() = MoneyToProto(layer.amount, claim.currency);
    }
    for (const ClaimDenial& denial : line.denials) {
      v1::ClaimDenial& denied = *next.add_denials();
      denied.set_reason(static_cast<v1::ClaimDenial::Reason>(denial.reason));
      *denied.mutable_quantity() = wire::ToProto(denial.quantity);
      *denied.mutable_amount() = MoneyToProto(denial.amount, claim.currency);
    }
  }
}

void TrueUpsToProto(const Claim& claim, v1::Claim* message) {
  for (const ClaimTrueUp& one : claim.true_ups) {
    v1::ClaimTrueUp& next = *message->add_true_ups();
    *next.mutable_amount() = MoneyToProto(one.amount, claim.currency);
    *next.mutable_due() = MoneyToProto(one.due, claim.currency);
    next.set_principal(one.principal);
    *next.mutable_create_time() = wire::ToProto(one.create_time);
  }
}

void ReadProofs(const v1::Claim& message, FieldReader* fields, Claim* claim) {
  for (int i = 0; i < message.proofs_size(); ++i) {
    const v1::ClaimProof& proof = message.proofs(i);
    fields->Id(StrCat("claim.proofs[", i, "].document"), proof.document(), "documents/{document}");
    claim->proofs.push_back({proof.document(), proof.sha256()});
  }
}

// Fields of other kinds of claims.
void RefuseGiven(std::string_view field, std::string_view given, FieldReader* fields) {
  if (!given.empty()) fields->Refuse(StrCat("claim.", field), given, "nothing, for this kind of claim");
}

// What a line claims units of, in a collection below the partner, without "partners/{partner}/"; no collection:
// nothing.
std::string ReadFact(const std::string& field, const std::string& given, std::string_view collection,
                     const Claim& claim, FieldReader* fields) {
  if (collection.empty()) {
    if (!given.empty()) fields->Refuse(field, given, "nothing, for this kind of claim");
    return {};
  }
  const std::string id = fields->OwnId(field, given, claim.partner, collection);
  if (given.empty()) fields->Refuse(field, "", StrCat("one of the partner's ", collection));
  return StrCat(collection, "/", id);
}

}  // namespace

absl::StatusOr<std::pair<std::string, std::string>> ParseClaimName(std::string_view name) {
  ASSIGN_OR_RETURN(std::vector<std::string> ids, ParseResourceName(name, "partners/{partner}/claims/{claim}"));
  return std::pair(std::move(ids[0]), std::move(ids[1]));
}

v1::Claim ToProto(const Claim& claim) {
  v1::Claim message;
  message.set_name(claim.name());
  message.set_uid(claim.uid.ToString());
  message.set_etag(EtagOf(claim.version));
  *message.mutable_create_time() = wire::ToProto(claim.create_time);
  *message.mutable_update_time() = wire::ToProto(claim.update_time);
  message.set_state(static_cast<v1::Claim::State>(claim.state));
  message.set_kind(static_cast<v1::Claim::Kind>(claim.kind));
  if (!claim.fund_request.empty()) {
    message.set_fund_request(NameBelow(claim, StrCat("fundRequests/", claim.fund_request)));
  }
  if (!claim.special_price.empty()) {
    message.set_special_price(NameBelow(claim, StrCat("specialPrices/", claim.special_price)));
  }
  if (!claim.price_change.empty()) message.set_price_change(StrCat("priceChanges/", claim.price_change));
  if (!claim.spiff.empty()) message.set_spiff(StrCat("spiffs/", claim.spiff));
  if (!claim.stock_rotation.empty()) {
    message.set_stock_rotation(NameBelow(claim, StrCat("stockRotations/", claim.stock_rotation)));
  }
  if (!claim.contact.empty()) message.set_contact(NameBelow(claim, StrCat("contacts/", claim.contact)));
  message.set_product(claim.product);
  *message.mutable_amount() = MoneyToProto(claim.amount, claim.currency);
  for (const ClaimProof& proof : claim.proofs) {
    v1::ClaimProof& next = *message.add_proofs();
    next.set_document(proof.document);
    next.set_sha256(proof.sha256);
  }
  message.set_note(claim.note);
  message.set_claimant(claim.claimant);
  message.set_decider(claim.decider);
  message.set_decision_note(claim.decision_note);
  *message.mutable_approved() = MoneyToProto(claim.approved, claim.currency);
  *message.mutable_denied() = MoneyToProto(claim.denied(), claim.currency);
  message.set_payer(claim.payer);
  *message.mutable_deducted() = MoneyToProto(claim.deducted, claim.currency);
  LinesToProto(claim, &message);
  TrueUpsToProto(claim, &message);
  return message;
}

absl::StatusOr<Claim> FromProto(const v1::Claim& message, const FundRequest& request) {
  FieldReader fields;
  Claim claim{.partner = request.partner,
              .kind = static_cast<ClaimKind>(message.kind()),
              .fund_request = request.id,
              .currency = request.currency,
              .note = message.note()};
  claim.amount = fields.Take("claim", MinorFromProto(message.amount(), request.currency, "amount"));
  RefuseGiven("special_price", message.special_price(), &fields);
  RefuseGiven("price_change", message.price_change(), &fields);
  RefuseGiven("spiff", message.spiff(), &fields);
  RefuseGiven("contact", message.contact(), &fields);
  RefuseGiven("stock_rotation", message.stock_rotation(), &fields);
  RefuseGiven("product", message.product(), &fields);
  RefuseGiven("lines", message.lines_size() == 0 ? "" : StrCat(message.lines_size()), &fields);
  ReadProofs(message, &fields, &claim);
  RETURN_IF_ERROR(fields.status());
  return claim;
}

absl::StatusOr<Claim> SubjectFromProto(const v1::Claim& message, std::string_view partner) {
  FieldReader fields;
  Claim claim{.partner = std::string(partner), .kind = static_cast<ClaimKind>(message.kind())};
  RefuseGiven("fund_request", message.fund_request(), &fields);
  if (claim.kind == ClaimKind::kShipAndDebit) {
    claim.special_price = fields.OwnId("claim.special_price", message.special_price(), partner, "specialPrices");
    if (message.special_price().empty()) fields.Refuse("claim.special_price", "", "the one that is claimed against");
  } else {
    RefuseGiven("special_price", message.special_price(), &fields);
  }
  if (claim.kind == ClaimKind::kPriceProtection) {
    claim.price_change = fields.Id("claim.price_change", message.price_change(), "priceChanges/{price_change}");
  } else {
    RefuseGiven("price_change", message.price_change(), &fields);
  }
  if (claim.kind == ClaimKind::kSpiff) {
    claim.spiff = fields.Id("claim.spiff", message.spiff(), "spiffs/{spiff}");
    claim.contact = fields.OwnId("claim.contact", message.contact(), partner, "contacts");
    if (message.contact().empty()) fields.Refuse("claim.contact", "", "the contact that is rewarded");
  } else {
    RefuseGiven("spiff", message.spiff(), &fields);
    RefuseGiven("contact", message.contact(), &fields);
  }
  if (claim.kind == ClaimKind::kStockRotation) {
    claim.stock_rotation = fields.OwnId("claim.stock_rotation", message.stock_rotation(), partner, "stockRotations");
    if (message.stock_rotation().empty()) fields.Refuse("claim.stock_rotation", "", "the one that is claimed against");
    fields.Id("claim.product", message.product(), "products/{product}");
    claim.product = message.product();
  } else {
    RefuseGiven("stock_rotation", message.stock_rotation(), &fields);
  }
  RETURN_IF_ERROR(fields.status());
  return claim;
}

absl::StatusOr<Claim> FromProto(const v1::Claim& message, Claim claim) {
  FieldReader fields;
  claim.note = message.note();
  if (!message.product().empty() && message.product() != claim.product) {
    fields.Refuse("claim.product", message.product(), claim.product);
  }
  if (message.has_amount()) {
    claim.amount = fields.Take("claim", MinorFromProto(message.amount(), claim.currency, "amount"));
  }
  for (int i = 0; i < message.lines_size(); ++i) {
    const v1::ClaimLine& line = message.lines(i);
    const std::string field = StrCat("claim.lines[", i, "]");
    ClaimLine next;
    const bool of_sales = claim.kind == ClaimKind::kShipAndDebit || claim.kind == ClaimKind::kSpiff;
    next.sale = ReadFact(StrCat(field, ".sale"), line.sale(), of_sales ? "sales" : "", claim, &fields);
    const bool of_movements = claim.kind == ClaimKind::kStockRotation;
    const std::string movement =
        ReadFact(StrCat(field, ".movement"), line.movement(), of_movements ? "movements" : "", claim, &fields);
    if (of_movements) next.sale = movement;
    next.quantity = fields.Take(StrCat(field, ".quantity"), wire::FromProto(line.quantity()));
    const Money amount = fields.Take(StrCat(field, ".unit_amount"), wire::FromProto(line.unit_amount()));
    next.unit_amount = amount.amount;
    if (amount.currency != claim.currency) {
      fields.Refuse(StrCat(field, ".unit_amount.currency_code"), amount.currency, claim.currency);
    }
    claim.lines.push_back(std::move(next));
  }
  ReadProofs(message, &fields, &claim);
  RETURN_IF_ERROR(fields.status());
  return claim;
}

}  // namespace tributary::incentive
