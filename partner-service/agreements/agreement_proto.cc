#include "partner-service/agreements/agreement_proto.h"

#include "common/status/status.h"
#include "common/wire/wire.h"
#include "partner-service/resource_proto.h"

namespace tributary::partner {

v1::Agreement ToProto(const Agreement& agreement) {
  v1::Agreement out;
  out.set_name(agreement.name());
  PutRevision(agreement.revision, &out);
  out.set_state(static_cast<v1::Agreement::State>(agreement.state));
  out.set_title(agreement.title);
  out.set_text(agreement.text);
  out.set_text_sha256(agreement.text_sha256);
  PutDays(agreement.effective, &out);
  if (agreement.signature.has_value()) {
    v1::Agreement::Signature& signature = *out.add_signatures();
    signature.set_signer(agreement.signature->signer);
    *signature.mutable_sign_time() = wire::ToProto(agreement.signature->sign_time);
    signature.set_text_sha256(agreement.signature->text_sha256);
  }
  return out;
}

absl::StatusOr<Agreement> FromProto(const v1::Agreement& agreement) {
  ASSIGN_OR_RETURN(const DateRange effective, DaysOf(agreement));
  return Agreement{.title = agreement.title(),
                   .text = agreement.text(),
                   .text_sha256 = Sha256Hex(agreement.text()),
                   .effective = effective};
}

events::EventDraft Told(std::string_view verb, const Agreement& agreement) {
  return events::Draft(agreement.partner_id, verb, agreement.name(), ToProto(agreement));
}

}  // namespace tributary::partner
