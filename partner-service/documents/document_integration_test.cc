// Documents over the wire: who may keep and see them, and when the feed learns that they end.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "common/time/today.h"
#include "partner-service/documents/document_expiry.h"
#include "partner-service/testing_partners.h"

namespace tributary::partner {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class DocumentsTest : public PartnersTest {
 protected:
  DocumentsTest() {
    for (const char* id : {"p-1", "p-2"}) EXPECT_OK(CreatePartner(id));
  }

  v1::Document Proof(const std::string& owner, const std::optional<Date>& expires_on = {}, int notice_days = 0) {
    v1::Document document;
    document.set_owner(owner);
    document.set_kind(v1::Document::LICENSE);
    document.set_title("Permit to trade");
    document.set_media_type("text/plain");
    if (expires_on.has_value()) *document.mutable_expires_on() = wire::ToProto(*expires_on);
    document.set_notice_days(notice_days);
    return document;
  }
  absl::StatusOr<v1::Document> Create(rpc::Client& client, const std::string& id, const v1::Document& document,
                                      const std::string& content = "Permit") {
    v1::CreateDocumentRequest request;
    *request.mutable_document() = document;
    request.set_document_id(id);
    request.set_content(content);
    request.set_request_id(NewRequestId());
    return As<v1::Document>(client, kDocuments, "CreateDocument", request);
  }
  template <typename Reply, typename Request>
  absl::StatusOr<Reply> Read(rpc::Client& client, const char* method, const std::string& name,
                             const std::string& partner) {
    Request request;
    request.set_name(name);
    request.set_partner(partner);
    return As<Reply>(client, kDocuments, method, request);
  }
  std::vector<std::string> Listed(rpc::Client& client, v1::ListDocumentsRequest list) {
    std::vector<std::string> names;
    list.set_page_size(1);
    do {
      const auto page = As<v1::ListDocumentsResponse>(client, kDocuments, "ListDocuments", list);
      EXPECT_OK(page);
      if (!page.ok()) return names;
      for (const v1::Document& document : page->documents()) names.push_back(document.name());
      list.set_page_token(page->next_page_token());
    } while (!list.page_token().empty());
    return names;
  }

  const std::unique_ptr<rpc::Client> user_ = service_.UserOf("p-1");
  const std::unique_ptr<rpc::Client> other_ = service_.UserOf("p-2");
  const Date today_ = UtcToday(absl::Now());
};

TEST_F(DocumentsTest, AreKeptReadAndDownloaded) {
  const std::string bytes = std::string("\x89PNG\r\n\x1a\n", 8) + std::string(3 << 20, '\xfe');
  v1::Document photo = Proof("partners/p-1");
  photo.set_media_type("image/png");
  photo.set_attached_to("partners/p-1/agreements/main");
  ASSERT_OK_AND_ASSIGN(const v1::Document made, Create(*manager_, "photo", photo, bytes));
  EXPECT_EQ(made.name(), "documents/photo");
  EXPECT_EQ(made.state(), v1::Document::VALID);
  EXPECT_EQ(made.size_bytes(), static_cast<int64_t>(bytes.size()));
  ASSERT_OK_AND_ASSIGN(const v1::Document read,
                       (Get<v1::Document, v1::GetDocumentRequest>(kDocuments, "GetDocument", made.name())));
  EXPECT_EQ(read.SerializeAsString(), made.SerializeAsString());
  ASSERT_OK_AND_ASSIGN(const auto download, (Read<v1::DownloadDocumentResponse, v1::DownloadDocumentRequest>(
                                                *user_, "DownloadDocument", made.name(), "partners/p-1")));
  EXPECT_TRUE(download.content() == bytes);
  EXPECT_EQ(download.media_type(), "image/png");
  EXPECT_EQ(download.sha256(), made.sha256());
  EXPECT_EQ(download.title(), photo.title());
  EXPECT_THAT(Told(), Contains("created documents/photo"));

  EXPECT_THAT(Create(*manager_, "photo", photo, bytes), HasReason(Reason::kAlreadyExists));
  EXPECT_THAT(Create(*manager_, "", photo, "Permit"), Blames("content"));
  EXPECT_THAT(Create(*manager_, "", photo, ""), Blames("content"));
  EXPECT_THAT(Create(*manager_, "", Proof("partners/p-1", {}, 5)), Blames("document.notice_days"));
  EXPECT_THAT(Create(*manager_, "", Proof("partners/nobody")), HasReason(Reason::kNotFound));
  photo.set_media_type("text/html");
  EXPECT_THAT(Create(*manager_, "", photo), Blames("document.media_type"));
  ASSERT_OK((Do<v1::Partner, v1::TerminatePartnerRequest>(kPartners, "TerminatePartner", "partners/p-1")));
  EXPECT_THAT(Create(*manager_, "", Proof("partners/p-1")), HasReason(Reason::kStateConflict));
}

TEST_F(DocumentsTest, APartnerSeesItsOwnAndAnothersIsAsOneThatIsNotThere) {
  ASSERT_OK(Create(*manager_, "d-1", Proof("partners/p-1")));
  ASSERT_OK(Create(*manager_, "d-2", Proof("partners/p-2")));
  ASSERT_OK(Create(*manager_, "d-0", Proof("")));
  using Got = v1::Document;
  using Asked = v1::GetDocumentRequest;
  EXPECT_OK((Read<Got, Asked>(*user_, "GetDocument", "documents/d-1", "partners/p-1")));
  EXPECT_OK((Read<Got, Asked>(*user_, "GetDocument", "documents/d-1", "partners/-")));
  for (const char* name : {"documents/d-0", "documents/d-2", "documents/none"}) {
    SCOPED_TRACE(name);
    EXPECT_THAT((Read<Got, Asked>(*user_, "GetDocument", name, "partners/p-1")), HasReason(Reason::kNotFound));
    EXPECT_THAT((Read<v1::DownloadDocumentResponse, v1::DownloadDocumentRequest>(*user_, "DownloadDocument", name,
                                                                                 "partners/p-1")),
                HasReason(Reason::kNotFound));
    EXPECT_THAT((Read<Got, Asked>(*user_, "GetDocument", name, "partners/p-2")), HasReason(Reason::kPermissionDenied));
    EXPECT_THAT((Read<Got, Asked>(*user_, "GetDocument", name, "")), HasReason(Reason::kPermissionDenied));
  }
  v1::ListDocumentsRequest list;
  EXPECT_THAT(Listed(*manager_, list), ElementsAre("documents/d-0", "documents/d-1", "documents/d-2"));
  list.set_partner("partners/p-2");
  EXPECT_THAT(Listed(*manager_, list), ElementsAre("documents/d-2"));
  list.set_partner("partners/-");
  EXPECT_THAT(Listed(*other_, list), ElementsAre("documents/d-2"));
  list.set_filter("owner = \"partners/p-1\"");
  EXPECT_THAT(Listed(*other_, list), IsEmpty());

  // It keeps its own, under a name that is made up.
  ASSERT_OK_AND_ASSIGN(const v1::Document own, Create(*user_, "", Proof("partners/p-1")));
  EXPECT_OK((Read<Got, Asked>(*user_, "GetDocument", own.name(), "partners/p-1")));
  EXPECT_THAT(Create(*user_, "d-2", Proof("partners/p-1")), Blames("document_id"));
  EXPECT_THAT(Create(*user_, "", Proof("partners/p-2")), HasReason(Reason::kPermissionDenied));
  EXPECT_THAT(Create(*user_, "", Proof("")), HasReason(Reason::kPermissionDenied));
  v1::Document attached = Proof("partners/p-1");
  attached.set_attached_to("partners/p-2/agreements/main");
  EXPECT_THAT(Create(*user_, "", attached), Blames("document.attached_to"));
}

TEST_F(DocumentsTest, ListsWhatExpiresWithinDays) {
  ASSERT_OK(Create(*manager_, "gone", Proof("partners/p-1", today_.AddDays(-1))));
  ASSERT_OK(Create(*manager_, "day-0", Proof("partners/p-1", today_)));
  ASSERT_OK(Create(*manager_, "day-30", Proof("partners/p-2", today_.AddDays(30))));
  ASSERT_OK(Create(*manager_, "day-31", Proof("partners/p-1", today_.AddDays(31))));
  ASSERT_OK(Create(*manager_, "open", Proof("partners/p-1")));
  v1::ListDocumentsRequest list;
  list.set_expires_within_days(30);
  EXPECT_THAT(Listed(*manager_, list), ElementsAre("documents/day-0", "documents/day-30"));
  list.set_expires_within_days(0);
  EXPECT_THAT(Listed(*manager_, list), ElementsAre("documents/day-0"));
  list.set_expires_within_days(31);
  list.set_partner("partners/p-1");
  EXPECT_THAT(Listed(*manager_, list), ElementsAre("documents/day-0", "documents/day-31"));
  list.set_expires_within_days(-1);
  EXPECT_THAT(As<v1::ListDocumentsResponse>(*manager_, kDocuments, "ListDocuments", list),
              Blames("expires_within_days"));
}

// Three replicas look at once, day after day: each state is told once.
TEST_F(DocumentsTest, TheirEndIsToldOnceByAnyNumberOfReplicas) {
  for (int i = 0; i < 8; ++i) {
    ASSERT_OK(Create(*manager_, StrCat("d-", i), Proof("partners/p-1", today_.AddDays(20), 10)));
  }
  ASSERT_OK(Create(*manager_, "open", Proof("partners/p-1")));
  std::atomic<int> pokes = 0;
  const auto look = [&](int days) {
    FakeClock clock(absl::Now() + days * absl::Hours(24));
    std::vector<std::thread> replicas;
    std::atomic<int> told = 0;
    for (int r = 0; r < 3; ++r) {
      replicas.emplace_back([&] {
        DocumentExpiry expiry(service_.database(), clock, [&] { ++pokes; });
        const auto ended = expiry.ExpireDue();
        EXPECT_OK(ended);
        told += ended.value_or(0);
      });
    }
    for (std::thread& replica : replicas) replica.join();
    return told.load();
  };
  EXPECT_EQ(look(9), 0);
  EXPECT_EQ(look(10), 8);
  EXPECT_EQ(look(20), 0);
  EXPECT_EQ(look(21), 8);
  EXPECT_EQ(look(400), 0);
  EXPECT_EQ(pokes, 16);
  const std::multiset<std::string> told = Told();
  for (int i = 0; i < 8; ++i) {
    EXPECT_EQ(told.count(StrCat("expiring documents/d-", i)), 1u);
    EXPECT_EQ(told.count(StrCat("expired documents/d-", i)), 1u);
  }
  EXPECT_EQ(told.count("expired documents/open"), 0u);
  // What is over when it is kept is told as such at once, and never again.
  ASSERT_OK_AND_ASSIGN(const v1::Document old, Create(*manager_, "old", Proof("partners/p-1", today_.AddDays(-1), 10)));
  EXPECT_EQ(old.state(), v1::Document::EXPIRED);
  EXPECT_EQ(look(400), 0);
}

TEST_F(DocumentsTest, ARequestThatComesTwiceKeepsOneDocument) {
  v1::CreateDocumentRequest request;
  *request.mutable_document() = Proof("partners/p-1");
  request.set_content("Permit");
  request.set_request_id(NewRequestId());
  ASSERT_OK_AND_ASSIGN(const auto first, As<v1::Document>(*user_, kDocuments, "CreateDocument", request));
  ASSERT_OK_AND_ASSIGN(const auto second, As<v1::Document>(*user_, kDocuments, "CreateDocument", request));
  EXPECT_EQ(first.name(), second.name());
  request.set_content("Another");
  EXPECT_THAT(As<v1::Document>(*user_, kDocuments, "CreateDocument", request), HasReason(Reason::kRequestIdReused));
  request.set_request_id(NewRequestId());
  request.set_validate_only(true);
  EXPECT_OK(As<v1::Document>(*user_, kDocuments, "CreateDocument", request));
  EXPECT_THAT(Listed(*manager_, {}), SizeIs(1));
}

}  // namespace
}  // namespace tributary::partner
