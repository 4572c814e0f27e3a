#include "partner-service/agreements/agreement_proto.h"

#include <string>
#include <vector>

#include "common/status/status.h"
#include "common/text/text.h"
#include "common/wire/wire.h"
#include "partner-service/resource_proto.h"

namespace tributary::partner {
namespace {

using Texts = google::protobuf::RepeatedPtrField<std::string>;

std::vector<std::string> List(const Texts& texts) { return {texts.begin(), texts.end()}; }
Texts List(const std::vector<std::string>& texts) { return {texts.begin(), texts.end()}; }

v1::Agreement::Terms ToProto(const AgreementTerms& terms) {
  v1::Agreement::Terms out;
  out.set_price_list(terms.price_list);
  *out.mutable_programs() = List(terms.programs);
  *out.mutable_after_sales_duties() = List(terms.after_sales_duties);
  *out.mutable_regions() = List(terms.regions);
  *out.mutable_product_lines() = List(terms.product_lines);
  if (terms.exclusivity.has_value()) {
    out.set_exclusivity(static_cast<v1::Agreement::Terms::Exclusivity>(*terms.exclusivity));
  }
  *out.mutable_rights() = List(terms.rights);
  out.set_breach(terms.breach);
  out.set_disputes(terms.disputes);
  out.set_termination_notice_days(terms.termination_notice_days);
  return out;
}

// The name of another agreement of the same partner; empty where there is none.
std::string NameBeside(const Agreement& agreement, const std::string& id) {
  return id.empty() ? "" : StrCat("partners/", agreement.partner_id, "/agreements/", id);
}

}  // namespace

v1::Agreement ToProto(const Agreement& agreement) {
  v1::Agreement out;
  out.set_name(agreement.name());
  PutRevision(agreement.revision, &out);
  out.set_revision(agreement.revision.version);
  out.set_state(static_cast<v1::Agreement::State>(agreement.state));
  out.set_title(agreement.title);
  out.set_text(agreement.text);
  out.set_text_sha256(agreement.text_sha256);
  PutDays(agreement.effective, &out);
  for (const Signature& signature : agreement.signatures) {
    v1::Agreement::Signature& signed_by = *out.add_signatures();
    signed_by.set_signer(signature.signer);
    *signed_by.mutable_sign_time() = wire::ToProto(signature.sign_time);
    signed_by.set_text_sha256(signature.text_sha256);
    signed_by.set_side(static_cast<v1::Agreement::Side>(signature.side));
  }
  if (agreement.terms.has_value()) *out.mutable_terms() = ToProto(*agreement.terms);
  if (agreement.text_template != AgreementTemplate::kNone) {
    out.set_template_(static_cast<v1::Agreement::Template>(agreement.text_template));
    out.set_language(static_cast<v1::Agreement::Language>(agreement.language));
  }
  out.set_party(agreement.party);
  out.set_both_sign(agreement.both_sign);
  out.set_renewal_notice_days(agreement.renewal_notice_days);
  out.set_predecessor(NameBeside(agreement, agreement.predecessor));
  out.set_successor(NameBeside(agreement, agreement.successor));
  out.set_termination_reason(agreement.termination_reason);
  return out;
}

v1::Agreement ToRevisionProto(const Agreement& agreement) {
  v1::Agreement out = ToProto(agreement);
  out.set_name(agreement.revision_name());
  return out;
}

AgreementTerms FromProto(const v1::Agreement::Terms& terms) {
  AgreementTerms out{.price_list = terms.price_list(),
                     .programs = List(terms.programs()),
                     .after_sales_duties = List(terms.after_sales_duties()),
                     .regions = List(terms.regions()),
                     .product_lines = List(terms.product_lines()),
                     .rights = List(terms.rights()),
                     .breach = terms.breach(),
                     .disputes = terms.disputes(),
                     .termination_notice_days = terms.termination_notice_days()};
  if (terms.exclusivity() != v1::Agreement::Terms::EXCLUSIVITY_UNSPECIFIED) {
    out.exclusivity = static_cast<Exclusivity>(terms.exclusivity());
  }
  return out;
}

absl::StatusOr<Agreement> FromProto(const v1::Agreement& agreement) {
  ASSIGN_OR_RETURN(const DateRange effective, DaysOf(agreement));
  Agreement out{.title = agreement.title(),
                .text = agreement.text(),
                .effective = effective,
                .both_sign = agreement.both_sign(),
                .text_template = static_cast<AgreementTemplate>(agreement.template_()),
                .renewal_notice_days = agreement.renewal_notice_days()};
  if (agreement.language() == v1::Agreement::CHINESE) out.language = AgreementLanguage::kChinese;
  if (agreement.has_terms()) out.terms = FromProto(agreement.terms());
  return out;
}

events::EventDraft Told(std::string_view verb, const Agreement& agreement) {
  return events::Draft(agreement.partner_id, verb, agreement.name(), ToProto(agreement));
}

}  // namespace tributary::partner
