#pragma once

#include <string_view>

#include "absl/status/status.h"
#include "common/paging/page_token.h"
#include "common/rpc/call.h"
#include "partner-service/customers/customer_store.h"
#include "partner-service/look_alikes/names_in_memory.h"
#include "partner-service/regions/region_store.h"
#include "tributary/partner/v1/customer.pb.h"

namespace tributary::rpc {
class Server;
}

namespace tributary::partner {

// Serves tributary.partner.v1.CustomerService.
class CustomerService {
 public:
  // Both outlive the service.
  CustomerService(NamesInMemory& names, const PageTokens& tokens) : names_(names), tokens_(tokens) {}
  void Register(rpc::Server& server);

  absl::Status Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetCustomerRequest& request, v1::Customer* reply);
  absl::Status List(const rpc::Call& call, rpc::Unit& unit, const v1::ListCustomersRequest& request,
                    v1::ListCustomersResponse* reply);
  absl::Status Create(const rpc::Call& call, rpc::Unit& unit, const v1::CreateCustomerRequest& request,
                      v1::Customer* reply);
  absl::Status Update(const rpc::Call& call, rpc::Unit& unit, const v1::UpdateCustomerRequest& request,
                      v1::Customer* reply);
  absl::Status Resolve(const rpc::Call& call, rpc::Unit& unit, const v1::ResolveCustomerRequest& request,
                       v1::ResolveCustomerResponse* reply);
  absl::Status Merge(const rpc::Call& call, rpc::Unit& unit, const v1::MergeCustomerRequest& request,
                     v1::Customer* reply);
  absl::Status UndoMerge(const rpc::Call& call, rpc::Unit& unit, const v1::UndoMergeCustomerRequest& request,
                         v1::Customer* reply);
  absl::Status Erase(const rpc::Call& call, rpc::Unit& unit, const v1::EraseCustomerRequest& request,
                     v1::Customer* reply);

 private:
  // What is wrong with segment and region. The region that it was of `before` stays, in use or not.
  absl::Status CheckKind(rpc::Unit& unit, const Customer& customer, std::string_view before) const;
  // The end of every change of a stored one: store, tell, reply.
  // `before` is what was stored: an erased one has no names any more.
  absl::Status Finish(rpc::Unit& unit, std::string_view verb, const Customer& before, const Customer& customer,
                      v1::Customer* reply) const;

  NamesInMemory& names_;
  const PageTokens& tokens_;
  CustomerStore customers_;
  RegionStore regions_;
};

}  // namespace tributary::partner
