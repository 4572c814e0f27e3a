// Imports on a real database, driven through the service.

#include "common/imports/import_service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "common/imports/batch.h"
#include "common/imports/import_store.h"
#include "common/mysql/connection.h"
#include "common/status/status_matchers.h"
#include "common/text/text.h"
#include "imports_schema.h"
#include "tests/support/database_server.h"

namespace tributary::imports {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr std::string_view kSha = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

class ImportServiceTest : public ::testing::Test {
 protected:
  ImportServiceTest()
      : database_(testing::FreshDatabase({&schema::imports()})),
        tokens_(std::string(32, 'k')),
        service_("tributary.partner.v1.ImportService",
                 {{"partners",
                   [this](const rpc::Call&, rpc::Unit&, std::string_view, int limit) -> absl::StatusOr<int> {
                     const int undone = std::min(limit, left_);
                     left_ -= undone;
                     return undone;
                   }}},
                 tokens_) {
    call_.method = "/tributary.partner.v1.ImportService/Test";
    call_.identity = std::make_shared<auth::Identity>(auth::Identity{.subject = "tests"});
    call_.now = absl::FromUnixSeconds(1700000000);
  }

  template <typename Reply, typename Request>
  absl::StatusOr<Reply> Run(absl::Status (ImportService::*method)(const rpc::Call&, rpc::Unit&, const Request&, Reply*),
                            const Request& request) {
    Reply reply;
    RETURN_IF_ERROR(database_->Transact({}, [&](mysql::Transaction& sql) {
      rpc::Unit unit(sql);
      reply.Clear();
      return (service_.*method)(call_, unit, request, &reply);
    }));
    call_.now += absl::Milliseconds(2);
    return reply;
  }

  std::string Make(const std::string& target = "partners") {
    api::v1::CreateImportRequest request;
    request.mutable_import()->set_target(target);
    request.mutable_import()->set_mapping("shop/partners");
    request.mutable_import()->set_source_sha256(std::string(kSha));
    return Run(&ImportService::Create, request).value().name();
  }

  absl::StatusOr<api::v1::BatchImportResponse> Batch(const std::string& name, const BatchResult& result) {
    api::v1::BatchImportResponse reply;
    RETURN_IF_ERROR(database_->Transact({}, [&](mysql::Transaction& sql) -> absl::Status {
      rpc::Unit unit(sql);
      reply.Clear();
      ASSIGN_OR_RETURN(const auto id, OpenImport(call_, unit, name, "partners"));
      return CloseBatch(call_, unit, id, result, &reply);
    }));
    return reply;
  }

  api::v1::Import Get(const std::string& name) {
    api::v1::GetImportRequest request;
    request.set_name(name);
    return Run(&ImportService::Get, request).value();
  }

  absl::StatusOr<api::v1::Import> Complete(const std::string& name, int64_t received, int errors = 0) {
    api::v1::CompleteImportRequest request;
    request.set_name(name);
    request.set_received(received);
    for (int i = 0; i < errors; ++i) {
      api::v1::RowError& error = *request.add_errors();
      error.set_row(10000 + i);
      error.set_column("OrderDate");
      error.set_got("soon");
      error.set_want("a date");
      error.set_reason("INVALID_FIELD");
    }
    return Run(&ImportService::Complete, request);
  }

  absl::StatusOr<api::v1::Import> Undo(const std::string& name) {
    api::v1::UndoImportRequest request;
    request.set_name(name);
    return Run(&ImportService::UndoImport, request);
  }

  std::unique_ptr<mysql::Database> database_;
  PageTokens tokens_;
  int left_ = 0;
  ImportService service_;
  rpc::Call call_;
};

BatchResult Rows(int accepted, int duplicate, std::vector<int64_t> bad = {}) {
  BatchResult result{.accepted = accepted, .duplicate = duplicate};
  for (const int64_t row : bad) {
    result.Reject({{.row = row, .column = "kind", .got = "shop", .want = "a kind"},
                   {.row = row, .column = "name", .got = "", .want = "a name"}});
  }
  return result;
}

TEST_F(ImportServiceTest, CountsBatchesAndCompletes) {
  const std::string name = Make();
  EXPECT_EQ(Get(name).state(), api::v1::Import::OPEN);
  EXPECT_EQ(Get(name).etag(), "\"v1\"");
  ASSERT_OK(Batch(name, Rows(3, 1)));
  ASSERT_OK(Batch(name, Rows(2, 0, {7, 9})));
  const api::v1::Import open = Get(name);
  EXPECT_EQ(open.counts().received(), 8);
  EXPECT_EQ(open.counts().accepted(), 5);
  EXPECT_EQ(open.counts().duplicate(), 1);
  EXPECT_EQ(open.counts().rejected(), 2);
  EXPECT_EQ(open.etag(), "\"v3\"");

  EXPECT_EQ(ReasonOf(Complete(name, 7).status()), Reason::kInvalidField);
  const auto done = Complete(name, 10, 2);
  ASSERT_OK(done);
  EXPECT_EQ(done->state(), api::v1::Import::COMPLETED);
  EXPECT_EQ(done->counts().received(), 10);
  EXPECT_EQ(done->counts().rejected(), 4);
  EXPECT_EQ(done->SerializeAsString(), Get(name).SerializeAsString());
  EXPECT_EQ(ReasonOf(Batch(name, Rows(1, 0)).status()), Reason::kStateConflict);
  EXPECT_EQ(ReasonOf(Complete(name, 10).status()), Reason::kStateConflict);
}

TEST_F(ImportServiceTest, BatchesAtOnceDoNotWaitForEachOtherAndWhoCompletesWaitsForAll) {
  const std::string name = Make();
  const Uuid id = ParseName(name).value();
  const auto can_be_completed = [&] {
    const auto other = mysql::Connection::Open(database_->options());
    EXPECT_OK(other.status());
    return (*other)->Query("SELECT id FROM import WHERE id = ? FOR UPDATE NOWAIT", mysql::Values{id}).ok();
  };
  EXPECT_TRUE(can_be_completed());
  ASSERT_OK(database_->Transact({}, [&](mysql::Transaction& sql) -> absl::Status {
    RETURN_IF_ERROR(ImportStore().AddBatch(sql, id, Rows(3, 1), call_.now));
    // Another comes and goes while this one is under way.
    EXPECT_OK(Batch(name, Rows(20, 0)));
    EXPECT_EQ(Get(name).counts().accepted(), 20);
    EXPECT_FALSE(can_be_completed());
    return absl::OkStatus();
  }));
  EXPECT_TRUE(can_be_completed());
  const api::v1::Import open = Get(name);
  EXPECT_EQ(open.counts().received(), 24);
  EXPECT_EQ(open.counts().accepted(), 23);
  EXPECT_EQ(open.counts().duplicate(), 1);
  EXPECT_EQ(open.etag(), "\"v3\"");
  // What is undone leaves nothing.
  EXPECT_FALSE(database_
                   ->Transact({},
                              [&](mysql::Transaction& sql) -> absl::Status {
                                RETURN_IF_ERROR(ImportStore().AddBatch(sql, id, Rows(7, 0), call_.now));
                                return absl::InvalidArgumentError("no");
                              })
                   .ok());
  ASSERT_OK(Complete(name, 24));
  EXPECT_EQ(Get(name).counts().received(), 24);
  EXPECT_EQ(Get(name).etag(), "\"v4\"");
}

TEST_F(ImportServiceTest, CountsOfManyBatchesAtOnceAddUpWhileSomebodyLooks) {
  constexpr int kSenders = 8, kEach = 20;
  const std::string name = Make();
  const Uuid id = ParseName(name).value();
  std::atomic<int> failed{0}, left{kSenders};
  std::vector<std::thread> senders;
  for (int sender = 0; sender < kSenders; ++sender) {
    senders.emplace_back([&, sender] {
      for (int i = 0; i < kEach; ++i) {
        // Every fourth has an error.
        const BatchResult result = i % 4 == 3 ? Rows(10, 2, {1000 * sender + i}) : Rows(10, 2);
        const absl::Status status = database_->Transact({}, [&](mysql::Transaction& sql) {
          return ImportStore().AddBatch(sql, id, result, absl::FromUnixSeconds(1700000000));
        });
        if (!status.ok()) ++failed;
      }
      --left;
    });
  }
  // What has been seen is never less afterwards, and in itself right.
  int64_t seen = 0;
  while (left > 0) {
    const api::v1::Import import = Get(name);
    EXPECT_EQ(import.counts().received(),
              import.counts().accepted() + import.counts().duplicate() + import.counts().rejected());
    EXPECT_GE(import.counts().received(), seen);
    seen = import.counts().received();
  }
  for (std::thread& sender : senders) sender.join();
  EXPECT_EQ(failed, 0);
  const int64_t batches = kSenders * kEach, rejected = batches / 4;
  const auto done = Complete(name, 12 * batches + rejected);
  ASSERT_OK(done);
  EXPECT_EQ(done->counts().accepted(), 10 * batches);
  EXPECT_EQ(done->counts().duplicate(), 2 * batches);
  EXPECT_EQ(done->counts().rejected(), rejected);
  EXPECT_EQ(done->etag(), StrCat("\"v", batches + 2, "\""));
  EXPECT_EQ(done->SerializeAsString(), Get(name).SerializeAsString());
}

TEST_F(ImportServiceTest, KeepsTheFirstThousandErrorsInTheOrderOfTheirRows) {
  const std::string name = Make();
  for (int batch = 5; batch >= 0; --batch) {
    std::vector<int64_t> bad;
    for (int i = 0; i < 100; ++i) bad.push_back(batch * 100 + i + 2);
    ASSERT_OK(Batch(name, Rows(0, 0, bad)));
  }
  EXPECT_EQ(Get(name).counts().rejected(), 600);
  std::vector<api::v1::RowError> kept;
  api::v1::ListImportRowErrorsRequest request;
  request.set_parent(name);
  request.set_page_size(300);
  int pages = 0;
  do {
    const auto page = Run(&ImportService::ListRowErrors, request);
    ASSERT_OK(page);
    kept.insert(kept.end(), page->row_errors().begin(), page->row_errors().end());
    request.set_page_token(page->next_page_token());
    ++pages;
  } while (!request.page_token().empty());
  EXPECT_EQ(pages, 4);
  ASSERT_THAT(kept, SizeIs(kKeptErrors));
  EXPECT_TRUE(std::is_sorted(kept.begin(), kept.end(), [](const auto& a, const auto& b) { return a.row() < b.row(); }));
  EXPECT_EQ(kept[0].row(), 102);  // the batch with rows 2 to 101 came last and found no room
  EXPECT_EQ(kept[0].column(), "kind");
  EXPECT_EQ(kept[0].got(), "shop");
  EXPECT_EQ(kept[0].want(), "a kind");
  EXPECT_EQ(kept[0].reason(), "INVALID_FIELD");
  EXPECT_EQ(kept[1].column(), "name");

  request.set_page_token("forged");
  EXPECT_EQ(ReasonOf(Run(&ImportService::ListRowErrors, request).status()), Reason::kPageTokenInvalid);
}

TEST_F(ImportServiceTest, UndoesInChunks) {
  const std::string name = Make();
  ASSERT_OK(Batch(name, Rows(kUndoChunk + 10, 0)));
  left_ = kUndoChunk + 10;
  auto step = Undo(name);
  ASSERT_OK(step);
  EXPECT_EQ(step->state(), api::v1::Import::UNDOING);
  EXPECT_EQ(step->counts().undone(), kUndoChunk);
  EXPECT_EQ(ReasonOf(Batch(name, Rows(1, 0)).status()), Reason::kStateConflict);
  EXPECT_EQ(Undo(name)->state(), api::v1::Import::UNDOING);
  step = Undo(name);
  ASSERT_OK(step);
  EXPECT_EQ(step->state(), api::v1::Import::UNDONE);
  EXPECT_EQ(step->counts().undone(), kUndoChunk + 10);
  EXPECT_EQ(ReasonOf(Undo(name).status()), Reason::kStateConflict);
}

TEST_F(ImportServiceTest, RefusesWhatDoesNotFit) {
  api::v1::CreateImportRequest request;
  request.mutable_import()->set_target("shipments");
  const auto created = Run(&ImportService::Create, request);
  ASSERT_EQ(ReasonOf(created.status()), Reason::kInvalidField);
  EXPECT_EQ(DetailOf(created.status()).violations.at(0).field, "import.target");
  EXPECT_EQ(DetailOf(created.status()).violations.at(0).want, "one of partners");

  const std::string nobody = StrCat("imports/", Uuid::New(call_.now).ToString());
  EXPECT_EQ(ReasonOf(Batch(nobody, Rows(1, 0)).status()), Reason::kNotFound);
  EXPECT_EQ(ReasonOf(Batch("", Rows(1, 0)).status()), Reason::kInvalidField);
  EXPECT_EQ(ReasonOf(Undo(nobody).status()), Reason::kNotFound);
  EXPECT_EQ(ReasonOf(Complete("imports/7", 1).status()), Reason::kInvalidField);
  call_.validate_only = true;
  EXPECT_OK(Batch("", Rows(1, 0)));
}

TEST_F(ImportServiceTest, ListsNewestFirst) {
  std::vector<std::string> names;
  for (int i = 0; i < 5; ++i) names.insert(names.begin(), Make());
  ASSERT_OK(Complete(names[1], 0));
  api::v1::ListImportsRequest request;
  request.set_page_size(2);
  std::vector<std::string> listed;
  do {
    const auto page = Run(&ImportService::List, request);
    ASSERT_OK(page);
    for (const auto& import : page->imports()) listed.push_back(import.name());
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  EXPECT_EQ(listed, names);

  request.set_filter("state = COMPLETED AND target = partners");
  const auto completed = Run(&ImportService::List, request);
  ASSERT_OK(completed);
  ASSERT_THAT(completed->imports(), SizeIs(1));
  EXPECT_EQ(completed->imports(0).name(), names[1]);
  request.set_filter("target = shipments");
  EXPECT_THAT(Run(&ImportService::List, request)->imports(), IsEmpty());
  request.set_filter("etag = 1");
  EXPECT_EQ(ReasonOf(Run(&ImportService::List, request).status()), Reason::kFilterInvalid);
}

}  // namespace
}  // namespace tributary::imports
