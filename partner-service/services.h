#pragma once

// The services of this process, put together once for the program and for its tests.

#include "common/events/feed.h"
#include "common/imports/import_service.h"
#include "common/mysql/database.h"
#include "common/paging/page_token.h"
#include "common/rpc/server.h"
#include "partner-service/access_records/access_record_service.h"
#include "partner-service/activities/activity_service.h"
#include "partner-service/agreements/agreement_service.h"
#include "partner-service/announcements/announcement_service.h"
#include "partner-service/applications/application_service.h"
#include "partner-service/applications/application_watch.h"
#include "partner-service/approvals/approval_policy_service.h"
#include "partner-service/approvals/approval_task_service.h"
#include "partner-service/bank_accounts/bank_account_service.h"
#include "partner-service/channels/channel_service.h"
#include "partner-service/contacts/contact_service.h"
#include "partner-service/courses/certificate_service.h"
#include "partner-service/courses/course_service.h"
#include "partner-service/credit_lines/credit_line_service.h"
#include "partner-service/customers/customer_service.h"
#include "partner-service/documents/document_service.h"
#include "partner-service/evaluations/evaluation_service.h"
#include "partner-service/exchange_rates/exchange_rate_service.h"
#include "partner-service/fiscal_calendars/fiscal_calendar_service.h"
#include "partner-service/leads/lead_service.h"
#include "partner-service/leads/routing_policy_service.h"
#include "partner-service/look_alikes/names_in_memory.h"
#include "partner-service/notifications/notification_service.h"
#include "partner-service/partner_programs/partner_program_service.h"
#include "partner-service/partners/partner_service.h"
#include "partner-service/regions/region_index.h"
#include "partner-service/regions/region_service.h"
#include "partner-service/relationships/relationship_service.h"
#include "partner-service/sales_targets/sales_target_service.h"
#include "partner-service/sanctions/sanction_service.h"
#include "partner-service/scorecards/scorecard_template_service.h"
#include "partner-service/support_requests/support_policy_service.h"
#include "partner-service/support_requests/support_request_service.h"
#include "partner-service/territory_grants/territory_grant_service.h"
#include "partner-service/tier_assignments/tier_assignment_service.h"
#include "partner-service/webhooks/webhook_delivery_service.h"
#include "partner-service/webhooks/webhook_endpoint_service.h"

namespace tributary::partner {

class Services {
 public:
  // All outlive this.
  // `webhooks_to_loopback`: for development, see CheckWebhookUrl.
  Services(mysql::Database& database, events::Feed& feed, const PageTokens& tokens, bool webhooks_to_loopback);

  void Register(rpc::Server& server);
  // Fills what is answered from memory and keeps it so. `feed` has been started, and is stopped before this goes.
  absl::Status Follow(events::Feed& feed);

 private:
  RegionIndex region_index_;
  NamesInMemory customer_names_, partner_names_, application_names_;
  RegionService regions_;
  PartnerService partners_;
  ApplicationService applications_;
  ApplicationWatch application_watch_;
  AgreementService agreements_;
  TerritoryGrantService territory_grants_;
  CreditLineService credit_lines_;
  ChannelService channels_;
  LeadService leads_;
  RoutingPolicyService routing_policies_;
  FiscalCalendarService fiscal_calendars_;
  ExchangeRateService exchange_rates_;
  SalesTargetService sales_targets_;
  CourseService courses_;
  CertificateService certificates_;
  PartnerProgramService partner_programs_;
  TierAssignmentService tier_assignments_;
  ScorecardTemplateService scorecard_templates_;
  EvaluationService evaluations_;
  SanctionService sanctions_;
  SupportPolicyService support_policies_;
  SupportRequestService support_requests_;
  AnnouncementService announcements_;
  ActivityService activities_;
  NotificationService notifications_;
  DocumentService documents_;
  RelationshipService relationships_;
  ContactService contacts_;
  BankAccountService bank_accounts_;
  ApprovalPolicyService approval_policies_;
  ApprovalTaskService approval_tasks_;
  WebhookEndpointService webhook_endpoints_;
  WebhookDeliveryService webhook_deliveries_;
  CustomerService customers_;
  AccessRecordService access_records_;
  imports::ImportService imports_;
};

}  // namespace tributary::partner
