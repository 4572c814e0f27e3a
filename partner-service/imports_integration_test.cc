// Imports of regions and applications over the wire: bad rows, the same again, and what undoing takes back.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <string_view>

#include "partner-service/testing_masked.h"
#include "tributary/partner/v1/approval_task.pb.h"
#include "tributary/partner/v1/webhook_endpoint.pb.h"

namespace tributary::partner {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class PartnerImportsTest : public PartnersTest {};

TEST_F(PartnerImportsTest, RegionsComeByRowAndAreAnsweredFromMemory) {
  const std::string import = NewImport("regions");
  v1::BatchImportRegionsRequest rows;
  AddRegion(&rows, "aw-1", "", "Northwest");
  AddRegion(&rows, "aw-us-wa", "aw-1", "Washington");
  AddRegion(&rows, "aw-us-wa", "aw-1", "Washington");  // the same again
  AddRegion(&rows, "aw-us-or", "aw-7", "Oregon");      // no such parent
  AddRegion(&rows, "aw-us-wa", "aw-1", "Wash");        // another content
  AddRegion(&rows, "aw-x", "", "");                    // no name
  rows.mutable_rows(5)->mutable_region()->set_scheme(v1::Region::SCHEME_UNSPECIFIED);
  AddRegion(&rows, "aw-2", "aw-2", "Circle");
  ASSERT_OK_AND_ASSIGN(const auto reply, ImportRegions(rows, import));
  EXPECT_EQ(reply.accepted(), 2);
  EXPECT_EQ(reply.duplicate(), 1);
  std::map<int64_t, std::set<std::string>> errors;
  for (const api::v1::RowError& error : reply.errors()) {
    errors[error.row()].insert(StrCat(error.column(), " ", error.reason()));
  }
  EXPECT_THAT(errors[5], ElementsAre("parent_region REFERENCE_NOT_FOUND"));
  EXPECT_THAT(errors[6], ElementsAre("display_name ROW_CONFLICT"));
  EXPECT_THAT(errors[7], ElementsAre("display_name INVALID_FIELD", "scheme INVALID_FIELD"));
  EXPECT_THAT(errors[8], ElementsAre("parent_region INVALID_FIELD"));

  // All of it again changes nothing.
  ASSERT_OK_AND_ASSIGN(const auto again, ImportRegions(rows, NewImport("regions")));
  EXPECT_EQ(again.accepted(), 0);
  EXPECT_EQ(again.duplicate(), 3);
  ASSERT_OK_AND_ASSIGN(const auto counted,
                       (Get<api::v1::Import, api::v1::GetImportRequest>(kImports, "GetImport", import)));
  EXPECT_EQ(counted.counts().accepted(), 2);
  EXPECT_EQ(counted.counts().duplicate(), 1);
  EXPECT_EQ(counted.counts().rejected(), 4);

  const auto get = [&](std::string_view name) {
    return Get<v1::Region, v1::GetRegionRequest>(kRegions, "GetRegion", name);
  };
  ASSERT_OK_AND_ASSIGN(const v1::Region washington, get("regions/aw-us-wa"));
  EXPECT_EQ(washington.parent_region(), "regions/aw-1");
  EXPECT_THAT(get("regions/none"), HasReason(Reason::kNotFound));
  EXPECT_THAT(get("region"), Blames("name"));

  // Once the index has it, the database is not asked: what is changed behind the service's back is not seen.
  ASSERT_OK(service_.feed().Refresh());
  ASSERT_OK(service_.database().Transact(
      {}, [](mysql::Transaction& sql) { return sql.Execute("DELETE FROM region WHERE id = 'aw-us-wa'").status(); }));
  const absl::Time deadline = absl::Now() + absl::Seconds(30);
  while (!get("regions/aw-us-wa").ok() && absl::Now() < deadline) absl::SleepFor(absl::Milliseconds(2));
  ASSERT_OK_AND_ASSIGN(const v1::Region from_memory, get("regions/aw-us-wa"));
  EXPECT_EQ(from_memory.SerializeAsString(), washington.SerializeAsString());
}

TEST_F(PartnerImportsTest, AnUndoneImportOfRegionsFreesTheirIds) {
  v1::BatchImportRegionsRequest rows;
  AddRegion(&rows, "aw-1", "", "Northwest");
  AddRegion(&rows, "aw-us-wa", "aw-1", "Washington");
  const std::string import = NewImport("regions");
  ASSERT_OK(ImportRegions(rows, import));
  EXPECT_EQ(Undo(import), 2);
  EXPECT_THAT(ImportRegions(rows, import), HasReason(Reason::kStateConflict));
  v1::ListRegionsRequest list;
  ASSERT_OK_AND_ASSIGN(auto listed, Call<v1::ListRegionsResponse>(kRegions, "ListRegions", list));
  EXPECT_EQ(listed.regions_size(), 0);
  list.set_show_deleted(true);
  ASSERT_OK_AND_ASSIGN(listed, Call<v1::ListRegionsResponse>(kRegions, "ListRegions", list));
  EXPECT_EQ(listed.regions_size(), 2);
  v1::Partner partner = NewPartner();
  partner.set_home_region("regions/aw-1");
  EXPECT_THAT(CreatePartner("p-1", partner), HasReason(Reason::kReferenceNotFound));

  rows.mutable_rows(0)->mutable_region()->set_display_name("Other");
  ASSERT_OK_AND_ASSIGN(const auto reply, ImportRegions(rows, NewImport("regions")));
  EXPECT_EQ(reply.accepted(), 2);
  EXPECT_OK(CreatePartner("p-1", partner));
}

TEST_F(PartnerImportsTest, AnUndoneImportOfApplicationsTakesItsPartnersBack) {
  Territories();
  v1::BatchImportApplicationsRequest rows;
  for (const char* id : {"r-1", "r-2", "r-3"}) AddApplication(&rows, id);
  const std::string import = NewImport("applications");
  ASSERT_OK(ImportApplications(rows, import));
  Onboard("r-1");
  ASSERT_OK_AND_ASSIGN(const v1::Partner before, GetPartner("partners/r-1"));
  EXPECT_EQ(before.state(), v1::Partner::ACTIVE);
  v1::CreateCreditLineRequest credit;
  credit.set_parent("partners/r-1");
  credit.set_credit_line_id("main");
  credit.set_request_id(NewRequestId());
  credit.mutable_credit_line()->mutable_limit()->set_currency_code("USD");
  credit.mutable_credit_line()->mutable_limit()->set_units(50000);
  *credit.mutable_credit_line()->mutable_valid_from() = wire::ToProto(*Date::Parse("2013-01-01"));
  const auto finance = service_.ClientOf({.subject = "finance-1", .roles = {api::v1::FINANCE}});
  ASSERT_OK(As<v1::CreditLine>(*finance, kCreditLines, "CreateCreditLine", credit));
  ASSERT_OK(CreatePartner("group"));
  v1::CreatePartnerRelationshipRequest member;
  member.set_parent("partners/group");
  member.set_relationship_id("branch");
  member.set_request_id(NewRequestId());
  member.mutable_relationship()->set_kind(v1::PartnerRelationship::BRANCH);
  member.mutable_relationship()->set_other_partner("partners/r-1");
  *member.mutable_relationship()->mutable_valid_from() = wire::ToProto(*Date::Parse("2013-01-01"));
  const auto related = Call<v1::PartnerRelationship>(kRelationships, "CreatePartnerRelationship", member);
  ASSERT_OK(related);
  v1::CreateDocumentRequest document;
  document.set_document_id("license");
  document.set_content("Permit");
  document.set_request_id(NewRequestId());
  document.mutable_document()->set_owner("partners/r-1");
  document.mutable_document()->set_kind(v1::Document::LICENSE);
  document.mutable_document()->set_title("Permit");
  document.mutable_document()->set_media_type("text/plain");
  ASSERT_OK(Call<v1::Document>(kDocuments, "CreateDocument", document));

  v1::CreateContactRequest contact;
  contact.set_parent("partners/r-1");
  contact.set_contact_id("goods");
  contact.set_request_id(NewRequestId());
  contact.mutable_contact()->set_display_name("Goods in");
  contact.mutable_contact()->set_function(v1::Contact::LOGISTICS);
  ASSERT_OK(Call<v1::Contact>(kContacts, "CreateContact", contact));
  v1::CreateBankAccountRequest account;
  account.set_parent("partners/r-1");
  account.set_bank_account_id("main");
  account.set_request_id(NewRequestId());
  account.mutable_bank_account()->set_holder_name("A Bike Store");
  account.mutable_bank_account()->set_bank_name("Bank");
  account.mutable_bank_account()->set_currency("USD");
  account.mutable_bank_account()->set_number_type(v1::BankAccountTerms::LOCAL);
  account.mutable_bank_account()->set_account_number("100123450920");
  ASSERT_OK(As<v1::BankAccount>(*finance, kBankAccounts, "CreateBankAccount", account));

  v1::CreateWebhookEndpointRequest endpoint;
  endpoint.set_parent("partners/r-1");
  endpoint.set_webhook_endpoint_id("main");
  endpoint.set_request_id(NewRequestId());
  endpoint.mutable_webhook_endpoint()->set_url("https://hooks.example.com/");
  ASSERT_OK(As<v1::WebhookEndpoint>(*service_.UserOf("r-1"), "tributary.partner.v1.WebhookEndpointService/",
                                    "CreateWebhookEndpoint", endpoint));

  EXPECT_EQ(Undo(import), 3);
  // A partner of this id that comes after sees nothing of the one before.
  ASSERT_OK_AND_ASSIGN(const v1::Document released,
                       (Get<v1::Document, v1::GetDocumentRequest>(kDocuments, "GetDocument", "documents/license")));
  EXPECT_EQ(released.owner(), "");
  EXPECT_THAT((Get<v1::PartnerRelationship, v1::GetPartnerRelationshipRequest>(kRelationships, "GetPartnerRelationship",
                                                                               "partners/group/relationships/branch")),
              HasReason(Reason::kNotFound));
  v1::GetPartnerRelationshipRequest branch;
  branch.set_name("partners/group/relationships/branch");
  *branch.mutable_known_time() = related->update_time();
  EXPECT_OK(Call<v1::PartnerRelationship>(kRelationships, "GetPartnerRelationship", branch));
  EXPECT_THAT((Get<v1::Contact, v1::GetContactRequest>(kContacts, "GetContact", "partners/r-1/contacts/goods")),
              HasReason(Reason::kNotFound));
  EXPECT_THAT((Get<v1::BankAccount, v1::GetBankAccountRequest>(kBankAccounts, "GetBankAccount",
                                                               "partners/r-1/bankAccounts/main")),
              HasReason(Reason::kNotFound));
  EXPECT_THAT(
      (Get<v1::WebhookEndpoint, v1::GetWebhookEndpointRequest>(
          "tributary.partner.v1.WebhookEndpointService/", "GetWebhookEndpoint", "partners/r-1/webhookEndpoints/main")),
      HasReason(Reason::kNotFound));
  // Nor does what it asked for wait for anybody.
  ASSERT_OK_AND_ASSIGN(const auto tasks,
                       Call<v1::ListApprovalTasksResponse>("tributary.partner.v1.ApprovalTaskService/",
                                                           "ListApprovalTasks", v1::ListApprovalTasksRequest()));
  ASSERT_EQ(tasks.approval_tasks_size(), 1);
  EXPECT_EQ(tasks.approval_tasks(0).state(), v1::ApprovalTask::WITHDRAWN);
  ASSERT_OK_AND_ASSIGN(const v1::Application application, GetApplication("applications/r-1"));
  EXPECT_EQ(application.state(), v1::Application::WITHDRAWN);
  ASSERT_OK_AND_ASSIGN(const v1::Partner partner, GetPartner("partners/r-1"));
  EXPECT_EQ(partner.state(), v1::Partner::TERMINATED);
  ASSERT_OK_AND_ASSIGN(
      const v1::Agreement agreement,
      (Get<v1::Agreement, v1::GetAgreementRequest>(kAgreements, "GetAgreement", "partners/r-1/agreements/main")));
  EXPECT_EQ(agreement.state(), v1::Agreement::TERMINATED);
  ASSERT_OK_AND_ASSIGN(const v1::TerritoryGrant grant,
                       (Get<v1::TerritoryGrant, v1::GetTerritoryGrantRequest>(kGrants, "GetTerritoryGrant",
                                                                              "partners/r-1/territoryGrants/home")));
  EXPECT_EQ(grant.state(), v1::TerritoryGrant::REVOKED);
  ASSERT_OK_AND_ASSIGN(const v1::CreditLine held, (Get<v1::CreditLine, v1::GetCreditLineRequest>(
                                                      kCreditLines, "GetCreditLine", "partners/r-1/creditLines/main")));
  EXPECT_TRUE(held.on_hold());

  // The same file goes in again, other content and all, and the same ids are given again.
  rows.mutable_rows(1)->mutable_application()->set_legal_name("Another Bike Store");
  ASSERT_OK_AND_ASSIGN(const auto again, ImportApplications(rows, NewImport("applications")));
  EXPECT_EQ(again.accepted(), 3);
  Onboard("r-1");
  Onboard("r-2");
  ASSERT_OK_AND_ASSIGN(const v1::Partner after, GetPartner("partners/r-1"));
  EXPECT_EQ(after.state(), v1::Partner::ACTIVE);
  EXPECT_NE(after.uid(), before.uid());
  EXPECT_NE(after.etag(), before.etag());
}

TEST_F(PartnerImportsTest, BadRowsOfApplicationsAreToldAndGoodOnesGoIn) {
  Territories();
  v1::BatchImportApplicationsRequest rows;
  AddApplication(&rows, "r-1");
  AddApplication(&rows, "r-2");
  rows.mutable_rows(1)->mutable_application()->set_home_region("regions/none");
  AddApplication(&rows, "r-3");
  rows.mutable_rows(2)->mutable_application()->mutable_annual_sales()->set_units(-1);
  AddApplication(&rows, "r-1", "Another name");
  AddApplication(&rows, "r 4");
  AddApplication(&rows, "r-5");
  rows.mutable_rows(5)->mutable_application()->set_legal_name("");
  AddApplication(&rows, "r-1");
  ASSERT_OK_AND_ASSIGN(const auto reply, ImportApplications(rows, NewImport("applications")));
  EXPECT_EQ(reply.accepted(), 1);
  EXPECT_EQ(reply.duplicate(), 1);
  std::map<int64_t, std::string> errors;
  for (const api::v1::RowError& error : reply.errors())
    errors[error.row()] = StrCat(error.column(), " ", error.reason());
  EXPECT_EQ(errors.size(), 5u);
  EXPECT_EQ(errors[3], "home_region REFERENCE_NOT_FOUND");
  EXPECT_THAT(errors[4], HasSubstr("annual_sales"));
  EXPECT_EQ(errors[5], "legal_name ROW_CONFLICT");
  EXPECT_EQ(errors[6], "name INVALID_FIELD");
  EXPECT_EQ(errors[7], "legal_name INVALID_FIELD");
  EXPECT_THAT(ImportApplications(rows, NewImport("regions")), Blames("import"));
  EXPECT_THAT(ImportApplications(rows, ""), Blames("import"));
}

}  // namespace
}  // namespace tributary::partner
