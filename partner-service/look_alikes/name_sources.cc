#include "partner-service/look_alikes/name_sources.h"

#include <string>
#include <utility>
#include <vector>

#include "common/status/status.h"
#include "partner-service/applications/application_store.h"
#include "partner-service/customers/customer_store.h"
#include "partner-service/partners/partner_store.h"
#include "tributary/partner/v1/application.pb.h"
#include "tributary/partner/v1/customer.pb.h"
#include "tributary/partner/v1/partner.pb.h"

namespace tributary::partner {
namespace {

std::vector<std::string> Names(const Customer& customer) { return customer.identity.names; }

template <typename Named>
std::vector<std::string> LegalAndTradeNames(const Named& named) {
  std::vector<std::string> names = named.trade_names;
  names.push_back(named.legal_name);
  return names;
}
std::vector<std::string> Names(const Partner& partner) {
  return partner.state == PartnerState::kTerminated ? std::vector<std::string>() : LegalAndTradeNames(partner);
}
std::vector<std::string> Names(const Application& application) {
  return IsOver(application.state) ? std::vector<std::string>() : LegalAndTradeNames(application);
}

template <typename Resource>
absl::StatusOr<std::vector<NamedResource>> Named(absl::StatusOr<std::vector<Resource>> read) {
  RETURN_IF_ERROR(read.status());
  std::vector<NamedResource> named;
  named.reserve(read->size());
  for (const Resource& resource : *read) named.push_back({resource.id, Names(resource)});
  return named;
}

template <typename Message, typename Store>
NameSource SourceOf() {
  return {
      .payload_type = std::string(Message::descriptor()->full_name()),
      .after = [](mysql::Transaction& sql, std::string_view after,
                  int most) { return Named(Store().After(sql, after, most)); },
      .of = [](mysql::Transaction& sql, const std::set<std::string>& ids) { return Named(Store().GetAll(sql, ids)); }};
}

}  // namespace

NameSource CustomerNames() { return SourceOf<v1::Customer, CustomerStore>(); }
NameSource PartnerNames() { return SourceOf<v1::Partner, PartnerStore>(); }
NameSource ApplicationNames() { return SourceOf<v1::Application, ApplicationStore>(); }

}  // namespace tributary::partner
