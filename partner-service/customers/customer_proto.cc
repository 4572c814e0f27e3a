#include "partner-service/customers/customer_proto.h"

#include "common/digest/sha256.h"
#include "common/ids/resource_name.h"
#include "common/matching/customer_name.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "partner-service/resource_proto.h"

namespace tributary::partner {
namespace {

void PutIdentity(const CustomerIdentity& identity, v1::CustomerIdentity* out) {
  for (const std::string& name : identity.names) out->add_names(name);
  for (const TaxId& id : identity.tax_ids) {
    v1::TaxId& one = *out->add_tax_ids();
    one.set_type(static_cast<v1::TaxId::Type>(id.type));
    one.set_value(id.value);
  }
  for (const std::string& domain : identity.domains) out->add_domains(domain);
  for (const CustomerAddress& address : identity.addresses) {
    v1::CustomerAddress& one = *out->add_addresses();
    one.set_country(address.country);
    one.set_text(address.text);
  }
}

CustomerIdentity IdentityFrom(const v1::CustomerIdentity& message) {
  CustomerIdentity identity{.names = {message.names().begin(), message.names().end()},
                            .domains = {message.domains().begin(), message.domains().end()}};
  for (const auto& id : message.tax_ids()) identity.tax_ids.push_back({static_cast<TaxIdType>(id.type()), id.value()});
  for (const auto& address : message.addresses()) identity.addresses.push_back({address.country(), address.text()});
  return identity;
}

std::string NameOfCustomer(std::string_view id) { return StrCat("customers/", id); }

}  // namespace

v1::Customer Pseudonymous(const Customer& customer, std::string_view canonical) {
  v1::Customer out;
  out.set_name(customer.name());
  PutRevision(customer.revision, &out);
  out.set_state(static_cast<v1::Customer::State>(customer.state));
  out.set_segment(customer.segment);
  out.set_region(customer.region);
  for (const CustomerAlias& alias : customer.aliases) {
    v1::Customer::Alias& one = *out.add_aliases();
    one.set_into(NameOfCustomer(alias.into_id));
    *one.mutable_start_time() = wire::ToProto(alias.start);
    if (alias.end.has_value()) *one.mutable_end_time() = wire::ToProto(*alias.end);
  }
  out.set_canonical(NameOfCustomer(canonical));
  return out;
}

v1::Customer ToProto(const Customer& customer, std::string_view canonical) {
  v1::Customer out = Pseudonymous(customer, canonical);
  if (customer.state != CustomerState::kErased) PutIdentity(customer.identity, out.mutable_identity());
  return out;
}

absl::StatusOr<Customer> FromProto(const v1::Customer& customer) {
  if (!customer.region().empty()) {
    RETURN_IF_ERROR(ParseResourceName(customer.region(), "regions/{region}", "region"));
  }
  return Customer{
      .identity = IdentityFrom(customer.identity()), .segment = customer.segment(), .region = customer.region()};
}

CustomerQuery FromProto(const v1::ResolveCustomerRequest& request) {
  return {.names = {request.names().begin(), request.names().end()},
          .tax_ids = {request.tax_ids().begin(), request.tax_ids().end()},
          .domains = {request.domains().begin(), request.domains().end()},
          .addresses = {request.addresses().begin(), request.addresses().end()}};
}

v1::CustomerCandidate ToProto(const CustomerCandidate& candidate) {
  v1::CustomerCandidate out;
  out.set_customer(NameOfCustomer(candidate.id));
  for (const CustomerMatch& match : candidate.matches) {
    v1::CustomerMatch& one = *out.add_matches();
    one.set_kind(static_cast<v1::CustomerMatch::Kind>(match.key.kind));
    one.set_asked(match.key.given);
    one.set_key(match.key.key);
    one.set_known_to(NameOfCustomer(match.known_to));
  }
  if (!candidate.likeness.has_value()) return out;
  const matching::CompanyMatch& match = candidate.likeness->match;
  out.set_compared_with(NameOfCustomer(candidate.likeness->id));
  out.set_decision(static_cast<v1::CustomerCandidate::Decision>(match.decision));
  out.set_decision_rule(static_cast<v1::CustomerCandidate::DecisionRule>(match.rule));
  out.set_evidence_centibans(match.centibans);
  for (const matching::FeatureMatch& feature : match.features) {
    v1::CustomerEvidence& one = *out.add_evidence();
    one.set_feature(static_cast<v1::CustomerEvidence::Feature>(feature.feature));
    one.set_asked(feature.a);
    one.set_known(feature.b);
    one.set_likeness_permille(feature.likeness);
    one.set_name_rule(static_cast<v1::CustomerEvidence::NameRule>(feature.name_rule));
    one.set_centibans(feature.centibans);
  }
  return out;
}

std::string IdentityToBytes(const CustomerIdentity& identity) {
  v1::CustomerIdentity content;
  PutIdentity(identity, &content);
  return content.SerializeAsString();
}

absl::StatusOr<CustomerIdentity> IdentityFromBytes(std::string_view bytes) {
  v1::CustomerIdentity content;
  if (!content.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return Error(Reason::kInternal, "stored identity of a customer cannot be read");
  }
  return IdentityFrom(content);
}

events::EventDraft Told(std::string_view verb, const Customer& customer, std::string_view canonical,
                        const std::vector<std::string>& names) {
  v1::Customer told = Pseudonymous(customer, canonical);
  for (const std::string& name : names) told.add_name_digests(Sha256Hex(matching::KeyOf(name).key));
  return events::Draft(customer.name(), verb, customer.name(), told);
}

}  // namespace tributary::partner
