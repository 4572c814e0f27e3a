#include "conflict-service/deals/deal_proto.h"

#include "common/ids/resource_name.h"
#include "common/paging/etag.h"
#include "common/status/status.h"
#include "common/wire/wire.h"

namespace tributary::conflict {

namespace {

static_assert(static_cast<int>(Deal::State::kWithdrawn) == v1::DealRegistration::WITHDRAWN);
static_assert(static_cast<int>(Deal::State::kLost) == v1::DealRegistration::LOST);

// A message says by an empty list what a set says by all_but.
template <typename Field>
void SetNames(const NameSet& set, Field* names, Field* excluded) {
  (set.all_but ? excluded : names)->Assign(set.names.begin(), set.names.end());
}

v1::DealConflict ToProto(const DealConflict& conflict) {
  v1::DealConflict message;
  message.mutable_product_lines()->Assign(conflict.product_lines.begin(), conflict.product_lines.end());
  message.mutable_regions()->Assign(conflict.regions.begin(), conflict.regions.end());
  *message.mutable_until() = wire::ToProto(conflict.until);
  if (conflict.contest_end) *message.mutable_contest_end() = wire::ToProto(*conflict.contest_end);
  return message;
}

}  // namespace

v1::DealBox ToProto(const Box& box) {
  v1::DealBox message;
  SetNames(box.product_lines, message.mutable_product_lines(), message.mutable_excluded_product_lines());
  message.mutable_regions()->Assign(box.regions.names.begin(), box.regions.names.end());
  SetNames(box.routes, message.mutable_routes(), message.mutable_excluded_routes());
  *message.mutable_effective_from() = wire::ToProto(box.time.start);
  *message.mutable_effective_to() = wire::ToProto(box.time.end);
  return message;
}

v1::DealRegistration ToProto(const Deal& deal) {
  v1::DealRegistration message;
  message.set_name(deal.name);
  message.set_uid(deal.uid.ToString());
  message.set_etag(EtagOf(deal.version));
  *message.mutable_create_time() = wire::ToProto(deal.create_time);
  *message.mutable_update_time() = wire::ToProto(deal.update_time);
  message.set_state(static_cast<v1::DealRegistration::State>(deal.state));
  message.set_customer_name(deal.customer_name);
  message.mutable_product_lines()->Assign(deal.scope.product_lines.begin(), deal.scope.product_lines.end());
  message.mutable_regions()->Assign(deal.scope.regions.begin(), deal.scope.regions.end());
  if (!deal.scope.routes.empty()) message.set_route(deal.scope.routes.front());
  *message.mutable_effective_from() = wire::ToProto(deal.scope.time.start);
  *message.mutable_effective_to() = wire::ToProto(deal.scope.time.end);
  if (deal.value) *message.mutable_value() = wire::ToProto(*deal.value);
  for (const Box& box : deal.granted) *message.add_granted_boxes() = ToProto(box);
  for (const Box& box : deal.waitlisted) *message.add_waitlisted_boxes() = ToProto(box);
  if (deal.conflict) *message.mutable_conflict() = ToProto(*deal.conflict);
  if (deal.contest_end) *message.mutable_contest_end() = wire::ToProto(*deal.contest_end);
  message.set_submission_count(deal.submissions);
  message.set_note(deal.note);
  if (deal.won_on) *message.mutable_win_date() = wire::ToProto(*deal.won_on);
  return message;
}

absl::StatusOr<Deal> FromProto(const v1::DealRegistration& message) {
  Deal deal;
  deal.customer_name = message.customer_name();
  deal.scope.product_lines.assign(message.product_lines().begin(), message.product_lines().end());
  deal.scope.regions.assign(message.regions().begin(), message.regions().end());
  if (!message.route().empty()) deal.scope.routes.push_back(message.route());
  ASSIGN_OR_RETURN(deal.scope.time.start, wire::FromProto(message.effective_from()));
  ASSIGN_OR_RETURN(deal.scope.time.end, wire::FromProto(message.effective_to()));
  if (message.has_value()) {
    ASSIGN_OR_RETURN(deal.value, wire::FromProto(message.value()));
  }
  return deal;
}

events::EventDraft Told(std::string_view verb, const Deal& deal) {
  return events::Draft(PartnerOf(deal.name), verb, deal.name, ToProto(deal));
}

}  // namespace tributary::conflict
