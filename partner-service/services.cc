#include "partner-service/services.h"

#include <functional>

#include "common/status/status.h"
#include "partner-service/look_alikes/name_sources.h"

namespace tributary::partner {

Services::Services(mysql::Database& database, events::Feed& feed, const PageTokens& tokens, bool webhooks_to_loopback)
    : customer_names_(database, CustomerNames()),
      partner_names_(database, PartnerNames()),
      application_names_(database, ApplicationNames()),
      regions_(region_index_, tokens),
      partners_(tokens),
      applications_({partner_names_, application_names_}, tokens),
      application_watch_(database, feed, tokens),
      agreements_(tokens),
      territory_grants_(tokens),
      credit_lines_(tokens),
      channels_(tokens),
      leads_(tokens),
      routing_policies_(tokens),
      fiscal_calendars_(tokens),
      exchange_rates_(tokens),
      sales_targets_(database, feed, tokens),
      courses_(tokens),
      certificates_(tokens),
      partner_programs_(tokens),
      tier_assignments_(tokens),
      scorecard_templates_(tokens),
      evaluations_(tokens),
      sanctions_(tokens),
      support_policies_(tokens),
      support_requests_(tokens),
      announcements_(region_index_, tokens),
      activities_(tokens),
      notifications_(tokens),
      documents_(tokens),
      relationships_(tokens),
      contacts_(database, tokens),
      bank_accounts_(database, tokens),
      approval_policies_(tokens),
      approval_tasks_(
          {{ApprovalSubjectKind::kBankAccount, std::bind_front(&BankAccountService::DecideAsked, &bank_accounts_)},
           {ApprovalSubjectKind::kCreditLine, std::bind_front(&CreditLineService::DecideAsked, &credit_lines_)}},
          tokens),
      webhook_endpoints_(webhooks_to_loopback, tokens),
      webhook_deliveries_(tokens),
      customers_(customer_names_, tokens),
      access_records_(tokens),
      imports_("tributary.partner.v1.ImportService",
               {{"regions", [this](const rpc::Call& call, rpc::Unit& unit, std::string_view import_id,
                                   int limit) { return regions_.Undo(call, unit, import_id, limit); }},
                {"applications", [this](const rpc::Call& call, rpc::Unit& unit, std::string_view import_id,
                                        int limit) { return applications_.Undo(call, unit, import_id, limit); }},
                {"exchangeRates", [this](const rpc::Call& call, rpc::Unit& unit, std::string_view import_id,
                                         int limit) { return exchange_rates_.Undo(call, unit, import_id, limit); }}},
               tokens) {}

absl::Status Services::Follow(events::Feed& feed) {
  RETURN_IF_ERROR(region_index_.Follow(feed));
  for (NamesInMemory* const names : {&customer_names_, &partner_names_, &application_names_}) {
    RETURN_IF_ERROR(names->Follow(feed));
  }
  return absl::OkStatus();
}

void Services::Register(rpc::Server& server) {
  regions_.Register(server);
  partners_.Register(server);
  applications_.Register(server);
  application_watch_.Register(server);
  agreements_.Register(server);
  territory_grants_.Register(server);
  credit_lines_.Register(server);
  channels_.Register(server);
  leads_.Register(server);
  routing_policies_.Register(server);
  fiscal_calendars_.Register(server);
  exchange_rates_.Register(server);
  sales_targets_.Register(server);
  courses_.Register(server);
  certificates_.Register(server);
  partner_programs_.Register(server);
  tier_assignments_.Register(server);
  scorecard_templates_.Register(server);
  evaluations_.Register(server);
  sanctions_.Register(server);
  support_policies_.Register(server);
  support_requests_.Register(server);
  announcements_.Register(server);
  activities_.Register(server);
  notifications_.Register(server);
  documents_.Register(server);
  relationships_.Register(server);
  contacts_.Register(server);
  bank_accounts_.Register(server);
  approval_policies_.Register(server);
  approval_tasks_.Register(server);
  webhook_endpoints_.Register(server);
  webhook_deliveries_.Register(server);
  customers_.Register(server);
  access_records_.Register(server);
  imports_.Register(server);
}

}  // namespace tributary::partner
