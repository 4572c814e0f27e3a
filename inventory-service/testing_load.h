#pragma once

// For tests on real data: many rows through the wire, as an import sends them.

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <memory>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "absl/time/clock.h"
#include "common/ids/uuid.h"
#include "common/mysql/database.h"
#include "common/status/status_matchers.h"
#include "common/text/text.h"
#include "inventory-service/testing_service.h"
#include "tests/support/database_server.h"

namespace tributary::inventory {

inline std::unique_ptr<mysql::Database> NewDatabase(testing::DatabaseServer& server,
                                                    const std::vector<const mysql::Schema*>& schemas) {
  auto database = mysql::Database::Open(server.options()).value();
  for (const mysql::Schema* schema : schemas) EXPECT_OK(database->ApplySchema(*schema));
  return database;
}

// Sends the rows as one import, in batches of 1,000 by four clients; expects so many to be new and the others to be
// duplicates, and prints the rows a second.
template <typename Request, typename Row>
void Load(Inventory& inventory, const std::string& method, const std::string& target, std::span<const Row> rows,
          int64_t accepted) {
  const std::string import_name = inventory.NewImport(target).value();
  const absl::Time start = absl::Now();
  std::atomic<size_t> next = 0;
  std::vector<std::thread> clients;
  for (int i = 0; i < 4; ++i) {
    clients.emplace_back([&] {
      for (size_t at = next.fetch_add(1000); at < rows.size(); at = next.fetch_add(1000)) {
        Request request;
        request.set_import(import_name);
        for (size_t j = at; j < std::min(at + 1000, rows.size()); ++j) {
          *request.add_rows() = rows[j];
          request.mutable_rows(request.rows_size() - 1)->set_row(static_cast<int64_t>(j) + 2);
        }
        // A slow machine is waited for: the batch carries a request id, so that it is taken once.
        request.set_request_id(Uuid::New(absl::Now()).ToString());
        absl::StatusOr<api::v1::BatchImportResponse> reply;
        for (int attempt = 0; attempt < 5; ++attempt) {
          reply = inventory.Call<api::v1::BatchImportResponse>(method, request, {.timeout = absl::Minutes(1)});
          if (!absl::IsDeadlineExceeded(reply.status())) break;
        }
        EXPECT_OK(reply);
        if (reply.ok()) {
          EXPECT_EQ(reply->errors_size(), 0) << reply->errors(0).ShortDebugString();
        }
      }
    });
  }
  for (std::thread& client : clients) client.join();
  const double seconds = absl::ToDoubleSeconds(absl::Now() - start);
  const api::v1::ImportCounts counts = inventory.GetImport(import_name)->counts();
  EXPECT_EQ(counts.received(), static_cast<int64_t>(rows.size()));
  EXPECT_EQ(counts.accepted(), accepted);
  EXPECT_EQ(counts.duplicate(), static_cast<int64_t>(rows.size()) - accepted);
  std::printf("%zu rows of %s in %.2f s: %.0f rows/s\n", rows.size(), target.c_str(), seconds,
              static_cast<double>(rows.size()) / seconds);
}

}  // namespace tributary::inventory
