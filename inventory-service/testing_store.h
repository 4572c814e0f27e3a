#pragma once

// For store tests: a fresh database with this service's tables.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "common/events/outbox.h"
#include "common/mysql/database.h"
#include "common/status/status_matchers.h"
#include "common/text/text.h"
#include "inventory_schema.h"
#include "tests/support/database_server.h"

namespace tributary::inventory {

class StoreTest : public ::testing::Test {
 protected:
  StoreTest() : database_(testing::FreshDatabase({&schema::inventory()})) {}

  absl::Status Do(const std::function<absl::Status(mysql::Transaction&)>& body) {
    return database_->Transact({}, [&](mysql::Transaction& sql) { return body(sql); });
  }
  // What a read answers; a default one where it fails, which fails the test.
  template <typename T>
  T Read(const std::function<absl::StatusOr<T>(mysql::Transaction&)>& read) {
    T found{};
    EXPECT_OK(Do([&](mysql::Transaction& sql) -> absl::Status {
      ASSIGN_OR_RETURN(found, read(sql));
      return absl::OkStatus();
    }));
    return found;
  }
  // Appends facts to their table, each at the next place of shard 5, a second after the one before. Whether they went
  // in.
  template <typename Table, typename F>
  bool Append(const Table& table, const std::vector<F>& facts) {
    bool inserted = false;
    EXPECT_OK(Do([&](mysql::Transaction& sql) -> absl::Status {
      std::vector<events::Stamp> stamps;
      for (size_t i = 0; i < facts.size(); ++i) {
        stamps.push_back({{kShard, seq_ + static_cast<int64_t>(i) + 1}, kStart + absl::Seconds(seq_ + i + 1)});
      }
      ASSIGN_OR_RETURN(inserted, table.Insert(sql, facts, stamps));
      return absl::OkStatus();
    }));
    if (inserted) seq_ += static_cast<int64_t>(facts.size());
    return inserted;
  }

  static constexpr int kShard = 5;
  inline static const absl::Time kStart = absl::FromUnixSeconds(1780000000);
  std::unique_ptr<mysql::Database> database_;
  int64_t seq_ = 0;
};

}  // namespace tributary::inventory
