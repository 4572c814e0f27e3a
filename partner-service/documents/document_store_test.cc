#include "partner-service/documents/document_store.h"

#include <gmock/gmock.h>

#include "common/digest/sha256.h"
#include "common/text/text.h"
#include "partner-service/testing_store.h"

namespace tributary::partner {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class DocumentStoreTest : public StoreTest {
 protected:
  Document Of(std::string id, std::string owner_id, const char* expires_on = nullptr, int notice_days = 0) {
    Document document{.id = std::move(id),
                      .revision = Revision::First(kNow),
                      .owner_id = std::move(owner_id),
                      .kind = DocumentKind::kContract,
                      .title = "契約",
                      .media_type = "text/plain",
                      .sha256 = Sha256Hex("bytes"),
                      .size_bytes = 5,
                      .notice_days = notice_days,
                      .attached_to = "partners/p-1/agreements/main"};
    if (expires_on != nullptr) document.expires_on = *Date::Parse(expires_on);
    return document;
  }
  absl::Status Create(const Document& document, std::string_view content = "bytes") {
    return Do([&](mysql::Transaction& sql) { return store_.Create(sql, document, content); });
  }
  absl::StatusOr<Document> Get(std::string_view id, std::string_view owner_id = "") {
    return Ask<Document>([&](mysql::Transaction& sql) { return store_.Get(sql, id, owner_id); });
  }
  std::vector<std::string> Ids(std::string_view owner_id, std::optional<DateRange> last_days,
                               const std::string& filter = "") {
    std::vector<std::string> ids;
    for (const Document& document : All<Document>(
             DocumentStore::Fields(), 2, filter,
             [&](mysql::Transaction&sql, const Page&page) { return store_.List(sql, owner_id, last_days, page); },
             [](const Document&last) { return std::vector{last.id}; })) {
      ids.push_back(document.id);
    }
    return ids;
  }
  std::vector<std::string> Due(const char* today, int limit = 100) {
    using Pairs = std::vector<std::pair<std::string, std::string>>;
    const auto due = Ask<Pairs>([&](mysql::Transaction& sql) { return store_.Due(sql, *Date::Parse(today), limit); });
    EXPECT_OK(due);
    std::vector<std::string> ids;
    for (const auto& [none, id] : *due) ids.push_back(id);
    return ids;
  }
  DocumentStore store_;
};

TEST_F(DocumentStoreTest, ADocumentIsReadAsItWasWritten) {
  Document document = Of("d-1", "p-1", "2026-12-31", 30);
  document.told = DocumentState::kExpiring;
  ASSERT_OK(Create(document));
  ASSERT_OK_AND_ASSIGN(const Document read, Get("d-1", "p-1"));
  EXPECT_EQ(read.revision, document.revision);
  EXPECT_EQ(read.owner(), "partners/p-1");
  EXPECT_EQ(read.kind, DocumentKind::kContract);
  EXPECT_EQ(read.title, document.title);
  EXPECT_EQ(read.media_type, "text/plain");
  EXPECT_EQ(read.sha256, document.sha256);
  EXPECT_EQ(read.size_bytes, 5);
  EXPECT_EQ(read.expires_on, document.expires_on);
  EXPECT_EQ(read.notice_days, 30);
  EXPECT_EQ(read.attached_to, document.attached_to);
  EXPECT_EQ(read.told, DocumentState::kExpiring);
  EXPECT_THAT(Get("d-1", "p-2"), HasReason(Reason::kNotFound));
  EXPECT_OK(Get("d-1"));
  EXPECT_THAT(Get("d-2"), HasReason(Reason::kNotFound));
  EXPECT_THAT(Create(document), HasReason(Reason::kAlreadyExists));
}

TEST_F(DocumentStoreTest, EqualBytesAreStoredOnce) {
  const std::string large(kMaxDocumentBytes, '\xff');
  for (const char* id : {"a", "b"}) {
    Document document = Of(id, id);
    document.sha256 = Sha256Hex(large);
    ASSERT_OK(Create(document, large));
  }
  ASSERT_OK(Create(Of("c", "p-1")));
  const auto stored = Ask<int64_t>([](mysql::Transaction& sql) -> absl::StatusOr<int64_t> {
    ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query("SELECT COUNT(*) FROM document_content"));
    return rows.front().Int(0);
  });
  EXPECT_THAT(stored, IsOkAndHolds(2));
  const auto content = Ask<std::string>([&](mysql::Transaction& sql) { return store_.Content(sql, Sha256Hex(large)); });
  ASSERT_OK(content);
  EXPECT_TRUE(*content == large);
}

TEST_F(DocumentStoreTest, ListsByOwnerAndLastDay) {
  ASSERT_OK(Create(Of("a", "p-1", "2026-06-30")));
  ASSERT_OK(Create(Of("b", "p-2", "2026-06-30")));
  ASSERT_OK(Create(Of("c", "p-1", "2026-07-01")));
  ASSERT_OK(Create(Of("d", "")));
  const DateRange june{*Date::Parse("2026-06-01"), *Date::Parse("2026-07-01")};
  EXPECT_THAT(Ids("", {}), ElementsAre("a", "b", "c", "d"));
  EXPECT_THAT(Ids("p-1", {}), ElementsAre("a", "c"));
  EXPECT_THAT(Ids("", june), ElementsAre("a", "b"));
  EXPECT_THAT(Ids("p-1", june), ElementsAre("a"));
  EXPECT_THAT(Ids("", {}, "owner = \"partners/p-2\""), ElementsAre("b"));
  EXPECT_THAT(Ids("", {}, "expires_on >= 2026-07-01"), ElementsAre("c"));
  EXPECT_THAT(Ids("", {}, "kind = LICENSE"), IsEmpty());
}

TEST_F(DocumentStoreTest, WhatIsToBeToldIsDueUntilItIsTold) {
  ASSERT_OK(Create(Of("a", "p-1", "2026-06-30", 10)));
  ASSERT_OK(Create(Of("b", "p-1", "2026-06-30")));
  ASSERT_OK(Create(Of("c", "p-1")));
  EXPECT_THAT(Due("2026-06-19"), IsEmpty());
  EXPECT_THAT(Due("2026-06-20"), ElementsAre("a"));
  EXPECT_THAT(Due("2026-07-01"), ElementsAre("a", "b"));
  EXPECT_THAT(Due("2026-07-01", 1), ElementsAre("a"));
  const auto told = Notified(*Get("a"), *Date::Parse("2026-06-20"), kNow);
  ASSERT_TRUE(told.has_value());
  ASSERT_OK(Do([&](mysql::Transaction& sql) { return store_.Update(sql, *told); }));
  EXPECT_THAT(Due("2026-06-30"), IsEmpty());
  EXPECT_THAT(Due("2026-07-01"), ElementsAre("a", "b"));
  EXPECT_EQ(Get("a")->told, DocumentState::kExpiring);
}

}  // namespace
}  // namespace tributary::partner
