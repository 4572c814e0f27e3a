#include "partner-service/customers/customer_service.h"

#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/ids/resource_name.h"
#include "common/paging/etag.h"
#include "common/paging/field_mask.h"
#include "common/paging/page.h"
#include "common/rpc/server.h"
#include "common/status/status.h"
#include "partner-service/customers/customer_likeness.h"
#include "partner-service/customers/customer_proto.h"
#include "partner-service/refusals/refusals.h"

namespace tributary::partner {
namespace {
constexpr std::string_view kPattern = "customers/{customer}";
constexpr size_t kMostCandidates = 100;
// Names less alike make nobody POSSIBLE but by other evidence, by whose keys it is found.
constexpr int kLeastPermille = 700;
}  // namespace

void CustomerService::Register(rpc::Server& server) {
  server.Add("tributary.partner.v1.CustomerService", this)
      .Unary("GetCustomer", &CustomerService::Get)
      .Unary("ListCustomers", &CustomerService::List)
      .Unary("CreateCustomer", &CustomerService::Create)
      .Unary("UpdateCustomer", &CustomerService::Update)
      .Unary("ResolveCustomer", &CustomerService::Resolve)
      .Unary("MergeCustomer", &CustomerService::Merge)
      .Unary("UndoMergeCustomer", &CustomerService::UndoMerge)
      .Unary("EraseCustomer", &CustomerService::Erase);
}

absl::Status CustomerService::Finish(rpc::Unit& unit, std::string_view verb, const Customer& before,
                                     const Customer& customer, v1::Customer* reply) const {
  RETURN_IF_ERROR(customers_.Update(unit.sql(), customer));
  ASSIGN_OR_RETURN(const auto canonical, customers_.CanonicalOf(unit.sql(), {customer.id}));
  unit.Emit(Told(verb, customer, canonical.at(customer.id), before.identity.names));
  if (reply != nullptr) *reply = Pseudonymous(customer, canonical.at(customer.id));
  return absl::OkStatus();
}

absl::Status CustomerService::Get(const rpc::Call&, rpc::Unit& unit, const v1::GetCustomerRequest& request,
                                  v1::Customer* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(request.name(), kPattern));
  ASSIGN_OR_RETURN(const Customer customer, customers_.Get(unit.sql(), ids[0]));
  ASSIGN_OR_RETURN(const auto canonical, customers_.CanonicalOf(unit.sql(), {customer.id}));
  *reply = ToProto(customer, canonical.at(customer.id));
  return absl::OkStatus();
}

absl::Status CustomerService::List(const rpc::Call& call, rpc::Unit& unit, const v1::ListCustomersRequest& request,
                                   v1::ListCustomersResponse* reply) {
  ASSIGN_OR_RETURN(const Page page, Page::Of(tokens_, call, request, CustomerStore::Fields(), ""));
  ASSIGN_OR_RETURN(std::vector<Customer> customers, customers_.List(unit.sql(), page));
  reply->set_next_page_token(page.Cut(&customers, [](const Customer& last) { return std::vector{last.id}; }));
  std::set<std::string> ids;
  for (const Customer& customer : customers) ids.insert(customer.id);
  ASSIGN_OR_RETURN(const auto canonical, customers_.CanonicalOf(unit.sql(), ids));
  for (const Customer& customer : customers) *reply->add_customers() = ToProto(customer, canonical.at(customer.id));
  return absl::OkStatus();
}

absl::Status CustomerService::Create(const rpc::Call& call, rpc::Unit& unit, const v1::CreateCustomerRequest& request,
                                     v1::Customer* reply) {
  auto content = FromProto(request.customer());
  if (!content.ok()) return AtField(content.status(), "customer");
  Customer customer = *std::move(content);
  customer.revision = Revision::First(call.now);
  customer.id = request.customer_id().empty() ? customer.revision.uid.ToString() : request.customer_id();
  RETURN_IF_ERROR(AtField(CheckIdentity(customer.identity), "customer.identity"));
  RETURN_IF_ERROR(CheckKind(unit, customer, /*before=*/""));
  RETURN_IF_ERROR(customers_.Create(unit.sql(), customer));
  unit.Emit(Told("created", customer, customer.id, customer.identity.names));
  *reply = Pseudonymous(customer, customer.id);
  return absl::OkStatus();
}

absl::Status CustomerService::CheckKind(rpc::Unit& unit, const Customer& customer, std::string_view before) const {
  std::vector<FieldViolation> violations;
  CheckOneLine("customer.segment", customer.segment, &violations);
  RETURN_IF_ERROR(AllOf(std::move(violations)));
  if (customer.region.empty() || customer.region == before) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::vector<std::string> missing, regions_.Missing(unit.sql(), {customer.region}));
  if (missing.empty()) return absl::OkStatus();
  return UnknownReference("customer.region", customer.region, "a region that is in use");
}

absl::Status CustomerService::Update(const rpc::Call& call, rpc::Unit& unit, const v1::UpdateCustomerRequest& request,
                                     v1::Customer* reply) {
  static const std::vector<std::string_view> kMayChange = {"segment", "region"};
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.customer().name(), kPattern, "customer.name"));
  ASSIGN_OR_RETURN(const Customer customer, customers_.GetForUpdate(unit.sql(), ids[0]));
  RETURN_IF_ERROR(CheckEtag(customer.name(), request.customer().etag(), customer.revision.version));
  v1::Customer merged = Pseudonymous(customer, customer.id);
  RETURN_IF_ERROR(ApplyFieldMask(request.update_mask(), request.customer(), &merged, kMayChange));
  const auto content = FromProto(merged);
  if (!content.ok()) return AtField(content.status(), "customer");
  RETURN_IF_ERROR(CheckKind(unit, *content, customer.region));
  ASSIGN_OR_RETURN(const Customer changed, Classify(customer, content->segment, content->region, call.now));
  return Finish(unit, "updated", customer, changed, reply);
}

absl::Status CustomerService::Resolve(const rpc::Call&, rpc::Unit& unit, const v1::ResolveCustomerRequest& request,
                                      v1::ResolveCustomerResponse* reply) {
  const CustomerQuery query = FromProto(request);
  RETURN_IF_ERROR(CheckQuery(query));
  RETURN_IF_ERROR(names_.CatchUp());
  std::set<std::string> ids;
  for (const std::string& name : query.names) {
    for (const AlikeName& alike : names_.Alike(name, kLeastPermille, kMostCandidates)) ids.insert(alike.id);
  }
  ASSIGN_OR_RETURN(const std::vector<CustomerMatch> matches, customers_.KnownBy(unit.sql(), KeysOf(query)));
  for (const CustomerMatch& match : matches) ids.insert(match.known_to);
  ASSIGN_OR_RETURN(const std::vector<Customer> read, customers_.GetAll(unit.sql(), ids));
  ASSIGN_OR_RETURN(const auto canonical, customers_.CanonicalOf(unit.sql(), ids));
  const std::vector<CustomerCandidate> candidates = WithLikeness(Candidates(matches), query, read, canonical);
  reply->set_cut(candidates.size() > kMostCandidates);
  for (size_t i = 0; i < candidates.size() && i < kMostCandidates; ++i)
    *reply->add_candidates() = ToProto(candidates[i]);
  return absl::OkStatus();
}

absl::Status CustomerService::Merge(const rpc::Call& call, rpc::Unit& unit, const v1::MergeCustomerRequest& request,
                                    v1::Customer* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(request.name(), kPattern));
  ASSIGN_OR_RETURN(const std::vector<std::string> into, ParseResourceName(request.into(), kPattern, "into"));
  ASSIGN_OR_RETURN(const auto both, customers_.GetBothForUpdate(unit.sql(), ids[0], into[0]));
  RETURN_IF_ERROR(CheckEtag(both.first.name(), request.etag(), both.first.revision.version));
  ASSIGN_OR_RETURN(const Customer merged, partner::Merge(both.first, both.second, call.now));
  return Finish(unit, "merged", both.first, merged, reply);
}

absl::Status CustomerService::UndoMerge(const rpc::Call& call, rpc::Unit& unit,
                                        const v1::UndoMergeCustomerRequest& request, v1::Customer* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(request.name(), kPattern));
  ASSIGN_OR_RETURN(const Customer customer, customers_.GetForUpdate(unit.sql(), ids[0]));
  RETURN_IF_ERROR(CheckEtag(customer.name(), request.etag(), customer.revision.version));
  ASSIGN_OR_RETURN(const Customer undone, partner::UndoMerge(customer, call.now));
  return Finish(unit, "mergeUndone", customer, undone, reply);
}

absl::Status CustomerService::Erase(const rpc::Call& call, rpc::Unit& unit, const v1::EraseCustomerRequest& request,
                                    v1::Customer* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(request.name(), kPattern));
  ASSIGN_OR_RETURN(const Customer customer, customers_.GetForUpdate(unit.sql(), ids[0]));
  RETURN_IF_ERROR(CheckEtag(customer.name(), request.etag(), customer.revision.version));
  ASSIGN_OR_RETURN(const Customer erased, partner::Erase(customer, call.now));
  RETURN_IF_ERROR(Finish(unit, "erased", customer, erased, reply));
  // All below it are the same one.
  ASSIGN_OR_RETURN(const std::vector<Customer> merged, customers_.MergedInto(unit.sql(), customer.id));
  for (const Customer& one : merged) {
    if (one.state == CustomerState::kErased) continue;
    ASSIGN_OR_RETURN(const Customer gone, partner::Erase(one, call.now));
    RETURN_IF_ERROR(Finish(unit, "erased", one, gone, nullptr));
  }
  return absl::OkStatus();
}

}  // namespace tributary::partner
