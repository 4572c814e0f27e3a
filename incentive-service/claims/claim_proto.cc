#include "incentive-service/claims/claim_proto.h"

#include <vector>

#include "common/ids/resource_name.h"
#include "common/paging/etag.h"
#include "common/wire/field_reader.h"
#include "common/wire/wire.h"
#include "incentive-service/accruals/accrual_proto.h"
#include "incentive-service/wallets/wallet_proto.h"

namespace tributary::incentive {

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
  message.set_fund_request(StrCat("partners/", claim.partner, "/fundRequests/", claim.fund_request));
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
  for (int i = 0; i < message.proofs_size(); ++i) {
    const v1::ClaimProof& proof = message.proofs(i);
    fields.Id(StrCat("claim.proofs[", i, "].document"), proof.document(), "documents/{document}");
    claim.proofs.push_back({proof.document(), proof.sha256()});
  }
  RETURN_IF_ERROR(fields.status());
  return claim;
}

}  // namespace tributary::incentive
