#include "inventory-service/returns/return_service.h"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/ids/resource_name.h"
#include "common/paging/etag.h"
#include "common/paging/page.h"
#include "common/rpc/server.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "common/wire/wire.h"
#include "inventory-service/counts/correcting.h"
#include "inventory-service/facts/fact.h"
#include "inventory-service/facts/serials.h"
#include "inventory-service/ledger/command.h"
#include "inventory-service/ledger/ledger_store.h"
#include "inventory-service/ledger/stock_lock.h"
#include "inventory-service/products/product_store.h"
#include "inventory-service/returns/return_proto.h"
#include "inventory-service/sites/site_store.h"
#include "inventory-service/units/unit_conversion_store.h"

namespace tributary::inventory {
namespace {

// Loads for a verb, with the etag where the request gives one.
absl::StatusOr<ReturnAuthorization> Load(rpc::Unit& unit, const ReturnStore& store, std::string_view name,
                                         std::string_view etag) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(name, "partners/{partner}/returns/{return}"));
  ASSIGN_OR_RETURN(ReturnAuthorization authorization, store.GetForUpdate(unit.sql(), ids[0], ids[1]));
  RETURN_IF_ERROR(CheckEtag(authorization.name(), etag, authorization.version));
  return authorization;
}

// Gives lines that are stated in units their quantities in base units: REFERENCE_NOT_FOUND of their product, and what
// InBaseUnits refuses of the unit. The others are whole steps, as CheckStep says, of what is still in use.
absl::Status CompleteLines(rpc::Unit& unit, std::vector<ReturnLine>* lines) {
  std::set<std::string_view> ids, in_units;
  for (const ReturnLine& line : *lines) {
    ids.insert(line.product);
    if (!line.unit.empty()) in_units.insert(line.product);
  }
  ASSIGN_OR_RETURN(const auto products, FindProducts(unit.sql(), {ids.begin(), ids.end()}));
  ASSIGN_OR_RETURN(const auto units, UnitConversionStore().Of(unit.sql(), {in_units.begin(), in_units.end()}));
  for (size_t i = 0; i < lines->size(); ++i) {
    ReturnLine& line = (*lines)[i];
    const std::string field = StrCat("return_authorization.lines[", i, "]");
    const auto product = products.find(line.product);
    if (line.unit.empty()) {
      if (product == products.end()) continue;
      RETURN_IF_ERROR(AtField(CheckStep(product->second.unit, line.quantity), field));
      continue;
    }
    if (product == products.end()) {
      return Error(Reason::kReferenceNotFound,
                   StrCat(field, ".product: got ", ProductName(line.product), ", want a product that is in use"),
                   {{"resource", ProductName(line.product)}});
    }
    auto quantity =
        InBaseUnits(product->second.unit, UnitsIn(units, line.product), {line.quantity, line.unit, line.unit_quantity});
    if (!quantity.ok()) return AtField(quantity.status(), field);
    line.quantity = quantity->quantity;
    line.unit = std::move(quantity->unit);
    line.unit_quantity = quantity->unit_quantity;
    RETURN_IF_ERROR(AtField(CheckSerials(line.serials, line.quantity), field));
  }
  return absl::OkStatus();
}

absl::Status Store(rpc::Unit& unit, const ReturnStore& store, std::string_view verb,
                   const ReturnAuthorization& authorization, v1::ReturnAuthorization* reply) {
  RETURN_IF_ERROR(store.Update(unit.sql(), authorization));
  *reply = ToProto(authorization);
  unit.Emit(events::Draft(authorization.partner, verb, reply->name(), *reply));
  return absl::OkStatus();
}

}  // namespace

void ReturnService::Register(rpc::Server& server) {
  server.Add("tributary.inventory.v1.ReturnService", this)
      .Unary("GetReturnAuthorization", &ReturnService::Get)
      .Unary("ListReturnAuthorizations", &ReturnService::List)
      .Unary("CreateReturnAuthorization", &ReturnService::Create)
      .Unary("ApproveReturnAuthorization", &ReturnService::Approve)
      .Unary("RejectReturnAuthorization", &ReturnService::Reject)
      .Unary("ReceiveReturnAuthorization", &ReturnService::Receive);
}

absl::Status ReturnService::Get(const rpc::Call&, rpc::Unit& unit, const v1::GetReturnAuthorizationRequest& request,
                                v1::ReturnAuthorization* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.name(), "partners/{partner}/returns/{return}"));
  ASSIGN_OR_RETURN(const ReturnAuthorization authorization, store_.Get(unit.sql(), ids[0], ids[1]));
  *reply = ToProto(authorization);
  return absl::OkStatus();
}

absl::Status ReturnService::List(const rpc::Call& call, rpc::Unit& unit,
                                 const v1::ListReturnAuthorizationsRequest& request,
                                 v1::ListReturnAuthorizationsResponse* reply) {
  ASSIGN_OR_RETURN(const std::string partner, PartnerToList(call, request.parent()));
  ASSIGN_OR_RETURN(const Page page, Page::Of(page_tokens_, call, request, ReturnStore::Fields(), request.parent()));
  ASSIGN_OR_RETURN(std::vector<ReturnAuthorization> authorizations,
                   store_.List(unit.sql(), partner, page.after(0), page.after(1), page.filter(), page.limit()));
  reply->set_next_page_token(page.Cut(&authorizations, [](const ReturnAuthorization& last) {
    return std::vector{last.partner, last.id};
  }));
  for (const ReturnAuthorization& next : authorizations) *reply->add_return_authorizations() = ToProto(next);
  return absl::OkStatus();
}

absl::Status ReturnService::Create(const rpc::Call& call, rpc::Unit& unit,
                                   const v1::CreateReturnAuthorizationRequest& request,
                                   v1::ReturnAuthorization* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.parent(), "partners/{partner}", "parent"));
  auto wanted = FromProto(request.return_authorization(), ids[0]);
  if (!wanted.ok()) return AtField(wanted.status(), "return_authorization");
  ReturnAuthorization authorization = *std::move(wanted);
  authorization.uid = Uuid::New(call.now);
  authorization.id =
      request.return_authorization_id().empty() ? authorization.uid.ToString() : request.return_authorization_id();
  authorization.create_time = authorization.update_time = call.now;
  RETURN_IF_ERROR(partners_.CheckKnown(call, ids[0]));
  RETURN_IF_ERROR(CompleteLines(unit, &authorization.lines));
  // Two that claim the same units are decided one after the other.
  std::set<ShipmentKey> originals;
  std::set<std::string> subjects;
  for (const ReturnLine& line : authorization.lines) {
    originals.emplace(line.document, line.line);
    subjects.insert(StrCat("partners/", authorization.partner, "/shipments/", line.document, "/lines/", line.line));
  }
  RETURN_IF_ERROR(LockSubjects(unit.sql(), subjects));
  ASSIGN_OR_RETURN(const auto returnable, store_.Returnables(unit.sql(), authorization.partner, originals));
  RETURN_IF_ERROR(CheckReturnable(authorization.lines, returnable));
  RETURN_IF_ERROR(TakeParts(returnable, &authorization.lines));
  RETURN_IF_ERROR(store_.Insert(unit.sql(), authorization));
  *reply = ToProto(authorization);
  unit.Emit(events::Draft(authorization.partner, "created", reply->name(), *reply));
  return absl::OkStatus();
}

absl::Status ReturnService::Approve(const rpc::Call& call, rpc::Unit& unit,
                                    const v1::ApproveReturnAuthorizationRequest& request,
                                    v1::ReturnAuthorization* reply) {
  ASSIGN_OR_RETURN(ReturnAuthorization authorization, Load(unit, store_, request.name(), request.etag()));
  ASSIGN_OR_RETURN(const ReturnAuthorization approved, inventory::Approve(std::move(authorization), call.now));
  return Store(unit, store_, "approved", approved, reply);
}

absl::Status ReturnService::Reject(const rpc::Call& call, rpc::Unit& unit,
                                   const v1::RejectReturnAuthorizationRequest& request,
                                   v1::ReturnAuthorization* reply) {
  ASSIGN_OR_RETURN(ReturnAuthorization authorization, Load(unit, store_, request.name(), request.etag()));
  ASSIGN_OR_RETURN(const ReturnAuthorization rejected, inventory::Reject(std::move(authorization), call.now));
  return Store(unit, store_, "rejected", rejected, reply);
}

absl::Status ReturnService::Receive(const rpc::Call& call, rpc::Unit& unit,
                                    const v1::ReceiveReturnAuthorizationRequest& request,
                                    v1::ReturnAuthorization* reply) {
  ASSIGN_OR_RETURN(ReturnAuthorization authorization, Load(unit, store_, request.name(), request.etag()));
  Date day;
  if (request.has_receive_date()) {
    const auto stated = wire::FromProto(request.receive_date());
    if (!stated.ok()) return AtField(stated.status(), "receive_date");
    day = *stated;
  }
  std::optional<Site> site;
  if (absl::StatusOr<Site> found = SiteStore().GetForUpdate(unit.sql(), authorization.partner, authorization.site);
      found.ok()) {
    site = *std::move(found);
  } else if (!absl::IsNotFound(found.status())) {
    return found.status();
  }
  std::vector<BucketKey> positions;
  for (const auto& [position, change] : PositionChanges(Movements(authorization))) positions.push_back(position);
  ASSIGN_OR_RETURN(const auto units, LedgerStore().LockUnits(unit.sql(), positions));
  if (!request.has_receive_date()) {
    ASSIGN_OR_RETURN(day, DayOfMove(unit.sql(), {{authorization.partner, authorization.site}}, call.now));
  }
  ASSIGN_OR_RETURN(const ReturnAuthorization received,
                   inventory::Receive(std::move(authorization), day, site, units, call.now));
  RETURN_IF_ERROR(Post(call, unit, Movements(received)));
  return Store(unit, store_, "received", received, reply);
}

}  // namespace tributary::inventory
