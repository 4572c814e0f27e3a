#include "partner-service/relationships/relationship_store.h"

#include <gmock/gmock.h>

#include "common/text/text.h"
#include "partner-service/known_revision.h"
#include "partner-service/testing_store.h"

namespace tributary::partner {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class RelationshipStoreTest : public StoreTest {
 protected:
  absl::Status Create(std::string partner, std::string id, RelationshipKind kind, std::string other, const char* from,
                      const char* to = nullptr) {
    const Relationship relationship{.partner_id = std::move(partner),
                                    .id = std::move(id),
                                    .revision = Revision::First(kNow),
                                    .kind = kind,
                                    .other_id = std::move(other),
                                    .valid = {*Date::Parse(from), to == nullptr ? OpenEnd() : *Date::Parse(to)}};
    return Do([&](mysql::Transaction& sql) { return store_.Create(sql, relationship).status(); });
  }
  absl::StatusOr<Relationship> Get(std::string_view partner, std::string_view id) {
    return Ask<Relationship>([&](mysql::Transaction& sql) { return store_.Get(sql, partner, id); });
  }
  std::vector<std::string> Names(std::string_view partner, std::optional<Date> day, const std::string& filter = "") {
    std::vector<std::string> names;
    for (const Relationship& one : All<Relationship>(
             RelationshipStore::Fields(), 2, filter,
             [&](mysql::Transaction&sql, const Page&page) { return store_.List(sql, partner, page, {.day = day}); },
             [](const Relationship&last) {
               return std::vector{last.partner_id, last.id};
             })) {
      names.push_back(StrCat(one.partner_id, "/", one.id));
    }
    return names;
  }
  RelationshipStore store_;
};

TEST_F(RelationshipStoreTest, IsReadAsItWasWrittenAndItsDaysChange) {
  ASSERT_OK(Create("p-1", "r", RelationshipKind::kPayee, "p-2", "2026-01-01"));
  EXPECT_THAT(Create("p-1", "r", RelationshipKind::kPayee, "p-2", "2026-01-01"), HasReason(Reason::kAlreadyExists));
  ASSERT_OK_AND_ASSIGN(Relationship read, Get("p-1", "r"));
  EXPECT_EQ(read.name(), "partners/p-1/relationships/r");
  EXPECT_EQ(read.kind, RelationshipKind::kPayee);
  EXPECT_EQ(read.other(), "partners/p-2");
  EXPECT_EQ(read.valid.end, OpenEnd());
  read.valid = {*Date::Parse("2026-02-01"), *Date::Parse("2026-03-01")};
  read.revision = After(read.revision, kNow);
  ASSERT_OK(Do([&](mysql::Transaction& sql) { return store_.Update(sql, read); }));
  EXPECT_EQ(Get("p-1", "r")->valid, read.valid);
  EXPECT_EQ(Get("p-1", "r")->revision, read.revision);
  ASSERT_OK(Do([&](mysql::Transaction& sql) { return store_.Delete(sql, read, kNow); }));
  EXPECT_THAT(Get("p-1", "r"), HasReason(Reason::kNotFound));
  // Its id is given again: another resource, whose versions and times follow.
  ASSERT_OK(Create("p-1", "r", RelationshipKind::kParent, "p-3", "2026-01-01"));
  ASSERT_OK_AND_ASSIGN(const Relationship again, Get("p-1", "r"));
  EXPECT_EQ(again.kind, RelationshipKind::kParent);
  EXPECT_EQ(again.revision.version, 3);
  EXPECT_NE(again.revision.uid, read.revision.uid);
  EXPECT_GT(again.revision.create_time, read.revision.update_time);
}

TEST_F(RelationshipStoreTest, ListsByPartnerOtherAndDay) {
  ASSERT_OK(Create("p-1", "a", RelationshipKind::kParent, "p-9", "2026-01-01", "2026-02-01"));
  ASSERT_OK(Create("p-1", "b", RelationshipKind::kParent, "p-8", "2026-02-01"));
  ASSERT_OK(Create("p-2", "a", RelationshipKind::kBuyingGroup, "p-9", "2026-02-01"));
  ASSERT_OK(Create("p-2", "never", RelationshipKind::kPayee, "p-9", "2026-02-01", "2026-02-01"));
  EXPECT_THAT(Names("", {}), ElementsAre("p-1/a", "p-1/b", "p-2/a", "p-2/never"));
  EXPECT_THAT(Names("p-1", {}), ElementsAre("p-1/a", "p-1/b"));
  EXPECT_THAT(Names("", *Date::Parse("2026-01-31")), ElementsAre("p-1/a"));
  EXPECT_THAT(Names("", *Date::Parse("2026-02-01")), ElementsAre("p-1/b", "p-2/a"));
  EXPECT_THAT(Names("", *Date::Parse("2025-12-31")), IsEmpty());
  EXPECT_THAT(Names("", {}, "other_partner = \"partners/p-9\" AND kind = PARENT"), ElementsAre("p-1/a"));
  const auto with =
      Ask<std::vector<Relationship>>([&](mysql::Transaction& sql) { return store_.WithOther(sql, "p-9"); });
  ASSERT_OK(with);
  EXPECT_EQ(with->size(), 3u);
  const auto of = Ask<std::vector<Relationship>>([&](mysql::Transaction& sql) { return store_.OfPartner(sql, "p-2"); });
  ASSERT_OK(of);
  EXPECT_EQ(of->size(), 2u);
}

}  // namespace
}  // namespace tributary::partner
