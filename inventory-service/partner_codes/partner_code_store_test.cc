#include "inventory-service/partner_codes/partner_code_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "common/status/status_matchers.h"
#include "common/time/testing_time.h"
#include "inventory_schema.h"
#include "tests/support/database_server.h"

namespace tributary::inventory {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::SizeIs;

PartnerCode Code(const std::string& partner, const std::string& id, const std::string& code, DateRange effective,
                 const std::string& target) {
  return {.partner = partner,
          .id = id,
          .uid = Uuid::New(kNow),
          .create_time = kNow,
          .update_time = kNow,
          .code = code,
          .target = target,
          .effective = effective};
}

class PartnerCodeStoreTest : public ::testing::Test {
 protected:
  PartnerCodeStoreTest() : database_(testing::FreshDatabase({&schema::inventory()})) {}

  absl::Status Do(const std::function<absl::Status(mysql::Transaction&)>& body) {
    return database_->Transact({}, [&](mysql::Transaction& sql) { return body(sql); });
  }
  absl::Status Insert(const PartnerCode& code) {
    return Do([&](mysql::Transaction& sql) { return store_.Insert(sql, code); });
  }
  std::map<std::string, std::string> Resolve(const char* partner, CodeKind kind,
                                             const std::vector<std::string_view>& codes, const char* date) {
    std::map<std::string, std::string> found;
    EXPECT_OK(Do([&](mysql::Transaction& sql) -> absl::Status {
      ASSIGN_OR_RETURN(found, store_.Resolve(sql, partner, kind, codes, Day(date)));
      return absl::OkStatus();
    }));
    return found;
  }

  std::unique_ptr<mysql::Database> database_;
  PartnerCodeStore store_;
};

TEST_F(PartnerCodeStoreTest, ResolvesManyCodesOfADay) {
  const DateRange may = {Day("2026-05-01"), Day("2026-06-01")}, from_june = {Day("2026-06-01"), OpenEnd()};
  ASSERT_OK(Insert(Code("acme", "1", "A", may, "products/old")));
  ASSERT_OK(Insert(Code("acme", "2", "A", from_june, "products/new")));
  ASSERT_OK(Insert(Code("acme", "3", "箱", from_june, "products/box")));
  ASSERT_OK(Insert(Code("bolt", "1", "A", from_june, "products/other")));
  PartnerCode site = Code("acme", "4", "A", from_june, "partners/acme/sites/north");
  site.kind = CodeKind::kSite;
  ASSERT_OK(Insert(site));

  EXPECT_THAT(Resolve("acme", CodeKind::kProduct, {"A", "箱", "B"}, "2026-05-31"),
              ElementsAre(Pair("A", "products/old")));
  EXPECT_THAT(Resolve("acme", CodeKind::kProduct, {"A", "箱", "B"}, "2026-06-01"),
              ElementsAre(Pair("A", "products/new"), Pair("箱", "products/box")));
  EXPECT_THAT(Resolve("acme", CodeKind::kProduct, {"A"}, "2026-04-30"), IsEmpty());
  EXPECT_THAT(Resolve("acme", CodeKind::kSite, {"A"}, "9999-01-01"),
              ElementsAre(Pair("A", "partners/acme/sites/north")));
  EXPECT_THAT(Resolve("bolt", CodeKind::kProduct, {"A"}, "2026-06-01"), ElementsAre(Pair("A", "products/other")));
  // Codes are bytes: neither the case nor a blank behind is overlooked.
  EXPECT_THAT(Resolve("acme", CodeKind::kProduct, {"a", "A "}, "2026-06-01"), IsEmpty());
  EXPECT_THAT(Resolve("acme", CodeKind::kProduct, {}, "2026-06-01"), IsEmpty());
}

TEST_F(PartnerCodeStoreTest, KeepsChangesAndRemoves) {
  PartnerCode code = Code("acme", "1", "A", {Day("2026-05-01"), OpenEnd()}, "products/old");
  ASSERT_OK(Insert(code));
  EXPECT_THAT(Insert(code), HasReason(Reason::kAlreadyExists));
  code.effective.end = Day("2026-07-01");
  code.target = "products/new";
  code.version = 2;
  ASSERT_OK(Do([&](mysql::Transaction& sql) { return store_.Update(sql, code); }));
  ASSERT_OK(Do([&](mysql::Transaction& sql) -> absl::Status {
    ASSIGN_OR_RETURN(const PartnerCode read, store_.GetForUpdate(sql, "acme", "1"));
    EXPECT_EQ(read.target, "products/new");
    EXPECT_EQ(read.effective, code.effective);
    EXPECT_EQ(read.version, 2);
    EXPECT_EQ(read.uid, code.uid);
    ASSIGN_OR_RETURN(const auto same, store_.OfCode(sql, "acme", CodeKind::kProduct, "A"));
    EXPECT_THAT(same, SizeIs(1));
    ASSIGN_OR_RETURN(const auto other_kind, store_.OfCode(sql, "acme", CodeKind::kSite, "A"));
    EXPECT_THAT(other_kind, IsEmpty());
    return store_.Delete(sql, read);
  }));
  EXPECT_THAT(Do([&](mysql::Transaction& sql) { return store_.Get(sql, "acme", "1").status(); }),
              HasReason(Reason::kNotFound));
}

}  // namespace
}  // namespace tributary::inventory
