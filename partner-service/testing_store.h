#pragma once

// What the store suites of this service share.

#include <memory>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "common/mysql/database.h"
#include "common/paging/page.h"
#include "common/rpc/call.h"
#include "common/status/status_matchers.h"
#include "partner_schema.h"
#include "tests/support/database_server.h"

namespace tributary::partner {

inline const absl::Time kNow = absl::FromUnixSeconds(1700000000);

// A database of its own for each test, with this service's schema.
class StoreTest : public ::testing::Test {
 protected:
  StoreTest() : database_(tributary::testing::FreshDatabase({&schema::partner()})) {
    auth::Identity identity;
    identity.subject = "test";
    call_.method = "/test";
    call_.identity = std::make_shared<const auth::Identity>(identity);
    call_.now = kNow;
  }

  // One transaction.
  absl::Status Do(absl::FunctionRef<absl::Status(mysql::Transaction&)> body) { return database_->Transact({}, body); }
  template <typename T>
  absl::StatusOr<T> Ask(absl::FunctionRef<absl::StatusOr<T>(mysql::Transaction&)> body) {
    absl::StatusOr<T> answer = absl::UnknownError("not asked");
    const absl::Status status = Do([&](mysql::Transaction& sql) {
      answer = body(sql);
      return answer.status();
    });
    if (!status.ok()) return status;
    return answer;
  }

  struct Asked {
    int size = 0;
    std::string token;
    std::string words;
    int page_size() const { return size; }
    const std::string& page_token() const { return token; }
    const std::string& filter() const { return words; }
  };
  absl::StatusOr<Page> PageOf(const std::vector<FilterField>& fields, Asked asked) {
    return Page::Of(tokens_, call_, asked, fields, "");
  }

  // Every row of a list, in pages of `size`; `list` reads one page.
  template <typename Row, typename List, typename KeyOf>
  std::vector<Row> All(const std::vector<FilterField>& fields, int size, const std::string& filter, List list,
                       KeyOf key_of) {
    std::vector<Row> all;
    std::string token;
    do {
      auto page = PageOf(fields, {size, token, filter});
      EXPECT_OK(page);
      if (!page.ok()) return all;
      auto rows = Ask<std::vector<Row>>([&](mysql::Transaction& sql) { return list(sql, *page); });
      EXPECT_OK(rows);
      if (!rows.ok()) return all;
      token = page->Cut(&*rows, key_of);
      EXPECT_LE(rows->size(), static_cast<size_t>(size));
      all.insert(all.end(), rows->begin(), rows->end());
    } while (!token.empty());
    return all;
  }

  std::unique_ptr<mysql::Database> database_;
  const PageTokens tokens_{"0123456789abcdef0123456789abcdef"};
  rpc::Call call_;
};

}  // namespace tributary::partner
