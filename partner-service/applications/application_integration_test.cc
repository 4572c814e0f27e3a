// Applications over the wire: gates, documents, questions and answers, screening of many, and watching, by the vendor
// and by the prospect.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "partner-service/testing_partners.h"
#include "tributary/partner/v1/channel.pb.h"

namespace tributary::partner {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class ApplicationsTest : public PartnersTest {
 protected:
  ApplicationsTest() {
    Territories();
    for (const char* id : {"p-1", "p-2"}) EXPECT_OK(CreatePartner(id, NewPartner(StrCat("Company of ", id))));
    v1::CreateChannelRequest request;
    request.set_channel_id("bikes");
    request.mutable_channel()->set_display_name("Bikes");
    request.mutable_channel()->set_type(v1::Channel::INDIRECT);
    request.mutable_channel()->set_route(v1::Channel::OFFLINE);
    request.mutable_channel()->set_level(v1::Channel::VENDOR);
    request.mutable_channel()->set_product_line("productLines/bikes");
    request.mutable_channel()->add_required_documents(v1::Document::IDENTITY);
    request.mutable_channel()->add_required_documents(v1::Document::LICENSE);
    request.set_request_id(NewRequestId());
    EXPECT_OK(Call<v1::Channel>("tributary.partner.v1.ChannelService/", "CreateChannel", request));
  }

  static v1::Application Wish(const std::string& legal_name = "Northwest Wheels Ltd.") {
    v1::Application application;
    application.set_legal_name(legal_name);
    application.set_kind(v1::Partner::DEALER);
    application.set_currency("USD");
    application.set_home_region("regions/aw-us-wa");
    application.set_employees(60);
    application.set_year_opened(1990);
    return application;
  }
  absl::StatusOr<v1::Application> Create(rpc::Client& client, const v1::Application& application,
                                         const std::string& id = "") {
    v1::CreateApplicationRequest request;
    *request.mutable_application() = application;
    request.set_application_id(id);
    request.set_request_id(NewRequestId());
    return As<v1::Application>(client, kApplications, "CreateApplication", request);
  }
  template <typename Request>
  absl::StatusOr<v1::Application> Own(rpc::Client& client, const char* method, const std::string& name,
                                      const std::string& partner) {
    Request request;
    request.set_name(name);
    request.set_partner(partner);
    return As<v1::Application>(client, kApplications, method, request);
  }
  absl::StatusOr<v1::Application> Update(rpc::Client& client, const v1::Application& application,
                                         const std::vector<std::string>& fields, const std::string& partner = "") {
    v1::UpdateApplicationRequest request;
    *request.mutable_application() = application;
    for (const std::string& field : fields) request.mutable_update_mask()->add_paths(field);
    request.set_partner(partner);
    request.set_request_id(NewRequestId());
    return As<v1::Application>(client, kApplications, "UpdateApplication", request);
  }
  std::string Document(rpc::Client& client, const std::string& owner, v1::Document::Kind kind) {
    v1::CreateDocumentRequest request;
    request.mutable_document()->set_owner(owner);
    request.mutable_document()->set_kind(kind);
    request.mutable_document()->set_title("Proof");
    request.mutable_document()->set_media_type("text/plain");
    request.set_content(StrCat("Proof ", v1::Document::Kind_Name(kind)));
    const auto made = As<v1::Document>(client, kDocuments, "CreateDocument", request);
    EXPECT_OK(made);
    return made.ok() ? made->name() : "";
  }
  absl::StatusOr<v1::Application> Screen(const std::string& name, const std::string& version = "") {
    v1::ScreenApplicationRequest request;
    request.set_name(name);
    request.set_criteria_version(version);
    return Call<v1::Application>(kApplications, "ScreenApplication", request);
  }
  absl::StatusOr<v1::Application> Ask(const std::string& name, const std::string& text,
                                      const std::vector<v1::Document::Kind>& kinds = {}) {
    v1::RequestApplicationInfoRequest request;
    request.set_name(name);
    request.set_text(text);
    for (const v1::Document::Kind kind : kinds) request.add_document_kinds(kind);
    return Call<v1::Application>(kApplications, "RequestApplicationInfo", request);
  }
  static std::vector<std::string> StatesOf(const v1::Application& application) {
    std::vector<std::string> states;
    for (const v1::ApplicationGate& gate : application.gates()) {
      states.push_back(v1::ApplicationGate::State_Name(gate.state()));
    }
    return states;
  }
  // An application that waits to be screened.
  std::string Waiting(const std::string& id, const std::string& legal_name) {
    EXPECT_OK(Create(*manager_, Wish(legal_name), id));
    const auto submitted = Do<v1::Application, v1::SubmitApplicationRequest>(kApplications, "SubmitApplication",
                                                                             StrCat("applications/", id));
    EXPECT_OK(submitted);
    EXPECT_EQ(submitted->state(), v1::Application::SCREENING);
    return submitted->name();
  }
  absl::StatusOr<v1::BatchScreenApplicationsResponse> ScreenMany(const std::vector<std::string>& names) {
    v1::BatchScreenApplicationsRequest request;
    for (const std::string& name : names) request.add_names(name);
    request.set_request_id(NewRequestId());
    return Call<v1::BatchScreenApplicationsResponse>(kApplications, "BatchScreenApplications", request);
  }
};

TEST_F(ApplicationsTest, AProspectAppliesAnswersAndIsConverted) {
  const auto user = service_.UserOf("p-1");
  const std::string self = "partners/p-1";
  v1::Application wish = Wish();
  wish.set_prospect(self);
  wish.set_channel("channels/bikes");
  ASSERT_OK_AND_ASSIGN(v1::Application application, Create(*user, wish));
  EXPECT_EQ(application.state(), v1::Application::DRAFT);
  EXPECT_EQ(application.created_by(), "user-of-p-1");
  EXPECT_THAT(StatesOf(application), ElementsAre("PENDING", "PENDING", "PENDING"));

  // Handed in without what the channel asks for.
  const std::string name = application.name();
  ASSERT_OK_AND_ASSIGN(application, Own<v1::SubmitApplicationRequest>(*user, "SubmitApplication", name, self));
  EXPECT_EQ(application.state(), v1::Application::SUBMITTED);
  EXPECT_THAT(StatesOf(application), ElementsAre("OPEN", "PENDING", "PENDING"));
  EXPECT_EQ(application.gates(0).owner(), self);
  EXPECT_EQ(application.gates(0).blocker(), "missing: LICENSE, IDENTITY");
  EXPECT_THAT(application.gates(0).missing_documents(), ElementsAre(v1::Document::LICENSE, v1::Document::IDENTITY));
  EXPECT_TRUE(application.gates(0).has_due());
  EXPECT_THAT(Screen(name), HasReason(Reason::kStateConflict));

  // The second document moves it on; hashes are kept.
  application.add_documents()->set_document(Document(*user, self, v1::Document::LICENSE));
  ASSERT_OK_AND_ASSIGN(application, Update(*user, application, {"documents"}, self));
  EXPECT_EQ(application.state(), v1::Application::SUBMITTED);
  application.add_documents()->set_document(Document(*user, self, v1::Document::IDENTITY));
  ASSERT_OK_AND_ASSIGN(application, Update(*user, application, {"documents"}, self));
  EXPECT_EQ(application.state(), v1::Application::SCREENING);
  EXPECT_EQ(application.documents(0).kind(), v1::Document::LICENSE);
  EXPECT_EQ(application.documents(0).sha256().size(), 64u);
  EXPECT_THAT(StatesOf(application), ElementsAre("PASSED", "OPEN", "PENDING"));

  ASSERT_OK_AND_ASSIGN(v1::Application seen, Screen(name));
  EXPECT_EQ(seen.state(), v1::Application::IN_REVIEW);
  EXPECT_EQ(seen.screening().criteria_version(), "2026-2");
  EXPECT_EQ(seen.screening().score(), 35 + 5 + 15 + 10);
  EXPECT_THAT(seen.screening().missing(), ElementsAre("tax_id", "references", "annual_sales", "certificates"));
  int points = 0;
  for (const auto& aspect : seen.screening().aspects()) points += aspect.points();
  EXPECT_EQ(points, seen.screening().score());
  // What was found is the vendor's; the gates are both sides'.
  ASSERT_OK_AND_ASSIGN(application, Own<v1::GetApplicationRequest>(*user, "GetApplication", name, self));
  EXPECT_FALSE(application.has_screening());
  EXPECT_THAT(StatesOf(application), ElementsAre("PASSED", "PASSED", "OPEN"));
  application.set_legal_name("Another name");
  EXPECT_THAT(Update(*user, application, {"legal_name"}, self), HasReason(Reason::kStateConflict));

  ASSERT_OK_AND_ASSIGN(seen, Ask(name, "Who will repair?", {v1::Document::CERTIFICATE}));
  EXPECT_EQ(seen.info_request().asked_by(), "manager-1");
  ASSERT_OK_AND_ASSIGN(application, Own<v1::GetApplicationRequest>(*user, "GetApplication", name, self));
  EXPECT_EQ(application.state(), v1::Application::INFO_REQUESTED);
  EXPECT_EQ(application.info_request().text(), "Who will repair?");
  EXPECT_EQ(application.info_request().asked_by(), "");
  EXPECT_EQ(application.gates(0).blocker(), "asked for: Who will repair?; missing: CERTIFICATE");
  application.add_documents()->set_document(Document(*user, self, v1::Document::CERTIFICATE));
  application.add_references("First Bank of Seattle");
  ASSERT_OK_AND_ASSIGN(application, Update(*user, application, {"documents", "references"}, self));
  EXPECT_EQ(application.state(), v1::Application::INFO_REQUESTED);
  ASSERT_OK_AND_ASSIGN(application, Own<v1::SubmitApplicationRequest>(*user, "SubmitApplication", name, self));
  EXPECT_EQ(application.state(), v1::Application::SCREENING);
  ASSERT_OK_AND_ASSIGN(seen, Screen(name));
  EXPECT_EQ(seen.screening().score(), 65 + 4 + 5);

  ASSERT_OK_AND_ASSIGN(seen,
                       (Do<v1::Application, v1::ApproveApplicationRequest>(kApplications, "ApproveApplication", name)));
  EXPECT_EQ(seen.decided_by(), "manager-1");
  EXPECT_THAT(Convert(name, "p-3"), Blames("partner_id"));
  ASSERT_OK_AND_ASSIGN(const v1::Partner partner, Convert(name, ""));
  EXPECT_EQ(partner.name(), self);
  EXPECT_EQ(partner.state(), v1::Partner::PROSPECT);
  EXPECT_EQ(partner.legal_name(), "Northwest Wheels Ltd.");
  EXPECT_EQ(partner.channel(), "channels/bikes");
  EXPECT_EQ(partner.application(), name);
  ASSERT_OK_AND_ASSIGN(application, Own<v1::GetApplicationRequest>(*user, "GetApplication", name, self));
  EXPECT_EQ(application.partner(), self);
  EXPECT_EQ(application.decided_by(), "");
  const std::multiset<std::string> told = Told();
  EXPECT_EQ(told.count(StrCat("submitted ", name)), 2u);
  EXPECT_EQ(told.count(StrCat("infoRequested ", name)), 1u);
  EXPECT_EQ(told.count(StrCat("converted ", name)), 1u);
  EXPECT_EQ(told.count("updated partners/p-1"), 1u);
}

TEST_F(ApplicationsTest, AnothersIsAnsweredAsOneThatIsNotThere) {
  const auto user = service_.UserOf("p-1"), other = service_.UserOf("p-2");
  v1::Application wish = Wish();
  wish.set_prospect("partners/p-1");
  ASSERT_OK_AND_ASSIGN(const v1::Application application, Create(*user, wish));
  const std::string name = application.name(), none = "applications/none";
  const auto message = [&](const absl::Status& status, const std::string& asked) {
    EXPECT_THAT(status, HasReason(Reason::kNotFound));
    std::string text(status.message());
    for (size_t at; (at = text.find(asked)) != std::string::npos;) text.replace(at, asked.size(), "X");
    return text;
  };
  const auto alike = [&](const auto& ask) { EXPECT_EQ(message(ask(name), name), message(ask(none), none)); };
  alike([&](const std::string& one) {
    return Own<v1::GetApplicationRequest>(*other, "GetApplication", one, "partners/p-2").status();
  });
  alike([&](const std::string& one) {
    return Own<v1::SubmitApplicationRequest>(*other, "SubmitApplication", one, "partners/p-2").status();
  });
  alike([&](const std::string& one) {
    return Own<v1::WithdrawApplicationRequest>(*other, "WithdrawApplication", one, "partners/p-2").status();
  });
  alike([&](const std::string& one) {
    v1::Application changed = Wish("Other");
    changed.set_name(one);
    return Update(*other, changed, {"legal_name"}, "partners/p-2").status();
  });
  alike([&](const std::string& one) {
    v1::WatchApplicationRequest request;
    request.set_name(one);
    request.set_partner("partners/p-2");
    const auto reader = other->OpenStream(StrCat(kApplications, "WatchApplication"), request);
    v1::WatchApplicationResponse answer;
    EXPECT_FALSE(reader->Read(&answer));
    return reader->Finish();
  });
  EXPECT_THAT(Own<v1::GetApplicationRequest>(*other, "GetApplication", name, "partners/p-1"),
              HasReason(Reason::kPermissionDenied));
  v1::ListApplicationsRequest list;
  list.set_partner("partners/-");
  ASSERT_OK_AND_ASSIGN(auto page, As<v1::ListApplicationsResponse>(*other, kApplications, "ListApplications", list));
  EXPECT_THAT(page.applications(), IsEmpty());
  ASSERT_OK_AND_ASSIGN(page, As<v1::ListApplicationsResponse>(*user, kApplications, "ListApplications", list));
  EXPECT_EQ(page.applications_size(), 1);
}

TEST_F(ApplicationsTest, WhatIsRefused) {
  const auto user = service_.UserOf("p-1");
  v1::Application wish = Wish();
  EXPECT_THAT(Create(*user, wish), HasReason(Reason::kPermissionDenied)) << "nobody's";
  wish.set_prospect("partners/p-2");
  EXPECT_THAT(Create(*user, wish), HasReason(Reason::kPermissionDenied));
  wish.set_prospect("partners/p-1");
  EXPECT_THAT(Create(*user, wish, "mine"), Blames("application_id"));
  v1::Application reviewed = wish;
  reviewed.set_reviewer("user-of-p-1");
  EXPECT_THAT(Create(*user, reviewed), Blames("application.reviewer"));
  // A document of another's, and none.
  v1::Application proved = wish;
  proved.add_documents()->set_document(Document(*manager_, "partners/p-2", v1::Document::LICENSE));
  proved.add_documents()->set_document("documents/none");
  const auto refused = Create(*user, proved);
  EXPECT_THAT(refused, HasReason(Reason::kReferenceNotFound));
  EXPECT_THAT(refused, Blames("application.documents[0].document"));
  EXPECT_THAT(refused, Blames("application.documents[1].document"));
  v1::Application routed = wish;
  routed.set_channel("channels/none");
  EXPECT_THAT(Create(*manager_, routed), Blames("application.channel"));
  v1::Application nobody = wish;
  nobody.set_prospect("partners/none");
  EXPECT_THAT(Create(*manager_, nobody), Blames("application.prospect"));
  // Who trades already does not apply.
  SignedAgreement("partners/p-2");
  ASSERT_OK((Do<v1::Partner, v1::ActivatePartnerRequest>(kPartners, "ActivatePartner", "partners/p-2")));
  nobody.set_prospect("partners/p-2");
  EXPECT_THAT(Create(*manager_, nobody), HasReason(Reason::kStateConflict));

  ASSERT_OK_AND_ASSIGN(v1::Application application, Create(*user, wish));
  application.set_reviewer("user-of-p-1");
  EXPECT_THAT(Update(*user, application, {"reviewer"}, "partners/p-1"), Blames("update_mask.paths[0]"));
  ASSERT_OK_AND_ASSIGN(application, Update(*manager_, application, {"reviewer"}));
  EXPECT_EQ(application.gates(2).owner(), "user-of-p-1");
  EXPECT_THAT(Screen(application.name(), "2020-1"), Blames("criteria_version"));
  EXPECT_THAT(Ask(application.name(), "What?"), HasReason(Reason::kStateConflict));
  EXPECT_THAT(Ask(application.name(), "What?", {v1::Document::KIND_UNSPECIFIED}), Blames("document_kinds[0]"));
  EXPECT_THAT(Ask(application.name(), ""), Blames("text"));

  v1::BatchImportApplicationsRequest rows;
  AddApplication(&rows, "r-1");
  rows.mutable_rows(0)->mutable_application()->set_prospect("partners/p-1");
  ASSERT_OK_AND_ASSIGN(const auto imported, ImportApplications(rows, NewImport("applications")));
  EXPECT_EQ(imported.accepted(), 0);
  EXPECT_EQ(imported.errors_size(), 1);
}

TEST_F(ApplicationsTest, AChannelThatAnApplicationNamesStays) {
  v1::Application wish = Wish();
  wish.set_channel("channels/bikes");
  ASSERT_OK(Create(*manager_, wish, "a-1"));
  const auto remove = [&] {
    v1::DeleteChannelRequest request;
    request.set_name("channels/bikes");
    return Call<google::protobuf::Empty>("tributary.partner.v1.ChannelService/", "DeleteChannel", request);
  };
  EXPECT_THAT(remove(), HasReason(Reason::kInUse));
  ASSERT_OK(
      (Do<v1::Application, v1::WithdrawApplicationRequest>(kApplications, "WithdrawApplication", "applications/a-1")));
  EXPECT_OK(remove());
}

TEST_F(ApplicationsTest, ManyAreScreenedAtOnceOrNone) {
  const std::string a = Waiting("a-1", "Wheels and More Inc."), b = Waiting("a-2", "Another Shop"),
                    c = Waiting("a-3", "WHEELS & MORE");
  ASSERT_OK(Create(*manager_, Wish("Draft"), "draft"));
  EXPECT_THAT(ScreenMany({a, "applications/none"}), HasReason(Reason::kNotFound));
  EXPECT_THAT(ScreenMany({a, "applications/draft"}), HasReason(Reason::kStateConflict));
  EXPECT_THAT(ScreenMany({a, b, a}), Blames("names[2]"));
  EXPECT_THAT(ScreenMany({}), Blames("names"));
  EXPECT_EQ(GetApplication(a)->state(), v1::Application::SCREENING);

  ASSERT_OK_AND_ASSIGN(const auto screened, ScreenMany({c, a, b}));
  EXPECT_EQ(screened.criteria_version(), "2026-2");
  ASSERT_EQ(screened.screened_size(), 3);
  EXPECT_EQ(screened.screened(0).name(), c);
  EXPECT_EQ(screened.screened(0).score(), 60);
  EXPECT_TRUE(screened.screened(0).passed());
  EXPECT_EQ(screened.screened(0).duplicates(), 1);
  EXPECT_EQ(screened.screened(2).duplicates(), 0);
  ASSERT_OK_AND_ASSIGN(const v1::Application read, GetApplication(a));
  EXPECT_EQ(read.state(), v1::Application::IN_REVIEW);
  EXPECT_EQ(read.etag(), screened.screened(1).etag());
  ASSERT_EQ(read.screening().duplicates_size(), 1);
  EXPECT_EQ(read.screening().duplicates(0).name(), c);
  EXPECT_EQ(read.screening().duplicates(0).reason(), "legal name");
  EXPECT_NE(read.gates(2).blocker().find(StrCat("like ", c, " by its legal name")), std::string::npos);
}

TEST_F(ApplicationsTest, APartnerThatLooksLikeItIsFound) {
  v1::Partner partner = NewPartner("Wheels and More");
  v1::TaxId& tax_id = *partner.add_tax_ids();
  tax_id.set_type(v1::TaxId::CN_USCC);
  tax_id.set_value("91350100M000100Y43");
  ASSERT_OK(CreatePartner("p-9", partner));
  v1::Application wish = Wish("Wheels & More Ltd.");
  wish.set_tax_id("91350100M000100Y43");
  ASSERT_OK(Create(*manager_, wish, "a-1"));
  ASSERT_OK(
      (Do<v1::Application, v1::SubmitApplicationRequest>(kApplications, "SubmitApplication", "applications/a-1")));
  ASSERT_OK_AND_ASSIGN(const v1::Application screened, Screen("applications/a-1", "2026-1"));
  EXPECT_EQ(screened.screening().criteria_version(), "2026-1");
  ASSERT_EQ(screened.screening().duplicates_size(), 2);
  EXPECT_EQ(screened.screening().duplicates(0).name(), "partners/p-9");
  EXPECT_EQ(screened.screening().duplicates(0).reason(), "tax id");
  EXPECT_EQ(screened.screening().duplicates(1).reason(), "legal name");
}

TEST_F(ApplicationsTest, AMisspelledNameIsSimilar) {
  ASSERT_OK(CreatePartner("p-9", NewPartner("Northwind Optics Ltd.")));
  std::set<std::string> similar;
  // What is in memory is a moment behind.
  const absl::Time give_up = absl::Now() + absl::Seconds(20);
  for (int i = 0; !similar.contains("partners/p-9") && absl::Now() < give_up; ++i) {
    const std::string name = StrCat("applications/a-", i);
    ASSERT_OK(Create(*manager_, Wish("Nortwind Optcs"), StrCat("a-", i)));
    ASSERT_OK((Do<v1::Application, v1::SubmitApplicationRequest>(kApplications, "SubmitApplication", name)));
    ASSERT_OK_AND_ASSIGN(const v1::Application screened, Screen(name));
    for (const auto& duplicate : screened.screening().duplicates()) {
      if (duplicate.reason() == "similar name") similar.insert(duplicate.name());
    }
  }
  EXPECT_THAT(similar, ElementsAre("partners/p-9"));
}

TEST_F(ApplicationsTest, AWatchTellsBothSidesAndGoesOnWhereItWas) {
  const auto user = service_.UserOf("p-1");
  v1::Application wish = Wish();
  wish.set_prospect("partners/p-1");
  ASSERT_OK_AND_ASSIGN(const v1::Application application, Create(*user, wish));
  v1::WatchApplicationRequest request;
  request.set_name(application.name());
  const auto vendors = manager_->OpenStream(StrCat(kApplications, "WatchApplication"), request);
  request.set_partner("partners/p-1");
  const auto own = user->OpenStream(StrCat(kApplications, "WatchApplication"), request);
  v1::WatchApplicationResponse answer;
  for (const auto* reader : {&vendors, &own}) {
    ASSERT_TRUE((*reader)->Read(&answer));
    EXPECT_EQ(answer.application().state(), v1::Application::DRAFT);
  }
  const std::string drafted = answer.resume_token();
  ASSERT_OK(Own<v1::SubmitApplicationRequest>(*user, "SubmitApplication", application.name(), "partners/p-1"));
  const absl::Time told = absl::Now();
  for (const auto* reader : {&vendors, &own}) {
    ASSERT_TRUE((*reader)->Read(&answer));
    EXPECT_EQ(answer.application().state(), v1::Application::SCREENING);
  }
  RecordProperty("milliseconds", static_cast<int>(absl::ToInt64Milliseconds(absl::Now() - told)));
  const std::string submitted = answer.resume_token();
  ASSERT_OK(Screen(application.name()));
  ASSERT_TRUE(vendors->Read(&answer));
  EXPECT_TRUE(answer.application().has_screening());
  ASSERT_TRUE(own->Read(&answer));
  EXPECT_EQ(answer.application().state(), v1::Application::IN_REVIEW);
  EXPECT_FALSE(answer.application().has_screening());
  for (const auto* reader : {&vendors, &own}) {
    (*reader)->Cancel();
    (void)(*reader)->Finish();
  }
  const std::string screened = answer.resume_token();

  // From before: what has changed since, once. From the last word: nothing until something changes.
  request.set_resume_token(drafted);
  const auto late = user->OpenStream(StrCat(kApplications, "WatchApplication"), request);
  ASSERT_TRUE(late->Read(&answer));
  EXPECT_EQ(answer.application().state(), v1::Application::IN_REVIEW);
  late->Cancel();
  (void)late->Finish();
  request.set_resume_token(screened);
  const auto resumed = user->OpenStream(StrCat(kApplications, "WatchApplication"), request);
  ASSERT_OK(Ask(application.name(), "Since when?"));
  ASSERT_TRUE(resumed->Read(&answer));
  EXPECT_EQ(answer.application().state(), v1::Application::INFO_REQUESTED);
  resumed->Cancel();
  (void)resumed->Finish();

  // A token is its holder's, for this application.
  request.set_partner("");
  const auto stolen = manager_->OpenStream(StrCat(kApplications, "WatchApplication"), request);
  EXPECT_FALSE(stolen->Read(&answer));
  EXPECT_THAT(stolen->Finish(), HasReason(Reason::kPageTokenInvalid));
}

}  // namespace
}  // namespace tributary::partner
