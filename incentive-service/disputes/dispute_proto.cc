#include "incentive-service/disputes/dispute_proto.h"

#include <utility>
#include <vector>

#include "common/ids/resource_name.h"
#include "common/paging/etag.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "common/wire/wire.h"
#include "incentive-service/accruals/accrual_proto.h"

namespace tributary::incentive {

absl::StatusOr<DisputeKey> ParseDisputeName(std::string_view name) {
  ASSIGN_OR_RETURN(std::vector<std::string> ids,
                   ParseResourceName(name, "partners/{partner}/statements/{statement}/disputes/{dispute}"));
  ASSIGN_OR_RETURN(StatementKey statement, ParseStatementName(StrCat("partners/", ids[0], "/statements/", ids[1])));
  return DisputeKey{std::move(statement), std::move(ids[2])};
}

v1::Dispute ToProto(const Dispute& dispute) {
  v1::Dispute message;
  message.set_name(dispute.name());
  message.set_uid(dispute.uid.ToString());
  message.set_etag(EtagOf(dispute.version));
  *message.mutable_create_time() = wire::ToProto(dispute.create_time);
  *message.mutable_update_time() = wire::ToProto(dispute.update_time);
  message.set_state(static_cast<v1::Dispute::State>(dispute.state));
  for (const DisputedItem& item : dispute.items) {
    v1::Dispute::Item& next = *message.add_items();
    next.set_entry(item.ordinal);
    for (const int64_t line : item.lines) next.add_lines(line);
    *next.mutable_withheld() = MoneyToProto(item.withheld, dispute.currency);
  }
  message.set_reason(dispute.reason);
  *message.mutable_withheld() = MoneyToProto(dispute.withheld(), dispute.currency);
  message.set_opener(dispute.opener);
  message.set_resolver(dispute.resolver);
  message.set_resolution_note(dispute.resolution_note);
  if (!dispute.adjustment.empty()) {
    message.set_adjustment(StrCat("partners/", dispute.partner, "/adjustments/", dispute.adjustment));
  }
  return message;
}

Dispute FromProto(const v1::Dispute& message, const Statement& statement) {
  Dispute dispute{.partner = statement.partner,
                  .statement = statement.number,
                  .currency = statement.currency,
                  .reason = message.reason()};
  for (const v1::Dispute::Item& item : message.items()) {
    dispute.items.push_back({.ordinal = item.entry(), .lines = {item.lines().begin(), item.lines().end()}});
  }
  return dispute;
}

}  // namespace tributary::incentive
